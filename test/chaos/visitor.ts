import type { Message } from '../../protocol/records.ts'
import type { ChatReply } from '../../protocol/chat.ts'
import type { Random } from '../heart/random.ts'
import { questionOf } from './answers.ts'
import type { HistoryBook } from './history.ts'
import { askOnce } from './http.ts'
import { SocketTab } from './socket-tab.ts'
import { StreamTab } from './stream-tab.ts'
import type { Session, Tab, TabParts } from './tab.ts'

/** Milliseconds; between two numbers, chance decides. */
const PAUSE_BETWEEN_MESSAGES = [500, 6_000] as const
const PAUSE_AFTER_FAILURE = [100, 500] as const
const CHANCE = { twice: 0.15, swapped: 0.1, oneMore: 0.2, waits: 0.2 }
const SESSION_WITHIN = 4_000
const ANSWER_WITHIN = 60_000

/** `sockets`: one tab or two, each on whichever node takes it; `stream`: no socket at all. */
export type Means = 'socket' | 'two sockets' | 'socket and stream' | 'stream'

export interface VisitorParts {
  url: string
  name: string
  means: Means
  random: Random
  book: HistoryBook
}

interface Written {
  id: string
  text: string
}

/**
 * A visitor who writes, and does not give up: each message is sent under the same id until it is acked, over whichever
 * tab is open. Sometimes it sends twice at once, or two in the wrong order, or stops a reply.
 */
export class ChaosVisitor {
  readonly name: string
  readonly tabs: Tab[] = []
  readonly outbox: Written[] = []
  session: Session | null = null
  readonly #parts: VisitorParts
  readonly #random: Random
  readonly #timers = new Set<NodeJS.Timeout>()
  #sending = false
  #written = 0
  #writing = true
  #left = false

  constructor(parts: VisitorParts) {
    this.name = parts.name
    this.#parts = parts
    this.#random = parts.random
  }

  begin(): void {
    const { means } = this.#parts
    if (means === 'stream') void this.#beginSession()
    else this.#open(SocketTab)
    this.#soon(PAUSE_BETWEEN_MESSAGES, () => this.#write())
  }

  stopWriting(): void {
    this.#writing = false
  }

  leave(): void {
    this.#left = true
    for (const timer of this.#timers) clearTimeout(timer)
    for (const tab of this.tabs) tab.leave()
  }

  stopReading(ms: number): void {
    if (this.tabs.length > 0) this.#random.pick(this.tabs).stopReading(ms)
  }

  /** What it still waits for; null when nothing. */
  waitsFor(): string | null {
    if (this.outbox.length > 0) return 'an ack'
    for (const { isReady, transcript, parts } of this.tabs) {
      const where = `, in ${parts.name}`
      if (!isReady) return `a connection${where}`
      if (transcript.hasHoles) return `messages that it lacks${where}`
      if (transcript.runningTurn !== null) return `the end of turn ${transcript.runningTurn}${where}`
      const owed = owedTo([...transcript.messages.values()])
      if (owed !== null) return `the answer to ${owed}${where}`
    }
    const sizes = new Set(this.tabs.map(({ transcript }) => transcript.messages.size))
    return sizes.size > 1 ? 'one tab to hear what another has' : null
  }

  #open(Kind: new (parts: TabParts) => Tab): void {
    const { url, book } = this.#parts
    const tab = new Kind({
      ...{ url, book, visitor: this.name, random: this.#random.fork() },
      name: `${this.name}/${this.tabs.length + 1}`,
      session: () => this.session,
      begun: (session) => {
        this.#begun(session)
      },
      welcomed: () => {
        if (this.tabs.length === 1) this.#openSecond()
        void this.#pump()
      },
    })
    this.tabs.push(tab)
    tab.connect()
  }

  #openSecond(): void {
    const { means } = this.#parts
    if (means === 'two sockets') this.#open(SocketTab)
    else if (means === 'socket and stream') this.#open(StreamTab)
  }

  #begun(session: Session): void {
    this.session = session
    this.#parts.book.note(this.name, { op: 'is', session: session.session_id })
  }

  async #beginSession(): Promise<void> {
    const body = { client_api_key: 'pk_demo' }
    const asked = { method: 'POST', body, within: SESSION_WITHIN } as const
    const answer = await askOnce(`${this.#parts.url}/api/v1/sessions/start`, asked)
    if (this.#left) return
    if (answer?.status !== 200 && answer?.status !== 201) {
      this.#soon(PAUSE_AFTER_FAILURE, () => this.#beginSession())
      return
    }
    this.#begun(answer.body as Session)
    this.#open(StreamTab)
  }

  #write(): void {
    if (!this.#writing) return
    do {
      const id = `${this.name}.${++this.#written}`
      this.outbox.push({ id, text: questionOf(id, this.#random) })
    } while (this.#random.chance(CHANCE.oneMore))
    void this.#pump()
    this.#soon(PAUSE_BETWEEN_MESSAGES, () => this.#write())
  }

  /** Sends what waits until it is acked: in order, or two at once and the later one first. */
  async #pump(): Promise<void> {
    if (this.#sending) return
    this.#sending = true
    try {
      for (let next = this.outbox[0]; next && this.#canSend && !this.#left; next = this.outbox[0]) {
        const second = this.outbox[1]
        const together = second && this.#random.chance(CHANCE.swapped) ? [second, next] : [next]
        const done = await Promise.all(together.map((one) => this.#send(one)))
        for (const [index, one] of together.entries())
          if (done[index]) this.outbox.splice(this.outbox.indexOf(one), 1)
        if (done.includes(false)) await this.#pause(PAUSE_AFTER_FAILURE)
      }
    } finally {
      this.#sending = false
    }
  }

  get #canSend(): boolean {
    return this.tabs.some(({ isReady }) => isReady)
  }

  /** True when the message needs not be sent again. */
  async #send(one: Written): Promise<boolean> {
    const { book } = this.#parts
    book.note(this.name, { op: 'sends', ...one })
    const ready = this.tabs.filter(({ isReady }) => isReady)
    if (ready.length === 0) return false
    const tab = this.#random.pick(ready)
    if (tab instanceof StreamTab && this.#random.chance(CHANCE.waits)) void this.#chat(one)
    const twice = this.#random.chance(CHANCE.twice) ? [this.#random.pick(ready)] : []
    const done = await Promise.all([tab, ...twice].map((one_of) => this.#sendOver(one_of, one)))
    return done.includes(true)
  }

  async #sendOver(tab: Tab, { id, text }: Written): Promise<boolean> {
    const { book } = this.#parts
    const answer = await tab.ask('message:send', { client_message_id: id, text })
    if (answer === null) {
      book.note(this.name, { op: 'unacked', id })
      tab.renew('a message was not acked')
    } else if (answer.ok) {
      tab.acked(id, answer.data.message)
    } else {
      const { code, retryable } = answer.error
      book.note(this.name, { op: 'refused', id, code, retryable })
    }
    return answer?.ok === true
  }

  /** The same message once more, by the request that waits for its answer. */
  async #chat({ id, text }: Written): Promise<void> {
    const { session } = this
    if (!session) return
    const { session_id, session_token } = session
    const answer = await askOnce(`${this.#parts.url}/api/v1/chat`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session_token}` },
      body: { client_api_key: 'pk_demo', session_id, message: text, client_message_id: id },
      within: ANSWER_WITHIN,
    })
    if (answer?.status !== 200) return
    const { message } = answer.body as ChatReply
    if (message) this.#parts.book.note(this.name, { op: 'answered', id, message })
  }

  #soon([least, most]: readonly [number, number], then: () => unknown): void {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        if (!this.#left) then()
      },
      this.#random.between(least, most),
    )
    this.#timers.add(timer)
  }

  #pause([least, most]: readonly [number, number]): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#random.between(least, most)))
  }
}

/** The message that is not answered yet, by the rules of docs/turns.md; null when none is. */
function owedTo(messages: readonly Message[]): number | null {
  const asked = Math.max(0, ...messages.map((one) => (one.role === 'user' ? one.seq : 0)))
  const answered = Math.max(
    0,
    ...messages.map((one) => {
      if (one.role === 'agent') return one.seq
      return one.status === 'interrupted' ? 0 : (one.answers_to ?? 0)
    }),
  )
  return asked > answered ? asked : null
}
