import { io, type Socket } from 'socket.io-client'
import type {
  AdminData,
  AdminEvents,
  AdminPayload,
  AdminRequest,
  AdminRequestHandlers,
} from '../../protocol/admin.ts'
import { refuse, type Result } from '../../protocol/result.ts'

/** Milliseconds to wait for an answer. Who takes over waits for the AI to fall silent, two seconds at most. */
const ACK_WAIT = 10_000
/** Milliseconds until another try after a refusal. */
const AGAIN_AFTER = 3_000

/** One event of the server: its name decides what its arguments are. */
export type LineEvent = {
  [E in keyof AdminEvents]: { name: E; args: Parameters<AdminEvents[E]> }
}[keyof AdminEvents]

export interface LinePorts {
  /** A token that holds for a while; null where nobody is signed in any more. */
  token(): Promise<string | null>
  /** The server does not take this token any more. */
  forget(token: string): void
  onEvent(event: LineEvent): void
  /** The line is there, for the first time or again: whatever was watched has to be watched again. */
  onOnline(): void
}

interface Acking {
  timeout(ms: number): { emitWithAck(name: string, payload: unknown): Promise<unknown> }
}

/** The line to the server's `/admin` namespace, kept alive until it is closed. */
export class Line {
  isOnline = $state(false)
  readonly #ports: LinePorts
  readonly #socket: Socket<AdminEvents, AdminRequestHandlers>
  #token = ''
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(ports: LinePorts) {
    this.#ports = ports
    const socket: Socket<AdminEvents, AdminRequestHandlers> = io('/admin', {
      ...{ transports: ['websocket'], reconnectionDelay: 300, reconnectionDelayMax: 5_000, forceNew: true },
      auth: (give) => void this.#introduce(give),
    })
    this.#socket = socket
    socket.on('connect', () => {
      this.isOnline = true
      ports.onOnline()
    })
    socket.on('disconnect', () => {
      this.isOnline = false
      // Who is cut off by name is not connected again by the library.
      if (!socket.active) this.#connectAfter(0)
    })
    socket.on('connect_error', () => {
      if (socket.active) return
      ports.forget(this.#token)
      this.#connectAfter(AGAIN_AFTER)
    })
    socket.on('session:expiring', () => void this.#renew())
    socket.on('server:draining', ({ reconnect_in_ms }) => {
      socket.disconnect()
      this.#connectAfter(reconnect_in_ms)
    })
    socket.onAny((name: keyof AdminEvents, ...args: unknown[]) => ports.onEvent({ name, args } as LineEvent))
  }

  /** Asks the server. Answers within 10 s; without a connection at once, `unavailable`. */
  async ask<R extends AdminRequest>(request: R, payload: AdminPayload<R>): Promise<Result<AdminData<R>>> {
    if (!this.#socket.connected) return refuse('unavailable')
    try {
      // That each name goes with its payload is said above; the library's own types lose it in a type parameter.
      const socket = this.#socket as unknown as Acking
      return (await socket.timeout(ACK_WAIT).emitWithAck(request, payload)) as Result<AdminData<R>>
    } catch {
      return refuse('unavailable')
    }
  }

  close(): void {
    clearTimeout(this.#again)
    this.#socket.disconnect()
    this.#socket.offAny()
    this.#socket.off()
  }

  async #introduce(give: (auth: object) => void): Promise<void> {
    const token = await this.#ports.token()
    if (token === null) return
    this.#token = token
    give({ token })
  }

  async #renew(): Promise<void> {
    this.#ports.forget(this.#token)
    const token = await this.#ports.token()
    if (token === null) return
    this.#token = token
    await this.ask('session:renew', { token })
  }

  #connectAfter(ms: number): void {
    clearTimeout(this.#again)
    this.#again = setTimeout(() => this.#socket.connect(), ms)
  }
}
