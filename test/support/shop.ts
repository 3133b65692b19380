import { createConversations, type ConversationHeart } from '../../server/conversation/index.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Message } from '../../protocol/records.ts'
import type { Database } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { createSearch } from '../../server/knowledge/search.ts'
import { createModels, type Models } from '../../server/llm/models.ts'
import type { Provider, SearchKnowledge } from '../../server/llm/provider.ts'
import { seedDemo } from '../../server/seed.ts'
import { silentLog } from './databases.ts'
import { makeSession } from './factories.ts'
import { Recorder } from './recorder.ts'

/** The demo shop with its help pages, and visitors who are answered by one model. */
export interface Shop {
  heart: ConversationHeart
  told: Recorder
  client_id: string
  /** A new visitor. */
  visitor(locale?: string): Promise<VisitorSession>
  /** Sends a message, of a new visitor where none is named, and waits for the end of its answer. */
  ask(text: string, visitor?: VisitorSession): Promise<Message>
  stop(): Promise<void>
}

export interface ShopChanges {
  tools?: AgentTools
  limits?: Partial<TurnLimits>
  search?: SearchKnowledge
  log?: Logger
  /** Several models instead of the one. */
  models?: Models
}

export async function openShop(
  database: Database,
  provider: Provider,
  changes: ShopChanges = {},
): Promise<Shop> {
  await seedDemo(database)
  const client_id = await findDemo(database)
  const told = new Recorder()
  const heart = createConversations({
    database,
    publisher: told,
    models: changes.models ?? createModels(provider),
    log: changes.log ?? silentLog,
    searchKnowledge: changes.search ?? createSearch(database),
    limits: { drain: 100, ...changes.limits },
    ...(changes.tools && { tools: changes.tools }),
  })
  await heart.start()
  let sent = 0
  const visitor = (locale = 'en') => makeSession(database, { id: client_id }, { locale })
  return {
    heart,
    told,
    client_id,
    visitor,
    async ask(text, by) {
      const session = by ?? (await visitor())
      await heart.conversations.receive(session, { client_message_id: `m${++sent}`, text })
      const { args } = await told.told.take(
        ({ to, event }) => to.session_id === session.id && event === 'reply:end',
      )
      return (args as [{ message: Message }])[0].message
    },
    stop: () => heart.stop(),
  }
}

const FIND_DEMO = { name: 'test/find-demo', text: `SELECT id FROM clients WHERE api_key = 'pk_demo'` }

async function findDemo(database: Database): Promise<string> {
  const [row] = await database.run<{ id: string }>(FIND_DEMO, [])
  return row!.id
}
