import type { Message } from '../protocol/records.ts'
import type { WidgetEvents } from '../protocol/widget.ts'
import type { Address, Publisher } from '../server/conversation/publisher.ts'

/** Hears how replies end, and nothing else. */
export class Ends implements Publisher {
  readonly #waiting = new Map<string, (message: Message) => void>()

  /** The message that ends the next reply of a session. */
  next(sessionId: string): Promise<Message> {
    return new Promise((resolve) => this.#waiting.set(sessionId, resolve))
  }

  publish<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (event !== 'reply:end') return
    const [{ message }] = args as Parameters<WidgetEvents['reply:end']>
    this.#waiting.get(to.session_id)?.(message)
    this.#waiting.delete(to.session_id)
  }
  publishTool(): void {
    return
  }

  publishToInbox(): void {
    return
  }

  publishVisitorTyping(): void {
    return
  }
}
