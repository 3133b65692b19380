import { io, type Socket } from 'socket.io-client'
import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  SessionReady,
  WidgetData,
  WidgetEvents,
  WidgetPayload,
  WidgetRequest,
  WidgetRequestHandlers,
} from '../../protocol/widget.ts'
import { Inbox } from './inbox.ts'
import { assertAcked, assertEvent } from './told-as-promised.ts'

type EventName = keyof WidgetEvents

/** One event as it came over the wire. */
export type Heard = { [E in EventName]: { event: E; args: Parameters<WidgetEvents[E]> } }[EventName]

interface Acking {
  emitWithAck(event: string, payload: unknown): Promise<unknown>
}

/** One tab of a visitor, as a test drives it. */
export class Visitor {
  readonly heard = new Inbox<Heard>('event')
  readonly refused = new Inbox<HandshakeRefusal>('refusal')
  readonly closed = new Inbox<string>('close')
  readonly socket: Socket<WidgetEvents, WidgetRequestHandlers>

  constructor(url: string, auth: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
    this.socket = io(`${url}/widget`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { client_key: 'pk_demo', protocol: 1, ...auth },
      extraHeaders: headers,
    })
    this.socket.onAny((event: EventName, ...args: unknown[]) => {
      assertEvent(event, args)
      this.heard.put({ event, args } as Heard)
    })
    this.socket.on('connect_error', (error) => {
      if ('data' in error) this.refused.put(error.data as HandshakeRefusal)
    })
    this.socket.io.on('close', (reason) => this.closed.put(reason))
  }

  /** The arguments of the next event of this name. */
  async next<E extends EventName>(event: E): Promise<Parameters<WidgetEvents[E]>> {
    const heard = await this.heard.take((one) => one.event === event)
    return heard.args as Parameters<WidgetEvents[E]>
  }

  async ready(): Promise<SessionReady> {
    const [ready] = await this.next('session:ready')
    return ready
  }

  async ask<R extends WidgetRequest>(request: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    const socket = this.socket as unknown as { timeout(ms: number): Acking }
    const answer = (await socket.timeout(8_000).emitWithAck(request, payload)) as Result<WidgetData<R>>
    if (answer.ok) assertAcked(request, answer.data)
    return answer
  }

  /** Sends a message and gives it as it was saved; throws when it is refused. */
  async send(client_message_id: string, text: string) {
    const answer = await this.ask('message:send', { client_message_id, text })
    if (!answer.ok) throw new Error(`refused: ${answer.error.code}`)
    return answer.data.message
  }

  /** The text of a turn as this tab puts it together: what it `knew` and was told when it came, then the deltas. */
  streamed(turn: number, knew = ''): string {
    let text = knew
    let attempt = 0
    for (const { event, args } of this.heard.all) {
      if (event === 'session:ready' && args[0].reply?.turn === turn) {
        const { reply } = args[0]
        text = text.slice(0, reply.offset) + reply.text
        attempt = reply.attempt
      }
      if (event !== 'reply:delta' || args[0] !== turn || args[1] < attempt) continue
      const [, ofAttempt, offset, piece] = args
      if (ofAttempt > attempt) text = ''
      attempt = ofAttempt
      if (offset !== text.length) throw new Error(`delta at ${offset}, but ${text.length} units were told`)
      text += piece
    }
    return text
  }

  /** Cuts the connection as a lost network does, without a goodbye. */
  cut(): void {
    this.socket.io.engine.close()
  }

  close(): void {
    this.socket.disconnect()
  }
}

/** A visitor who has come back: the handshake of one who has this session. */
export function returning(ready: SessionReady, token = ready.session_token): Record<string, unknown> {
  return { session_id: ready.session_id, session_token: token }
}
