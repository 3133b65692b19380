import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  WidgetData,
  WidgetEvents,
  WidgetPayload,
  WidgetRequest,
} from '../../protocol/widget.ts'

/** As `WIDGET_NAMESPACE` of the protocol, whose file would bring its schemas along. */
const NAMESPACE = '/widget'
/** Milliseconds to wait for an ack, and for the namespace to let us in. */
const ACK_WAIT = 10_000
const ENTER_WAIT = 15_000

/** No ack came, or there is no line: the same may succeed later. */
export const UNAVAILABLE: Result<never> = {
  ok: false,
  error: { code: 'unavailable', message: 'There is no connection.', retryable: true },
}

/** One event of the server: its name decides what its arguments are. */
export type WidgetEvent = {
  [E in keyof WidgetEvents]: { name: E; args: Parameters<WidgetEvents[E]> }
}[keyof WidgetEvents]

export interface LinePorts {
  /** What the handshake says; a rejection closes the line. */
  auth(): Promise<object>
  onEvent(event: WidgetEvent): void
  /** Exactly once, when the line is over: the server's refusal, or null for anything else. */
  onClosed(refusal: HandshakeRefusal | null): void
}

/** The part of a browser's WebSocket that is used. */
export interface LineSocket {
  send(data: string): void
  close(): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
  addEventListener(type: 'close' | 'error', listener: () => void): void
}

/**
 * One connection to the server's `/widget` namespace, from its opening to its end; never reused. It speaks the part
 * of Socket.IO that we use (Engine.IO 4 over WebSocket, Socket.IO 5, text packets, acks), a tenth of the size of the
 * official client: https://socket.io/docs/v4/socket-io-protocol/
 */
export class Line {
  readonly #socket: LineSocket
  readonly #ports: LinePorts
  readonly #waiting = new Map<number, (answer: Result<never>) => void>()
  #lastId = 0
  #entered = false
  #closed = false
  #silence: ReturnType<typeof setTimeout>
  #allowedSilence = ENTER_WAIT

  constructor(socket: LineSocket, ports: LinePorts) {
    this.#socket = socket
    this.#ports = ports
    this.#silence = setTimeout(() => this.close(), ENTER_WAIT)
    socket.addEventListener('message', ({ data }) => typeof data === 'string' && this.#read(data))
    socket.addEventListener('close', () => this.#end(null))
    socket.addEventListener('error', () => this.close())
  }

  /** Asks the server; answers within 10 s, and `unavailable` where no ack comes. */
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
    this.#heard()
    if (packet[0] === '0') this.#opened(JSON.parse(packet.slice(1)) as EngineOpen)
    else if (packet[0] === '1') this.close()
    else if (packet[0] === '2') this.#socket.send('3')
    else if (packet[0] === '4') this.#readPacket(packet.slice(1))
  }

  #opened({ pingInterval, pingTimeout }: EngineOpen): void {
    this.#allowedSilence = Math.max(pingInterval + pingTimeout, ENTER_WAIT)
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

  /** Something came: the server lives. Its pings come often enough that longer silence means a dead line. */
  #heard(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.close(), this.#allowedSilence)
  }

  #end(refusal: HandshakeRefusal | null): void {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#silence)
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
