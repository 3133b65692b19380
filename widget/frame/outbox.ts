import type { ErrorCode } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/records.ts'
import type { Result } from '../../protocol/result.ts'
import type { OutboxEntry } from '../bridge.ts'

/** Milliseconds before the second try of a message; doubled each time, up to the longest. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 30_000
/** Milliseconds that another tab has for sending its own messages. */
const OTHERS_TIME = 5_000

export interface OutboxPorts {
  /** Sends one message; must answer in bounded time, whatever the network does. */
  send(entry: OutboxEntry): Promise<Result<{ message: Message }>>
  /** Keeps an entry beyond the page's life, or lets go of it. */
  put(entry: OutboxEntry): void
  drop(clientMessageId: string): void
  onSent(message: Message): void
  onFailed(entry: OutboxEntry, code: ErrorCode): void
}

/**
 * Messages on their way, in order, one at a time, each sent until it is acked under the same id: the server makes
 * many arrivals one. What can never succeed is marked failed and lets the next one pass.
 */
export class Outbox {
  readonly #ports: OutboxPorts
  #waiting: OutboxEntry[] = []
  #connected = false
  #sending = false
  #pauses = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #others: ReturnType<typeof setTimeout> | undefined

  constructor(ports: OutboxPorts) {
    this.#ports = ports
  }

  /** Adds a message, or one that was kept from before; an id that is here already is not added twice. */
  add(entry: OutboxEntry): void {
    if (this.#waiting.some((held) => held.client_message_id === entry.client_message_id)) return
    this.#ports.put(entry)
    if (entry.failed !== undefined) return
    this.#waiting.push(entry)
    this.#pump()
  }

  /** What all tabs of the page keep. Of those who do not send theirs, `take` gets what is left. */
  watch(kept: readonly OutboxEntry[], take: (entry: OutboxEntry) => void): void {
    clearTimeout(this.#others)
    const left = kept.filter(({ failed }) => failed === undefined)
    this.#others = setTimeout(() => left.forEach(take), OTHERS_TIME)
  }

  /** Lets go of a message. One that is in flight may still arrive. */
  discard(clientMessageId: string): void {
    this.#remove(clientMessageId)
  }

  /** Whether messages can be sent now. A fresh connection tries at once, whatever pause was running. */
  setConnected(connected: boolean): void {
    if (connected && this.#connected) return
    this.#connected = connected
    this.#clearPause()
    this.#pauses = 0
    this.#pump()
  }

  close(): void {
    this.#connected = false
    clearTimeout(this.#others)
    this.#clearPause()
  }

  #pump(): void {
    const entry = this.#waiting[0]
    if (!entry || !this.#connected || this.#sending || this.#timer !== undefined) return
    this.#sending = true
    void this.#ports
      .send(entry)
      .then((answer) => this.#settle(entry, answer))
      .finally(() => {
        this.#sending = false
        this.#pump()
      })
  }

  #settle(entry: OutboxEntry, answer: Result<{ message: Message }>): void {
    if (answer.ok) {
      this.#pauses = 0
      this.#remove(entry.client_message_id)
      this.#ports.onSent(answer.data.message)
    } else if (answer.error.retryable) {
      this.#pause(answer.error.retry_after_ms)
    } else if (this.#waiting.includes(entry)) {
      this.#waiting = this.#waiting.filter((held) => held !== entry)
      this.#ports.put({ ...entry, failed: answer.error.code })
      this.#ports.onFailed(entry, answer.error.code)
    }
  }

  #pause(asked: number | undefined): void {
    const pause = asked ?? Math.min(FIRST_PAUSE * 2 ** this.#pauses, LONGEST_PAUSE)
    this.#pauses += 1
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#pump()
    }, pause)
  }

  #clearPause(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #remove(clientMessageId: string): void {
    this.#waiting = this.#waiting.filter((held) => held.client_message_id !== clientMessageId)
    this.#ports.drop(clientMessageId)
  }
}
