import { setTimeout as delay } from 'node:timers/promises'
import { readMessagesWithin, type SavedMessage } from '../../server/conversation/missed.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import { readQuestionsWithin, type ChangedQuestion } from '../../server/tools/turn/confirm/changed.ts'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import type { Presence } from '../../server/infra/redis/presence.ts'
import type { Told, ToldOfTool } from './frames.ts'

/** How often Postgres is looked into while Redis is away, in milliseconds. */
const LOOK_EVERY_MS = 1_000

/** How far back each look reaches: a commit becomes visible after its time. */
const REACH_MS = 5_000

/** Sessions that one statement looks after. */
const AT_ONCE = 2_000

export interface CatchUpParts {
  database: Pick<Database, 'run'>
  presence: Pick<Presence, 'on' | 'isHere'>
  /** The sessions that somebody listens to here. */
  sessions: () => string[]
  tell: (to: Address, told: Told | ToldOfTool) => void
  log: Logger
}

export interface CatchUp {
  /** Looks once for what one session may have missed in the last so many milliseconds. */
  look(sessionId: string, withinMs: number): void
  /** Looks for nothing any more. */
  stop(): Promise<void>
}

/**
 * While Redis is away, and for a while after it is back, what other nodes have saved is found in Postgres and told from
 * there. A message may be told twice then, under the `seq` by which its reader knows it, and so may a question.
 */
export function catchUp(parts: CatchUpParts): CatchUp {
  const { presence } = parts
  const stopped = new AbortController()
  let looking: Promise<void> | null = null
  let changedAt = 0

  async function lookWhileUnsure(): Promise<void> {
    do {
      await lookOnce(parts, parts.sessions(), REACH_MS)
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
    look: (sessionId, withinMs) => void lookOnce(parts, [sessionId], withinMs + REACH_MS),
    async stop() {
      stopped.abort()
      await looking
    },
  }
}

async function lookOnce(
  { database, tell, log }: CatchUpParts,
  sessions: string[],
  withinMs: number,
): Promise<void> {
  try {
    for (let from = 0; from < sessions.length; from += AT_ONCE) {
      const some = sessions.slice(from, from + AT_ONCE)
      for (const saved of await readMessagesWithin(database, some, withinMs)) tell(saved.to, toldOf(saved))
      for (const changed of await readQuestionsWithin(database, some, withinMs))
        tell(changed.to, toldOfQuestion(changed))
    }
  } catch (error) {
    if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'nothing caught up with')
    else log.error({ err: error }, 'nothing caught up with')
  }
}

function toldOfQuestion({ question, decided }: ChangedQuestion): Told {
  return decided ? { event: 'tool:confirmed', args: [decided] } : { event: 'tool:confirm', args: [question] }
}

function toldOf({ message, watched }: SavedMessage): Told | ToldOfTool {
  if (watched.role === 'tool')
    return { event: 'message:created', told: { seen: { message }, message: watched } }
  return message.role === 'assistant' && message.turn !== undefined
    ? { event: 'reply:end', args: [{ turn: message.turn, message }] }
    : { event: 'message:created', args: [{ message }] }
}
