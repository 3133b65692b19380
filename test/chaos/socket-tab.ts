import { io, type Socket } from 'socket.io-client'
import type { Result } from '../../protocol/result.ts'
import {
  WIDGET_NAMESPACE,
  type HandshakeRefusal,
  type WidgetData,
  type WidgetEvents,
  type WidgetPayload,
  type WidgetRequestHandlers,
} from '../../protocol/widget.ts'
import { askOver } from './ask-over.ts'
import type { Heard } from './history.ts'
import { Tab, type Asked } from './tab.ts'

type WidgetSocket = Socket<WidgetEvents, WidgetRequestHandlers>

/** A tab as the widget opens it. */
export class SocketTab extends Tab {
  #socket: WidgetSocket | null = null

  ask<R extends Asked>(
    request: R,
    payload: WidgetPayload<R>,
    seen?: (answer: Result<WidgetData<R>>) => void,
  ): Promise<Result<WidgetData<R>> | null> {
    return askOver(this.#socket, request, payload, seen)
  }

  stopReading(ms: number): void {
    const { ws } = (this.#socket?.io.engine.transport ?? {}) as { ws?: { pause(): void; resume(): void } }
    ws?.pause()
    this.after(ms, () => ws?.resume())
  }

  protected open(hear: (heard: Heard) => void, lost: (why: string) => void): void {
    const { url, session } = this.parts
    const auth = { client_key: 'pk_demo', protocol: 1, ...session(), ...this.transcript.cursor() }
    const socket: WidgetSocket = io(`${url}${WIDGET_NAMESPACE}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth,
    })
    this.#socket = socket
    socket.onAny((event: Heard['event'], ...args: unknown[]) => {
      hear({ event, args } as Heard)
    })
    socket.on('connect_error', (error) => {
      if ('data' in error) this.#refused(error.data as HandshakeRefusal)
      lost(error.message)
    })
    socket.on('disconnect', lost)
  }

  protected hangUp(): void {
    this.#socket?.disconnect()
    this.#socket = null
  }

  #refused({ code, retryable }: HandshakeRefusal): void {
    this.note({ op: 'not let in', tab: this.parts.name, code, retryable })
  }
}
