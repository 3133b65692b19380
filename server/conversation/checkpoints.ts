import { setTimeout as delay } from 'node:timers/promises'
import { KEYS } from '../infra/keys.ts'
import type { Pieces } from '../infra/pieces.ts'
import type { ClaimedTurn } from './claim.ts'
import { KeptReply, type Checkpoint } from './kept-reply.ts'
import { Slots } from './slots.ts'

/** One attempt of a turn: nothing of another is ever taken for it. */
export type Attempt = Pick<ClaimedTurn, 'to' | 'turn' | 'attempt' | 'epoch'>

/** What an attempt had said when it was last kept. */
export interface Said {
  text: string
  /** The last visitor message that the model was asked about. */
  answersTo: number
}

/** Times in milliseconds. */
export const CHECKPOINT_LIMITS = {
  /** What was said is kept after this long ... */
  every: 250,
  /** ... or up to so much longer, for it is kept together with what else is due then ... */
  together: 50,
  /** ... or as soon as it is so many UTF-16 units more. */
  upTo: 1_024,
  /** How long a dead node's words stay. A living one drops its own. */
  keptFor: 3_600_000,
  /** Who asks for them waits no longer than this. */
  readWithin: 500,
} as const

/**
 * What running replies have said so far, kept beside their owners' memory for whoever must end a turn in place of an
 * owner that is silent. Never waited for by the owner.
 */
export interface Checkpoints {
  /** How often something could not be kept. */
  readonly failures: number
  /** Keeps what this attempt says, from here on. */
  open(attempt: Attempt): Checkpoint
  /** The last that was kept of exactly this attempt; null where nothing of it is to be had. */
  last(attempt: Attempt): Promise<Said | null>
  /** Forgets what was kept of the conversation's turns. */
  drop(conversationId: string): void
}

/** There is nobody who could read them. */
export const NO_CHECKPOINTS: Checkpoints = {
  failures: 0,
  open: () => ({ keep: () => undefined, close: () => undefined, drop: () => undefined }),
  last: () => Promise.resolve(null),
  drop: () => undefined,
}

export function createCheckpoints(
  pieces: Pieces,
  limits: { [Name in keyof typeof CHECKPOINT_LIMITS]: number } = CHECKPOINT_LIMITS,
): Checkpoints {
  let failures = 0
  const slots = new Slots(limits.together)
  return {
    get failures() {
      return failures
    },
    open: (attempt) =>
      new KeptReply({
        ...{ pieces, limits, slots },
        key: KEYS.reply(attempt.to.conversation_id),
        tag: tagOf(attempt),
        hasLeftovers: attempt.attempt > 1,
        failed: () => failures++,
      }),
    async last(attempt) {
      const timer = new AbortController()
      const late = delay(limits.readWithin, {}, { signal: timer.signal }).catch(() => ({}))
      try {
        const kept = await Promise.race([pieces.all(KEYS.reply(attempt.to.conversation_id)), late])
        return putTogether(kept, tagOf(attempt))
      } finally {
        timer.abort()
      }
    },
    drop: (conversationId) => {
      pieces.drop(KEYS.reply(conversationId))
    },
  }
}

function tagOf({ turn, attempt, epoch }: Attempt): string {
  return `${turn}.${attempt}.${epoch}`
}

/** Pieces may overlap; what comes after a hole is left out. */
function putTogether(kept: Readonly<Record<string, string>>, tag: string): Said | null {
  const pieces = Object.entries(kept)
    .filter(([name]) => name.startsWith(`${tag}.`))
    .map(([name, text]) => {
      const [answersTo = 0, offset = 0] = name
        .slice(tag.length + 1)
        .split('.')
        .map(Number)
      return { answersTo, offset, text }
    })
    .sort((a, b) => a.offset - b.offset)
  const said: Said = { text: '', answersTo: 0 }
  for (const { answersTo, offset, text } of pieces) {
    if (offset > said.text.length) break
    said.text += text.slice(said.text.length - offset)
    said.answersTo = answersTo
  }
  return said.text === '' ? null : said
}
