import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import {
  ADMIN_NAMESPACE,
  type AdminData,
  type AdminEvent,
  type AdminEvents,
  type AdminPayload,
  type AdminRequest,
  type AdminRequestHandlers,
} from '../../protocol/admin.ts'
import { refuse, type Result } from '../../protocol/result.ts'
import type { HandshakeRefusal, WidgetData } from '../../protocol/widget.ts'
import type { Random } from '../heart/random.ts'
import { CANARY } from './answers.ts'
import { askOver } from './ask-over.ts'
import type { Heard, HistoryBook } from './history.ts'

/** Milliseconds; between two numbers, chance decides. */
const PAUSE_BETWEEN_TAKEOVERS = [1_000, 6_000] as const
const PAUSE_BETWEEN_DEEDS = [50, 900] as const
const PAUSE_AFTER_FAILURE = [100, 500] as const
const LOOK_MS = 50
const CONNECT_WITHIN = 4_000

export interface AgentParts {
  url: string
  name: string
  /** Makes an access token, which holds for minutes. */
  token: () => Promise<string>
  random: Random
  book: HistoryBook
  /** The conversations that there are. */
  conversations: () => string[]
}

/** Whom it watches, and as which tab that is told. */
interface Watched {
  conversation: string
  tab: string
}

/**
 * Somebody who works for the business, over a socket to whichever node takes it: watches a conversation, takes it over,
 * speaks, and hands it back. What was not answered is done again, so that nothing stays taken over in the end.
 */
export class ChaosAgent {
  readonly #parts: AgentParts
  #socket: Socket<AdminEvents, AdminRequestHandlers> | null = null
  #isIn = false
  #isOpen = true
  #left = false
  #watched: Watched | null = null
  #tabs = 0
  #said = 0

  constructor(parts: AgentParts) {
    this.#parts = parts
  }

  /** Works until `finish`. Resolves when nothing is left with it. */
  async work(): Promise<void> {
    const { random, conversations } = this.#parts
    void this.#connect()
    while (this.#isOpen && !this.#left) {
      await delay(random.between(...PAUSE_BETWEEN_TAKEOVERS))
      const all = conversations()
      if (all.length > 0) await this.#look(random.pick(all))
    }
  }

  /** From now on it takes nothing over any more. */
  finish(): void {
    this.#isOpen = false
  }

  leave(): void {
    this.#left = true
    this.#socket?.disconnect()
  }

  async #look(conversation: string): Promise<void> {
    const { name, random, book } = this.#parts
    await this.#watch(conversation)
    await this.#pause(PAUSE_BETWEEN_DEEDS)
    const taken = await this.#untilAnswered('conversation:take_over', { conversation_id: conversation })
    if (taken.ok) {
      book.note(name, { op: 'took over', conversation, epoch: taken.data.conversation.epoch })
      for (let left = random.between(0, 2); left > 0; left--) {
        await this.#pause(PAUSE_BETWEEN_DEEDS)
        await this.#say(conversation)
      }
      await this.#pause(PAUSE_BETWEEN_DEEDS)
      const back = await this.#untilAnswered('conversation:hand_back', { conversation_id: conversation })
      if (back.ok) book.note(name, { op: 'handed back', conversation, epoch: back.data.conversation.epoch })
    }
    this.#watched = null
    await this.#ask('conversation:unwatch', { conversation_id: conversation })
  }

  async #watch(conversation: string): Promise<void> {
    const { name, book } = this.#parts
    const tab = `${name}/${++this.#tabs}`
    const payload = { conversation_id: conversation }
    await this.#ask('conversation:watch', payload, (answer) => {
      if (!answer.ok) return
      this.#watched = { conversation, tab }
      book.note(name, { op: 'connects', tab })
      // No tool of this world brings anything late.
      const data = answer.data as WidgetData<'session:sync'>
      book.note(name, { op: 'synced', tab, data })
    })
  }

  async #say(conversation: string): Promise<void> {
    const { name, book } = this.#parts
    const id = `${name}.${++this.#said}`
    const text = `${CANARY} [${id}] a person speaks.`
    const payload = { conversation_id: conversation, client_message_id: id, text }
    const said = await this.#untilAnswered('message:send', payload, () => {
      book.note(name, { op: 'sends', id, text })
    })
    if (said.ok) book.note(name, { op: 'acked', id, message: said.data.message })
  }

  /** Asks until it is done, or refused for good. */
  async #untilAnswered<R extends AdminRequest>(
    request: R,
    payload: AdminPayload<R>,
    each: () => void = () => undefined,
  ): Promise<Result<AdminData<R>>> {
    for (;;) {
      while (!this.#isIn && !this.#left) await delay(LOOK_MS)
      if (this.#left) return refuse('unavailable')
      each()
      const answer = await this.#ask(request, payload)
      if (answer && (answer.ok || !answer.error.retryable)) return answer
      if (answer === null) this.#socket?.disconnect()
      await this.#pause(PAUSE_AFTER_FAILURE)
    }
  }

  #ask<R extends AdminRequest>(
    request: R,
    payload: AdminPayload<R>,
    seen?: (answer: Result<AdminData<R>>) => void,
  ): Promise<Result<AdminData<R>> | null> {
    return askOver(this.#socket, request, payload, seen)
  }

  async #connect(): Promise<void> {
    const token = await this.#parts.token()
    if (this.#left) return
    const { url, random, name, book } = this.#parts
    const socket: Socket<AdminEvents, AdminRequestHandlers> = io(`${url}${ADMIN_NAMESPACE}`, {
      ...{ transports: ['websocket'], reconnection: false, forceNew: true },
      ...{ timeout: CONNECT_WITHIN, auth: { token } },
    })
    this.#socket = socket
    const again = () => {
      if (this.#socket !== socket) return
      this.#socket = null
      this.#isIn = false
      this.#watched = null
      setTimeout(() => void this.#connect(), random.between(...PAUSE_AFTER_FAILURE))
    }
    socket.on('connect', () => (this.#isIn = true))
    socket.on('disconnect', again)
    socket.on('connect_error', (error) => {
      if ('data' in error) {
        const { code, retryable } = error.data as HandshakeRefusal
        book.note(name, { op: 'not let in', tab: name, code, retryable })
        this.#left ||= !retryable
      }
      again()
    })
    socket.on('session:expiring', () => {
      void this.#parts.token().then((fresh) => this.#ask('session:renew', { token: fresh }))
    })
    socket.on('server:draining', ({ reconnect_in_ms }) => {
      setTimeout(() => socket.disconnect(), reconnect_in_ms)
    })
    socket.onAny((event: AdminEvent, ...args: unknown[]) => {
      this.#hear(event, args)
    })
  }

  /** Of a conversation that it watches it is told what the visitor is, with the id of the conversation. */
  #hear(event: AdminEvent, args: unknown[]): void {
    const watched = this.#watched
    const isPiece = event === 'reply:delta'
    const id = isPiece ? args[0] : (args[0] as { conversation_id?: string }).conversation_id
    if (!watched || id !== watched.conversation) return
    const heard = { event, args: isPiece ? args.slice(1) : args } as Heard
    this.#parts.book.note(this.#parts.name, { op: 'told', tab: watched.tab, ...heard })
  }

  #pause([least, most]: readonly [number, number]): Promise<void> {
    return delay(this.#parts.random.between(least, most))
  }
}
