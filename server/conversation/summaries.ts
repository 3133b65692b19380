import { DatabaseUnavailable } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { ProviderError } from '../llm/provider.ts'
import { sumUp, type EndedTurnOf, type SummingContext } from './sum-up.ts'

/** The time limit of one call has passed. */
const LATE = new Error('summing up took too long')

/**
 * Sums conversations up in the background: one job for each at a time, so many at once, and so many that wait. A job
 * that fails or finds no place is a line in the log; a later turn brings it again, and until then the oldest messages
 * are not read. Decides nothing: what may be saved is the statement's to say.
 */
export class Summaries {
  readonly #context: SummingContext
  readonly #log: Logger
  readonly #waiting: EndedTurnOf[] = []
  /** Conversations that wait or are worked on. */
  readonly #known = new Set<string>()
  readonly #workers = new Set<Promise<void>>()
  readonly #stopping = new AbortController()

  constructor(context: SummingContext, log: Logger) {
    this.#context = context
    this.#log = log
  }

  /** Sees to it that the conversation is summed up, if it is time to. */
  consider(job: EndedTurnOf): void {
    if (this.#stopping.signal.aborted || this.#known.has(job.conversationId)) return
    if (this.#waiting.length >= this.#context.memory.waiting) {
      this.#tell(job, 'queue_full')
      return
    }
    this.#known.add(job.conversationId)
    this.#waiting.push(job)
    if (this.#workers.size < this.#context.memory.atOnce) this.#begin()
  }

  /** Abandons what is worked on and what waits. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    while (this.#workers.size > 0) await Promise.all(this.#workers)
  }

  #begin(): void {
    const worker = this.#work().finally(() => {
      this.#workers.delete(worker)
      if (this.#waiting.length > 0) this.#begin()
    })
    this.#workers.add(worker)
  }

  async #work(): Promise<void> {
    for (let job = this.#waiting.shift(); job; job = this.#waiting.shift()) {
      await this.#sumUp(job).catch((error: unknown) => this.#tellFailure(job, error))
      this.#known.delete(job.conversationId)
    }
  }

  /** As many goes as it takes, up to a bound: what is left then waits for a later turn. */
  async #sumUp(job: EndedTurnOf): Promise<void> {
    for (let gulp = 0; gulp < this.#context.memory.gulps; gulp++) {
      const summed = await this.#gulp(job)
      if (summed === 'empty' || summed === 'refused') this.#tell(job, summed)
      if (summed !== 'saved') return
    }
  }

  async #gulp(job: EndedTurnOf): ReturnType<typeof sumUp> {
    const { signal } = this.#stopping
    if (signal.aborted) return 'done'
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(LATE), this.#context.memory.time)
    try {
      return await sumUp(this.#context, job, AbortSignal.any([signal, late.signal]))
    } finally {
      clearTimeout(timer)
    }
  }

  #tellFailure(job: EndedTurnOf, error: unknown): void {
    if (this.#stopping.signal.aborted) return
    if (error === LATE) this.#tell(job, 'timeout')
    else if (error instanceof ProviderError) this.#tell(job, error.code, error.message)
    else if (error instanceof DatabaseUnavailable) this.#tell(job, 'unavailable', error.message)
    else this.#log.error({ conversation_id: job.conversationId, err: error }, 'conversation not summed up')
  }

  #tell({ conversationId }: EndedTurnOf, code: string, reason?: string): void {
    const why = reason === undefined ? { code } : { code, reason }
    this.#log.warn({ conversation_id: conversationId, ...why }, 'conversation not summed up')
  }
}
