import type { ErrorCode } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  SessionReady,
  WidgetData,
  WidgetHandshake,
  WidgetPayload,
  WidgetRequest,
} from '../../protocol/widget.ts'
import type { ConnectionState } from '../bridge.ts'
import { backoff } from './backoff.ts'
import { Line, UNAVAILABLE, type LineSocket, type WidgetEvent } from './line.ts'

/** Sessions that may turn out unknown in a row before something else must be wrong. */
const STALE_SESSIONS = 2
/** Refusals that another attempt cannot change. */
const FINAL: readonly ErrorCode[] = [
  'client_unknown',
  'origin_not_allowed',
  'protocol_unsupported',
  'unauthorized',
]

export interface ConnectionPorts {
  openSocket(): LineSocket
  /** Who is calling and how far its copy goes; asked anew for every attempt. */
  handshake(): Promise<WidgetHandshake>
  onState(state: ConnectionState): void
  onReady(ready: SessionReady): void
  onEvent(event: WidgetEvent): void
  /**
   * `session_invalid`, `identity_invalid`: the next handshake must not name that session, or give that proof. Any other
   * is for good.
   */
  onRefused(code: ErrorCode): void
}

/**
 * A line to the server, kept alive: every way of losing it (network, server, refusal, silence) ends in another
 * attempt after a pause that grows each time; being back online, or a draining server, says when instead.
 */
export class Connection {
  readonly #ports: ConnectionPorts
  #line: Line | null = null
  #state: ConnectionState = 'idle'
  #failures = 0
  #staleSessions = 0
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(ports: ConnectionPorts) {
    this.#ports = ports
  }

  /** Connects; where a pause was running, at once. */
  start(): void {
    if (this.#state === 'refused' || (this.#line && this.#pause === undefined)) return
    this.renew()
  }

  /** Drops a line that may be dead and connects anew: for when the network has changed. */
  renew(): void {
    if (this.#state === 'refused') return
    this.#failures = 0
    this.#connect()
  }

  /** Whether it was ever started. */
  get isStarted(): boolean {
    return this.#state !== 'idle'
  }

  close(): void {
    this.#hangUp()
    this.#setState('idle')
  }

  /** Asks the server. Answers within 10 s; without a connection at once, `unavailable`. */
  request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    if (this.#state !== 'online' || !this.#line) return Promise.resolve(UNAVAILABLE)
    return this.#line.request(name, payload)
  }

  #connect(): void {
    this.#hangUp()
    this.#setState(this.#state === 'idle' || this.#state === 'connecting' ? 'connecting' : 'reconnecting')
    const line: Line = new Line(this.#ports.openSocket(), {
      auth: () => this.#ports.handshake(),
      onEvent: (event) => this.#line === line && this.#hear(event),
      onClosed: (refusal) => this.#line === line && this.#lost(refusal),
    })
    this.#line = line
  }

  #hear(event: WidgetEvent): void {
    if (event.name === 'session:ready') {
      this.#failures = 0
      this.#staleSessions = 0
      this.#setState('online')
      this.#ports.onReady(event.args[0])
    } else if (event.name === 'server:draining') {
      this.#connectAfter(event.args[0].reconnect_in_ms)
    } else {
      this.#ports.onEvent(event)
    }
  }

  #lost(refusal: HandshakeRefusal | null): void {
    this.#line = null
    const isStale = refusal?.code === 'session_invalid' || refusal?.code === 'identity_invalid'
    if (isStale && this.#staleSessions < STALE_SESSIONS) {
      this.#staleSessions += 1
      this.#ports.onRefused(refusal.code)
      this.#connectAfter(0)
    } else if (refusal && (refusal.code === 'session_invalid' || FINAL.includes(refusal.code))) {
      this.#setState('refused')
      this.#ports.onRefused(refusal.code)
    } else {
      if (this.#state === 'online') this.#setState('reconnecting')
      // A draining server has said when; that it is gone by now changes nothing.
      if (this.#pause === undefined) this.#connectAfter(refusal?.retry_after_ms ?? backoff(this.#failures))
    }
  }

  #connectAfter(wait: number): void {
    clearTimeout(this.#pause)
    this.#failures += 1
    this.#pause = setTimeout(() => this.#connect(), wait)
  }

  #hangUp(): void {
    clearTimeout(this.#pause)
    this.#pause = undefined
    const line = this.#line
    this.#line = null
    line?.close()
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return
    this.#state = state
    this.#ports.onState(state)
  }
}
