import { randomUUID } from 'node:crypto'
import type { AnswerStatus } from '../../protocol/records.ts'
import { promptVersion } from '../agent/prompts/index.ts'
import type { ModelCall, NamedModel } from '../llm/models.ts'
import type { ClaimedTurn } from './claim.ts'
import type { LiveReply } from './live-reply.ts'
import type { TurnPrompt } from './prompt.ts'

/** Why a running turn was broken off. `lost`: the lease is gone, and nothing of it may be said or saved. */
export type Interruption = 'stopped' | 'interrupted' | 'lost'

/** A call of the model was broken off because one more message joins the turn. */
export const JOINED = Symbol('a further message joined the turn')

/** One turn while this process runs it: its text, what has been written since, and how it is broken off. */
export class RunningTurn {
  readonly claimed: ClaimedTurn
  readonly reply: LiveReply
  readonly startedAt = performance.now()
  /** The id of the row that will end it, if this process does. */
  readonly messageId = randomUUID()
  /** Resolves when this process is done with the turn, whatever has become of it. */
  readonly finished: Promise<void>
  /** What the model was asked, the last time. */
  prompt: TurnPrompt | null = null
  /** Which words the model was given, the last time. */
  promptVersion = promptVersion(null)
  firstTokenMs: number | null = null
  /** What the calls of models came to so far, those that were broken off too. */
  readonly spent: ModelCall[] = []
  /** Under which key the answer may be given again, and who has given it. */
  repeatable: { key: string; by: NamedModel } | null = null
  /** Who had given the answer, where it is given again. */
  repeats: NamedModel | null = null
  /** Milliseconds until the visitor may be answered again, where it may not be now. */
  waits: number | null = null
  /** It is not to be run here any more, but elsewhere. */
  isLeft = false
  /** Its end was told before this process heard of it. */
  hushed = false
  #newest: number
  #spoke = false
  #joinsLeft: number
  #interruption: Interruption | null = null
  readonly #turn = new AbortController()
  #call: AbortController | null = null
  #finish: () => void = () => undefined
  readonly #awaits: (turn: RunningTurn, isAwaiting: boolean) => void

  /** `awaits` is told when the turn comes to do nothing but wait for its visitor, and when it does something again. */
  constructor(
    claimed: ClaimedTurn,
    reply: LiveReply,
    { joins, awaits }: { joins: number; awaits: (turn: RunningTurn, isAwaiting: boolean) => void },
  ) {
    this.claimed = claimed
    this.reply = reply
    this.#newest = claimed.upTo
    this.#joinsLeft = joins
    this.#awaits = awaits
    this.finished = new Promise((resolve) => (this.#finish = resolve))
  }

  /** Aborts when the turn is broken off. */
  get signal(): AbortSignal {
    return this.#turn.signal
  }

  /** The last visitor message that the model was asked about; 0 before it was asked. */
  get answersTo(): number {
    return this.prompt?.answersTo ?? 0
  }

  get interruption(): Interruption | null {
    return this.#interruption
  }

  /** The last visitor message that is known here. */
  get newest(): number {
    return this.#newest
  }

  /** Text or a tool call has come out: from here on, messages wait for the next turn. */
  get spoke(): boolean {
    return this.#spoke
  }

  /** A visitor message was saved while this turn runs. It joins, unless something has been said already. */
  join(seq: number): void {
    this.#newest = Math.max(this.#newest, seq)
    if (this.#spoke || this.#joinsLeft === 0 || seq <= this.answersTo) return
    if (!this.#call || this.#call.signal.aborted) return
    this.#joinsLeft--
    this.#call.abort(JOINED)
  }

  interrupt(kind: Interruption): void {
    if (this.#interruption === 'lost' || (this.#interruption && kind !== 'lost')) return
    this.#interruption = kind
    this.#turn.abort(new Error(`The turn was ${kind}`))
    this.#call?.abort(this.#turn.signal.reason)
  }

  /** Its calls do nothing but wait for the visitor's yes, or do something again. */
  awaits(isAwaiting: boolean): void {
    this.#awaits(this, isAwaiting)
  }

  /** Lets another node go on with it. */
  leave(): void {
    this.isLeft = true
    this.interrupt('lost')
  }

  /** Nothing of this turn is said or saved here any more. */
  finish(): void {
    this.reply.close()
    this.#finish()
  }

  /** The signal of one more call of the model. */
  ask(prompt: TurnPrompt): AbortSignal {
    this.#turn.signal.throwIfAborted()
    this.prompt = prompt
    this.#call = new AbortController()
    return this.#call.signal
  }

  say(text: string): void {
    if (this.#interruption) return
    this.speaks()
    // Postgres keeps no NUL, and nobody reads one.
    this.reply.append(text.includes('\0') ? text.replaceAll('\0', '') : text)
  }

  speaks(): void {
    if (this.#spoke) return
    this.#spoke = true
    this.firstTokenMs = Math.round(performance.now() - this.startedAt)
  }

  /**
   * The last message that an end of this kind answers: what the model had read; what nobody read because the visitor
   * broke the turn off before its first word is answered too, by silence.
   */
  endsAt(status: AnswerStatus): number {
    const brokenOff = status === 'stopped' || status === 'interrupted'
    const unread = this.answersTo === 0 || (brokenOff && !this.#spoke)
    return unread ? Math.max(this.#newest, this.answersTo) : this.answersTo
  }
}
