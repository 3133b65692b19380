import { randomUUID } from 'node:crypto'
import {
  createConversations,
  type ConversationHeart,
  type ConversationParts,
} from '../../server/conversation/index.ts'
import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import type { Conversations } from '../../server/conversation/conversations.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Database } from '../../server/infra/database.ts'
import { createModels } from '../../server/llm/models.ts'
import { silentLog } from './databases.ts'
import { Recorder } from './recorder.ts'
import { ScriptedProvider } from './scripted-provider.ts'

/** One node's heart, with a model that the test speaks for and a record of all that was told. */
export interface TestNode {
  conversations: Conversations
  agents: AgentConversations
  provider: ScriptedProvider
  told: Recorder
  stop(): Promise<void>
}

/** Times short enough for a test that waits for a lease to lapse. */
export const HASTY: Partial<TurnLimits> = {
  lease: 1_200,
  renewEvery: 150,
  silentAfter: 900,
  reapEvery: 50,
  drain: 100,
  endRetry: 20,
}

type Changes = Partial<
  Pick<
    ConversationParts,
    | 'tools'
    | 'handOver'
    | 'turnEnded'
    | 'searchKnowledge'
    | 'memory'
    | 'cache'
    | 'locks'
    | 'pieces'
    | 'log'
    | 'models'
  >
> & {
  limits?: Partial<TurnLimits>
}

/** The database as one of several nodes has it, also where the test's own is embedded. */
export function sharedWithOthers(database: Database): Database {
  return {
    sequelize: database.sequelize,
    exclusive: false,
    run: (statement, values) => database.run(statement, values),
    transaction: (work) => database.transaction(work),
    ping: () => database.ping(),
    close: () => Promise.resolve(),
  }
}

export async function startNode(database: Database, changes: Changes = {}): Promise<TestNode> {
  const provider = new ScriptedProvider()
  const told = new Recorder()
  const heart: ConversationHeart = createConversations({
    database,
    publisher: told,
    models: createModels(provider),
    log: silentLog,
    ...changes,
    limits: { drain: 100, ...changes.limits },
  })
  await heart.start()
  const { conversations, agents } = heart
  return { conversations, agents, provider, told, stop: () => heart.stop() }
}

const ADD_SESSION = {
  name: 'test/add-session',
  text: `
    WITH c AS (INSERT INTO clients (name, api_key) VALUES ('Acme', $1) RETURNING id),
      v AS (INSERT INTO visitors (client_id) SELECT id FROM c RETURNING id, client_id)
    INSERT INTO sessions (id, client_id, visitor_id, token_hash)
    SELECT $2::uuid, client_id, id, '\\x00' FROM v RETURNING client_id, visitor_id`,
}

/** A visitor of a client of its own. */
export async function makeVisitor(database: Database): Promise<VisitorSession> {
  const id = randomUUID()
  const rows = await database.run<{ client_id: string; visitor_id: string }>(ADD_SESSION, [`pk_${id}`, id])
  return { id, ...rows[0]!, user_identifier: null, proven: false, locale: 'en' }
}

/** What is kept of a visitor's conversations, in the order of the conversations and then of `order`. */
export async function keptOf<Row extends object>(
  database: Database,
  visitor: { id: string },
  table: 'messages' | 'turns' | 'turn_steps',
  order: 'seq' | 'number' | 'step',
): Promise<Row[]> {
  const [rows] = await database.sequelize.query(
    `SELECT t.* FROM ${table} t JOIN conversations c ON c.id = t.conversation_id
     WHERE c.session_id = $1 ORDER BY c.started_at, t.${order}`,
    { bind: [visitor.id] },
  )
  return rows as Row[]
}

/** The rows of a table in which `column` has this value. */
export async function rowsWhere<Row extends object>(
  database: Database,
  table: string,
  column: string,
  value: string,
): Promise<Row[]> {
  const [rows] = await database.sequelize.query(`SELECT * FROM ${table} WHERE ${column} = $1`, {
    bind: [value],
  })
  return rows as Row[]
}
