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
import type { ConnectionState, Session } from '../bridge.ts'
import { backoff } from './backoff.ts'
import { UNAVAILABLE, WAYS, type Line, type LinePorts, type Way, type WidgetEvent } from './line.ts'

/** Sessions that may turn out unknown in a row before something else must be wrong. */
const STALE_SESSIONS = 2
/** Refusals that another attempt cannot change. */
const FINAL: readonly ErrorCode[] = [
  'client_unknown',
  'origin_not_allowed',
  'protocol_unsupported',
  'unauthorized',
]
/** Milliseconds from opening a line, or from saying who we are, to `session:ready`: while all ways are new, and later. */
const FIRST_WAITS: Record<Way, number> = { socket: 2_500, stream: 4_000, poll: 15_000 }
const LONGEST_WAIT = 15_000
/** Milliseconds that a line must last, or its way does not count as one that works. */
const STEADY = 30_000
/** Milliseconds until a better way is tried beside the one that works; doubled each time. */
const FIRST_PROBE = 10_000
const LONGEST_PROBE = 300_000

export interface ConnectionPorts {
  openLine(way: Way, ports: LinePorts): Line
  /** Who is calling and how far its copy goes; asked anew for every attempt. */
  handshake(): Promise<WidgetHandshake>
  onState(state: ConnectionState): void
  onSession(session: Session): void
  /** `asked`: the conversation that the handshake's cursor spoke of. */
  onReady(ready: SessionReady, asked: string | undefined): void
  onEvent(event: WidgetEvent): void
  /**
   * `session_invalid`, `identity_invalid`: the next handshake must not name that session, or give that proof. Any other
   * is for good.
   */
  onRefused(code: ErrorCode): void
  /** The way that worked last, for as long as somebody remembers it. */
  way: { get(): Way; set(way: Way): void }
}

/**
 * A line to the server, kept alive: every way of losing it (network, server, refusal, silence) ends in another
 * attempt after a pause that grows each time; being back online, or a draining server, says when instead.
 *
 * Attempts go round the ways, beginning with the one that worked last. While that is not the best one, a better one is
 * tried now and then beside it, and taken once it has brought us up to date.
 */
export class Connection {
  readonly #ports: ConnectionPorts
  #line: Line | null = null
  /** A line of a better way, until it has brought us up to date. */
  #probe: Line | null = null
  #probes = 0
  #way: Way
  #readyAt = 0
  #state: ConnectionState = 'idle'
  #failures = 0
  #staleSessions = 0
  #pause: ReturnType<typeof setTimeout> | undefined
  #probePause: ReturnType<typeof setTimeout> | undefined

  constructor(ports: ConnectionPorts) {
    this.#ports = ports
    this.#way = ports.way.get()
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

  /** Hangs up until `renew`: a page with an open line is not kept for going back to it. */
  rest(): void {
    if (!this.isStarted || this.#state === 'refused') return
    this.#hangUp()
    this.#setState('reconnecting')
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
  async request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>> {
    const line = this.#line
    if (this.#state !== 'online' || !line) return UNAVAILABLE
    const askedAt = Date.now()
    const answer = await line.request(name, payload)
    // Neither an answer nor anything else: nobody is there.
    if (answer === UNAVAILABLE && line.heardAt <= askedAt) line.close()
    return answer
  }

  #connect(): void {
    this.#hangUp()
    this.#setState(this.#state === 'idle' || this.#state === 'connecting' ? 'connecting' : 'reconnecting')
    const way = wayAfter(this.#way, this.#failures)
    this.#line = this.#open(way, this.#failures < WAYS.length ? FIRST_WAITS[way] : LONGEST_WAIT)
  }

  /** Opens a line that has so many milliseconds until `session:ready`, and again from saying who we are. */
  #open(way: Way, wait: number): Line {
    let asked: string | undefined
    let isNew = true
    let limit = setTimeout(() => line.close(), wait)
    const isHeld = () => line === this.#line || line === this.#probe
    const line: Line = this.#ports.openLine(way, {
      auth: async () => {
        clearTimeout(limit)
        const handshake = await this.#ports.handshake()
        asked = handshake.conversation_id
        if (isHeld()) limit = setTimeout(() => line.close(), wait)
        return handshake
      },
      onSession: (session) => isHeld() && this.#ports.onSession(session),
      onEvent: (event) => {
        if (!isHeld()) return
        if (event.name !== 'session:ready') {
          this.#hear(event)
          return
        }
        clearTimeout(limit)
        if (isNew) this.#entered(line, way)
        isNew = false
        this.#ready(event.args[0], asked)
      },
      onClosed: (refusal) => {
        clearTimeout(limit)
        if (line === this.#probe) this.#probeLater()
        else if (line === this.#line) this.#lost(refusal)
      },
    })
    return line
  }

  /** A line works: the first one, or a better one than that which worked until now. */
  #entered(line: Line, way: Way): void {
    const former = this.#line
    this.#line = line
    if (former !== line) former?.close()
    this.#endPause()
    this.#failures = 0
    this.#staleSessions = 0
    this.#readyAt = Date.now()
    this.#way = way
    this.#ports.way.set(way)
    this.#probeLater()
  }

  #ready(ready: SessionReady, asked: string | undefined): void {
    const { session_id, session_token } = ready
    if (session_token !== undefined) this.#ports.onSession({ session_id, session_token })
    this.#setState('online')
    this.#ports.onReady(ready, asked)
  }

  #hear(event: WidgetEvent): void {
    if (event.name === 'server:draining') this.#connectAfter(event.args[0].reconnect_in_ms)
    else this.#ports.onEvent(event)
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
    } else if (this.#pause === undefined) {
      // A draining server has said when; that it is gone by now changes nothing.
      this.#connectAfter(refusal?.retry_after_ms ?? backoff(this.#failures))
      if (this.#state !== 'online') this.#failures += 1
      else if (!refusal) this.#judge()
    }
    if (this.#state === 'online') this.#setState('reconnecting')
  }

  /** What lasts for moments only does not count as working; what has worked for long may be tried again soon. */
  #judge(): void {
    if (Date.now() - this.#readyAt < STEADY) this.#way = wayAfter(this.#way, 1)
    else if (this.#way === WAYS[0]) this.#probes = 0
  }

  #probeLater(): void {
    this.#probe = null
    clearTimeout(this.#probePause)
    const better = WAYS.slice(0, WAYS.indexOf(this.#way))
    const way = better[this.#probes % better.length]
    if (!way) return
    this.#probePause = setTimeout(
      () => {
        this.#probes += 1
        this.#probe = this.#open(way, LONGEST_WAIT)
      },
      Math.min(FIRST_PROBE * 2 ** this.#probes, LONGEST_PROBE),
    )
  }

  #connectAfter(wait: number): void {
    this.#endPause()
    this.#pause = setTimeout(() => this.#connect(), wait)
  }

  #endPause(): void {
    clearTimeout(this.#pause)
    this.#pause = undefined
  }

  #hangUp(): void {
    this.#endPause()
    clearTimeout(this.#probePause)
    const lines = [this.#line, this.#probe]
    this.#line = this.#probe = null
    for (const line of lines) line?.close()
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return
    this.#state = state
    this.#ports.onState(state)
  }
}

function wayAfter(way: Way, steps: number): Way {
  return WAYS[(WAYS.indexOf(way) + steps) % WAYS.length] ?? WAYS[0]
}
