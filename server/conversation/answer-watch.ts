import type { ToolConfirm, WidgetEvents } from '../../protocol/widget.ts'
import type { CutOff, Holder, Speakers } from '../auth/cut-offs.ts'
import { DatabaseUnavailable, type Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { findAnswers, type Answer, type AskedMessage, type FoundMessage } from './find-answers.ts'
import type { AnswerLimits } from './answer-limits.ts'
import type { Address, Listener, Listeners } from './publisher.ts'

/**
 * Why nobody waits any more. `gone`: whoever waited; `draining`: this process is about to be; `cut`: the client is not
 * active any more.
 */
export type GivenUp = 'timeout' | 'gone' | 'draining' | 'cut'

/** The answer waits for its visitor to say yes or no to calls. */
export interface AwaitedYes {
  confirming: ToolConfirm[]
}

/** One request that waits for the answer to one message. */
export interface AwaitedAnswer<Outcome = Answer> {
  /**
   * Looks what has become of the message, once it was received, and goes on looking from here on. Rejects with
   * `DatabaseUnavailable`; gives undefined where no such message was received.
   */
  look(): Promise<FoundMessage | undefined>
  /** Never rejects. */
  readonly outcome: Promise<Outcome | GivenUp>
  /** Settles the outcome, where it is not known yet, and frees everything. */
  giveUp(why: GivenUp): void
}

export interface WatchParts {
  database: Pick<Database, 'run'>
  listeners: Listeners
  limits: AnswerLimits
  log: Logger
}

/**
 * The answers that requests wait for. Postgres says what they are; what is told on this node, and a look each second
 * for what happens on others, says when to ask it. All that wait are looked up together.
 */
export class AnswerWatch implements Holder {
  readonly #parts: WatchParts
  readonly #waiting = new Set<Waiting>()
  readonly #due = new Set<Waiting>()
  #timer: NodeJS.Timeout | null = null
  #looking = false
  #draining = false

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.size
  }

  /**
   * Begins to listen: before the message is received, so that nothing is missed. Gives up after `ms`. `untilAsked`: who
   * waits wants to know when the visitor is asked something.
   */
  begin(asked: AskedMessage & { client_id: string }, ms: number): AwaitedAnswer
  begin(asked: Waiting['asked'], ms: number): AwaitedAnswer<Answer | AwaitedYes>
  begin(asked: Waiting['asked'], ms: number): AwaitedAnswer<Answer | AwaitedYes> {
    const { listeners, database } = this.#parts
    const waiting = new Waiting(asked, (event) => {
      if (TURNING_POINTS.has(event)) this.#wake(waiting)
    })
    this.#waiting.add(waiting)
    listeners.join(asked.session_id, waiting)
    this.#timer ??= setInterval(() => this.#wakeAll(), this.#parts.limits.lookEvery)
    const timer = setTimeout(() => waiting.settle('timeout'), ms)
    void waiting.outcome.then(() => {
      clearTimeout(timer)
      listeners.leave(asked.session_id, waiting)
      this.#forget(waiting)
    })
    if (this.#draining) waiting.settle('draining')
    return {
      outcome: waiting.outcome,
      giveUp: (why) => waiting.settle(why),
      look: async () => {
        waiting.received = true
        const [found] = await findAnswers(database, [asked])
        waiting.found(found)
        return found
      },
    }
  }

  held(): Speakers {
    return { clients: new Set([...this.#waiting].map(({ asked }) => asked.client_id)) }
  }

  cut({ kind, id }: CutOff): void {
    if (kind !== 'client') return
    for (const waiting of this.#waiting) if (waiting.asked.client_id === id) waiting.settle('cut')
  }

  /** Lets everybody go who waits, and whoever comes: another process will know. */
  drain(): void {
    this.#draining = true
    for (const waiting of this.#waiting) waiting.settle('draining')
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting)
    this.#due.delete(waiting)
    if (this.#waiting.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #wakeAll(): void {
    for (const waiting of this.#waiting) this.#wake(waiting)
  }

  #wake(waiting: Waiting): void {
    if (!waiting.received) return
    this.#due.add(waiting)
    if (!this.#looking) void this.#lookUp()
  }

  /** One statement at a time: what becomes due meanwhile is looked up together. */
  async #lookUp(): Promise<void> {
    this.#looking = true
    // One event may wake many.
    await Promise.resolve()
    try {
      while (this.#due.size > 0) await this.#lookAt(this.#takeDue())
    } catch (error) {
      // The next second asks again.
      this.#due.clear()
      const { log } = this.#parts
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'no answers looked up')
      else log.error({ err: error }, 'no answers looked up')
    } finally {
      this.#looking = false
    }
  }

  #takeDue(): Waiting[] {
    const taken = [...this.#due].slice(0, this.#parts.limits.lookAtOnce)
    for (const waiting of taken) this.#due.delete(waiting)
    return taken
  }

  async #lookAt(batch: readonly Waiting[]): Promise<void> {
    const found = await findAnswers(
      this.#parts.database,
      batch.map(({ asked }) => asked),
    )
    for (const [index, waiting] of batch.entries()) waiting.found(found[index])
  }
}

type EventName = keyof WidgetEvents

/** What an answer may come with; all else is its text. */
const TURNING_POINTS: ReadonlySet<EventName> = new Set<EventName>([
  'reply:end',
  'conversation:ended',
  'agent:joined',
  'agent:left',
  'tool:confirm',
])

class Waiting implements Listener {
  readonly asked: AskedMessage & { client_id: string; untilAsked?: true }
  readonly outcome: Promise<Answer | AwaitedYes | GivenUp>
  /** Nothing can be found before. */
  received = false
  settle: (outcome: Answer | AwaitedYes | GivenUp) => void = () => undefined
  readonly #heard: (event: EventName) => void

  constructor(asked: Waiting['asked'], heard: (event: EventName) => void) {
    this.asked = asked
    this.#heard = heard
    this.outcome = new Promise((resolve) => (this.settle = resolve))
  }

  found(message: FoundMessage | undefined): void {
    if (!message) return
    const { answer, confirming } = message
    if (answer) this.settle(answer)
    else if (this.asked.untilAsked === true && confirming.length > 0) this.settle({ confirming })
  }

  tell<E extends EventName>(...[, event]: [Address, E, ...Parameters<WidgetEvents[E]>]): void {
    this.#heard(event)
  }
}
