import { setImmediate as nextTurn } from 'node:timers/promises'
import { wireError } from '../../../protocol/errors.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { ClientDirectory } from '../../auth/client-directory.ts'
import { DatabaseUnavailable } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { Occupancy } from '../../infra/rate-limit.ts'
import { addressGroup } from '../client-address.ts'
import type { HttpContext } from '../http-env.ts'
import { problemOf } from '../problem.ts'
import { EventStream } from './event-stream.ts'
import type { StreamLimits } from './stream-limits.ts'

export interface StreamParts {
  directory: ClientDirectory
  limits: StreamLimits
  /** How many an address may hold; null lifts that limit. */
  occupancy: Occupancy | null
  log: Logger
}

/** Whose stream it is. */
interface Holder {
  client_id: string
  requestId: string
}

/** All streams of events that are open here: kept up, counted, and ended with a word when the process goes away. */
export class OpenStreams {
  readonly #parts: StreamParts
  readonly #open = new Map<EventStream, Holder>()
  #pulse: NodeJS.Timeout | null = null
  #looking = false

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

  /** Sends everybody away, to come again spread over `spreadMs`. Resolves when what was said has left. */
  async drain(spreadMs: number): Promise<void> {
    for (const stream of this.#open.keys()) {
      stream.send('server:draining', { reconnect_in_ms: Math.round(Math.random() * spreadMs) })
      stream.end()
    }
    await nextTurn()
  }

  #beat(): void {
    for (const stream of this.#open.keys()) stream.beat()
    if (!this.#looking) void this.#endDeactivated()
  }

  /** Clients that are not active any more are spoken for by nobody. */
  async #endDeactivated(): Promise<void> {
    const { directory, log } = this.#parts
    this.#looking = true
    try {
      for (const id of new Set([...this.#open.values()].map(({ client_id }) => client_id))) {
        if ((await directory.findById(id)) === null) this.#endOf(id)
      }
    } catch (error) {
      if (error instanceof DatabaseUnavailable) log.debug({ reason: error.message }, 'clients not looked up')
      else log.error({ err: error }, 'clients not looked up')
    } finally {
      this.#looking = false
    }
  }

  #endOf(clientId: string): void {
    for (const [stream, { client_id, requestId }] of this.#open) {
      if (client_id !== clientId) continue
      stream.send('problem', problemOf(wireError('client_unknown'), requestId))
      stream.end()
    }
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
