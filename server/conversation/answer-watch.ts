import type { ToolConfirm, WidgetEvents } from '../../protocol/widget.ts'
import type { CutOff, Holder, Speakers } from '../auth/cut-offs.ts'
import type { Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { WaitingRoom } from '../infra/waiting-room.ts'
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

/** The answers that requests wait for; what is told on this node says when to look for one. */
export class AnswerWatch implements Holder {
  readonly #parts: WatchParts
  readonly #room: WaitingRoom<Waiting>
  #draining = false

  constructor(parts: WatchParts) {
    this.#parts = parts
    const { database, limits, log } = parts
    this.#room = new WaitingRoom({
      ...{ lookEvery: limits.lookEvery, atOnce: limits.lookAtOnce, log, what: 'answers' },
      look: async (some) => {
        // Nothing can be found of a message before it was received.
        const received = some.filter((waiting) => waiting.received)
        if (received.length === 0) return
        const found = await findAnswers(
          database,
          received.map(({ asked }) => asked),
        )
        for (const [index, waiting] of received.entries()) waiting.found(found[index])
      },
    })
  }

  /** How many wait. */
  get size(): number {
    return this.#room.here.size
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
      if (TURNING_POINTS.has(event) && waiting.received) this.#room.wake([waiting])
    })
    this.#room.enter(waiting)
    listeners.join(asked.session_id, waiting)
    const timer = setTimeout(() => waiting.settle('timeout'), ms)
    void waiting.outcome.then(() => {
      clearTimeout(timer)
      listeners.leave(asked.session_id, waiting)
      this.#room.leave(waiting)
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
    return { clients: new Set([...this.#room.here].map(({ asked }) => asked.client_id)) }
  }

  cut({ kind, id }: CutOff): void {
    if (kind !== 'client') return
    for (const waiting of this.#room.here) if (waiting.asked.client_id === id) waiting.settle('cut')
  }

  /** Lets everybody go who waits, and whoever comes: another process will know. */
  drain(): void {
    this.#draining = true
    for (const waiting of this.#room.here) waiting.settle('draining')
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
  /** Its message: nothing can be found before. */
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
