import type { Result } from '../../protocol/result.ts'
import type { HandshakeRefusal, WidgetData, WidgetPayload, WidgetRequest } from '../../protocol/widget.ts'
import { ACK_WAIT, UNAVAILABLE, type Line, type LinePorts, type WidgetEvent } from './line.ts'
import { Silence } from './silence.ts'

/** As `WIDGET_NAMESPACE` of the protocol, whose file would bring its schemas along. */
const NAMESPACE = '/widget'
/** Milliseconds that the server may say nothing, until it has said how often it pings. */
const FIRST_SILENCE = 15_000

/** The part of a browser's WebSocket that is used. */
export interface LineSocket {
  send(data: string): void
  close(): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
}

/**
 * A line to the server's `/widget` namespace. It speaks the part of Socket.IO that we use (Engine.IO 4 over WebSocket,
 * Socket.IO 5, text packets, acks), a tenth of the size of the official client:
 * https://socket.io/docs/v4/socket-io-protocol/
 */
export class SocketLine implements Line {
  readonly #socket: LineSocket
  readonly #ports: LinePorts
  readonly #waiting = new Map<number, (answer: Result<never>) => void>()
  readonly #silence = new Silence(FIRST_SILENCE, () => this.close())
  #allowedSilence = FIRST_SILENCE
  #lastId = 0
  #entered = false
  #closed = false

  constructor(socket: LineSocket, ports: LinePorts) {
    this.#socket = socket
    this.#ports = ports
    socket.addEventListener('message', ({ data }) => typeof data === 'string' && this.#read(data))
    socket.addEventListener('close', () => this.#end(null))
    socket.addEventListener('error', () => this.close())
  }

  get heardAt(): number {
    return this.#silence.heardAt
  }

  request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    if (!this.#entered || this.#closed) return Promise.resolve(UNAVAILABLE)
    const id = (this.#lastId += 1)
    return new Promise((resolve) => {
      const settle = (answer: Result<WidgetData<R>>) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(answer)
      }
      const timer = setTimeout(() => settle(UNAVAILABLE), ACK_WAIT)
      this.#waiting.set(id, settle)
      this.#socket.send(`42${NAMESPACE},${id}${JSON.stringify([name, payload])}`)
    })
  }

  close(): void {
    this.#end(null)
  }

  /** The first digit is Engine.IO's: 0 open, 1 close, 2 ping, 4 a packet of Socket.IO. */
  #read(packet: string): void {
    if (this.#closed) return
    this.#silence.heard(this.#allowedSilence)
    if (packet[0] === '0') this.#opened(JSON.parse(packet.slice(1)) as EngineOpen)
    else if (packet[0] === '1') this.close()
    else if (packet[0] === '2') this.#socket.send('3')
    else if (packet[0] === '4') this.#readPacket(packet.slice(1))
  }

  #opened({ pingInterval, pingTimeout }: EngineOpen): void {
    this.#allowedSilence = Math.max(pingInterval + pingTimeout, FIRST_SILENCE)
    this.#ports.auth().then(
      (auth) => {
        if (!this.#closed) this.#socket.send(`40${NAMESPACE},${JSON.stringify(auth)}`)
      },
      () => this.close(),
    )
  }

  /** 0 connected, 1 disconnected, 2 event, 3 ack, 4 refused; then the namespace, an ack's id, and JSON. */
  #readPacket(packet: string): void {
    const [, type, id, json] = /^(\d)\/widget,(\d*)(.*)$/s.exec(packet) ?? []
    if (type === '0') {
      this.#entered = true
    } else if (type === '1') {
      this.close()
    } else if (type === '2') {
      const [name, ...args] = JSON.parse(json ?? '[]') as [string, ...unknown[]]
      this.#ports.onEvent({ name, args } as WidgetEvent)
    } else if (type === '3') {
      const [answer] = JSON.parse(json ?? '[]') as [Result<never>]
      this.#waiting.get(Number(id))?.(answer)
    } else if (type === '4') {
      const { data } = JSON.parse(json ?? '{}') as { data?: HandshakeRefusal }
      this.#end(data ?? null)
    }
  }

  #end(refusal: HandshakeRefusal | null): void {
    if (this.#closed) return
    this.#closed = true
    this.#silence.end()
    this.#socket.close()
    for (const settle of [...this.#waiting.values()]) settle(UNAVAILABLE)
    this.#ports.onClosed(refusal)
  }
}

/** What Engine.IO says first, in milliseconds. */
interface EngineOpen {
  pingInterval: number
  pingTimeout: number
}
