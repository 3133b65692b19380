import { setTimeout as delay } from 'node:timers/promises'
import type { AdminConversation } from '../../protocol/admin.ts'
import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import type { Presence } from '../../server/infra/redis/presence.ts'
import type { ChangeKind } from './inbox-change.ts'
import type { Inbox } from './inbox.ts'

/** How often Postgres is looked into while Redis is away, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** How far back each look reaches: a commit becomes visible after its time. */
const REACH_MS = 5_000

export interface InboxCatchUpParts {
  agents: Pick<AgentConversations, 'recent'>
  presence: Pick<Presence, 'on' | 'isHere'>
  inbox: Inbox
  log: Logger
}

/**
 * While Redis is away, and for a while after it is back, who watches the inbox is told from Postgres what other nodes
 * have changed. Gives what ends it.
 */
export function catchUpInbox(parts: InboxCatchUpParts): { stop(): Promise<void> } {
  const { presence, inbox } = parts
  const stopped = new AbortController()
  let looking: Promise<void> | null = null
  let changedAt = 0

  async function lookWhileUnsure(): Promise<void> {
    const told = new Map<string, string>()
    do {
      if (!inbox.isEmpty()) await lookOnce(parts, told)
      await delay(LOOK_EVERY_MS, undefined, { signal: stopped.signal }).catch(() => undefined)
    } while (!stopped.signal.aborted && (!presence.isHere || performance.now() - changedAt < REACH_MS))
  }
  const begin = () => {
    changedAt = performance.now()
    looking ??= lookWhileUnsure().finally(() => (looking = null))
  }
  presence.on('away', begin)
  presence.on('back', begin)

  return {
    async stop() {
      stopped.abort()
      await looking
    },
  }
}

/** Tells of those that are not as they were `told` before. */
async function lookOnce({ agents, inbox, log }: InboxCatchUpParts, told: Map<string, string>): Promise<void> {
  try {
    const found = await agents.recent(REACH_MS)
    const before = new Map(told)
    told.clear()
    for (const conversation of found) {
      const now = JSON.stringify(conversation)
      told.set(conversation.id, now)
      if (before.get(conversation.id) !== now) inbox.tell(conversation, kindOf(conversation))
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'the inbox lags behind')
    else log.error({ err: error }, 'the inbox lags behind')
  }
}

function kindOf({ state, message_count }: AdminConversation): ChangeKind {
  if (state === 'ended') return 'ended'
  return message_count <= 1 ? 'opened' : 'updated'
}
