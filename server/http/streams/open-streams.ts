import { setImmediate as nextTurn } from 'node:timers/promises'
import { wireError } from '../../../protocol/errors.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { CutOff, Holder, Speakers } from '../../auth/cut-offs.ts'
import type { Occupancy } from '../../infra/rate-limit.ts'
import { spreadOver } from '../../infra/spread-over.ts'
import { addressGroup } from '../client-address.ts'
import type { HttpContext } from '../http-env.ts'
import { problemOf } from '../problem.ts'
import { EventStream } from './event-stream.ts'
import type { StreamLimits } from './stream-limits.ts'

export interface StreamParts {
  limits: StreamLimits
  /** How many an address may hold; null lifts that limit. */
  occupancy: Occupancy | null
}

/** Whose stream it is. */
interface Reader {
  client_id: string
  requestId: string
}

/** All streams of events that are open here: kept up, counted, and ended with a word when the process goes away. */
export class OpenStreams implements Holder {
  readonly #parts: StreamParts
  readonly #open = new Map<EventStream, Reader>()
  #pulse: NodeJS.Timeout | null = null

  constructor(parts: StreamParts) {
    this.#parts = parts
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * A new stream for who asks, which ends with the request. A client's server may hold as many as it likes. Refuses
   * with `too_many_connections`.
   */
  open(c: HttpContext, by: { client_id: string; isServer?: boolean }): Result<EventStream> {
    const { limits, occupancy } = this.#parts
    const leave =
      by.isServer === true || occupancy === null ? FREE : occupancy.enter(addressGroup(c.get('address')))
    if (leave === null) return refuse('too_many_connections')
    const stream = new EventStream({ unreadBytes: limits.unreadBytes, hangUp: () => c.env.hangUp() })
    const { signal } = c.req.raw
    const end = (): void => stream.end()
    signal.addEventListener('abort', end)
    this.#open.set(stream, { client_id: by.client_id, requestId: c.get('requestId') })
    this.#pulse ??= setInterval(() => this.#beat(), limits.beatEvery)
    void stream.closed.then(() => {
      signal.removeEventListener('abort', end)
      leave()
      this.#forget(stream)
    })
    return succeed(stream)
  }

  /** Ends all at once, to be opened again spread over `spreadMs`. Resolves when what was said has left. */
  async sendAway(spreadMs: number): Promise<void> {
    for (const stream of this.#open.keys()) endWith(stream, Math.round(Math.random() * spreadMs))
    await nextTurn()
  }

  /** Ends one after the other, over `spreadMs`, to be opened again at once: at another node, where there is one. */
  async sendElsewhere(spreadMs: number): Promise<void> {
    await spreadOver([...this.#open.keys()], spreadMs, (stream) => {
      endWith(stream, 0)
    })
    await nextTurn()
  }

  held(): Speakers {
    return { clients: new Set([...this.#open.values()].map(({ client_id }) => client_id)) }
  }

  /** Clients that are not active any more are spoken for by nobody. */
  cut({ kind, id }: CutOff): void {
    if (kind !== 'client') return
    for (const [stream, { client_id, requestId }] of this.#open) {
      if (client_id !== id) continue
      stream.send('problem', problemOf(wireError('client_unknown'), requestId))
      stream.end()
    }
  }

  #beat(): void {
    for (const stream of this.#open.keys()) stream.beat()
  }

  #forget(stream: EventStream): void {
    this.#open.delete(stream)
    if (this.#open.size > 0 || this.#pulse === null) return
    clearInterval(this.#pulse)
    this.#pulse = null
  }
}

const FREE = (): void => undefined

/** The answer that carries a stream. Proxies are asked to pass each event on as it comes. */
export function streamed(c: HttpContext, body: ReadableStream<Uint8Array> | null): Response {
  c.header('content-type', 'text/event-stream')
  c.header('cache-control', 'no-store, no-transform')
  c.header('x-accel-buffering', 'no')
  return body === null ? c.body(null) : c.body(body)
}

function endWith(stream: EventStream, reconnect_in_ms: number): void {
  stream.send('server:draining', { reconnect_in_ms })
  stream.end()
}
