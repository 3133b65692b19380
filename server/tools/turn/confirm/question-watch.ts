import { abortable } from '../../../infra/abortable.ts'
import { DatabaseUnavailable } from '../../../infra/database.ts'
import type { Logger } from '../../../infra/logger.ts'
import type { Decision } from './question.ts'

export interface QuestionWatchParts {
  /** Says what was decided of questions, by `call_id`. */
  look: (callIds: readonly string[]) => Promise<Map<string, Decision>>
  /** How often what waits is looked at, in milliseconds. */
  lookEvery: number
  log: Logger
}

/** A call that waits for its visitor. */
interface Waiting {
  call_id: string
  conversation_id: string
  settle: (decision: Decision) => void
}

/** Looked at together at most. */
const AT_ONCE = 500

/**
 * The calls that wait for their visitors in this process. Postgres says what was decided; being woken, and a look each
 * `lookEvery` for what nobody tells, say when to ask it. All that wait are looked at together.
 */
export class QuestionWatch {
  readonly #parts: QuestionWatchParts
  readonly #waiting = new Set<Waiting>()
  readonly #due = new Set<Waiting>()
  #timer: NodeJS.Timeout | null = null
  #looking = false

  constructor(parts: QuestionWatchParts) {
    this.#parts = parts
  }

  /** Resolves when the question is decided: it expires, at the latest. Rejects with the signal's reason. */
  async decided(asked: Pick<Waiting, 'call_id' | 'conversation_id'>, signal: AbortSignal): Promise<Decision> {
    signal.throwIfAborted()
    const waiting: Waiting = { ...asked, settle: () => undefined }
    const settled = new Promise<Decision>((resolve) => (waiting.settle = resolve))
    this.#waiting.add(waiting)
    this.#timer ??= setInterval(() => this.#wake(this.#waiting), this.#parts.lookEvery)
    this.#wake([waiting])
    try {
      return await abortable(settled, signal)
    } finally {
      this.#forget(waiting)
    }
  }

  /** Something has happened in a conversation that may have decided a question. */
  wake(conversationId: string): void {
    if (this.#waiting.size === 0) return
    this.#wake([...this.#waiting].filter(({ conversation_id: id }) => id === conversationId))
  }

  #wake(some: Iterable<Waiting>): void {
    for (const waiting of some) this.#due.add(waiting)
    if (!this.#looking) void this.#lookUp()
  }

  /** One statement at a time: what becomes due meanwhile is looked at together. */
  async #lookUp(): Promise<void> {
    this.#looking = true
    try {
      while (this.#due.size > 0) await this.#lookAt([...this.#due].slice(0, AT_ONCE))
    } catch (error) {
      // The next look asks again.
      this.#due.clear()
      const { log } = this.#parts
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'no questions looked at')
      else log.error({ err: error }, 'no questions looked at')
    } finally {
      this.#looking = false
    }
  }

  async #lookAt(batch: readonly Waiting[]): Promise<void> {
    for (const waiting of batch) this.#due.delete(waiting)
    const decided = await this.#parts.look(batch.map(({ call_id }) => call_id))
    for (const { call_id, settle } of batch) {
      const decision = decided.get(call_id)
      if (decision) settle(decision)
    }
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting)
    this.#due.delete(waiting)
    if (this.#waiting.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }
}
