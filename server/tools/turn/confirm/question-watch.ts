import { abortable } from '../../../infra/abortable.ts'
import type { Logger } from '../../../infra/logger.ts'
import { WaitingRoom } from '../../../infra/waiting-room.ts'
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

/** The calls that wait for their visitors in this process. */
export class QuestionWatch {
  readonly #room: WaitingRoom<Waiting>

  constructor({ look, lookEvery, log }: QuestionWatchParts) {
    this.#room = new WaitingRoom({
      ...{ lookEvery, log, atOnce: AT_ONCE, what: 'questions' },
      look: async (some) => {
        const decided = await look(some.map(({ call_id }) => call_id))
        for (const { call_id, settle } of some) {
          const decision = decided.get(call_id)
          if (decision) settle(decision)
        }
      },
    })
  }

  /** Resolves when the question is decided: it expires, at the latest. Rejects with the signal's reason. */
  async decided(asked: Pick<Waiting, 'call_id' | 'conversation_id'>, signal: AbortSignal): Promise<Decision> {
    signal.throwIfAborted()
    const waiting: Waiting = { ...asked, settle: () => undefined }
    const settled = new Promise<Decision>((resolve) => (waiting.settle = resolve))
    this.#room.enter(waiting)
    this.#room.wake([waiting])
    try {
      return await abortable(settled, signal)
    } finally {
      this.#room.leave(waiting)
    }
  }

  /** Something has happened in a conversation that may have decided a question. */
  wake(conversationId: string): void {
    if (this.#room.here.size === 0) return
    this.#room.wake([...this.#room.here].filter(({ conversation_id: id }) => id === conversationId))
  }
}
