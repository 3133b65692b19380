import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { routePath } from 'hono/route'
import type { Logger } from '../../infra/logger.ts'
import type { ClientAddress } from '../client-address.ts'
import type { HttpContext, HttpEnv } from '../http-env.ts'
import type { HttpMeter } from '../http-meter.ts'

/** An id that a proxy may have given: short, and harmless in a log line and a header. */
const SANE_ID = /^[A-Za-z0-9._-]{8,64}$/

export interface Observed {
  log: Logger
  clientAddress: ClientAddress
  meter: HttpMeter
}

/**
 * Gives every request an id and finds whose it is, counts it, and writes one line when it is answered: its route, but
 * no path, query or address, nothing that the sender wrote.
 */
export function observe({ log, clientAddress, meter }: Observed): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const started = performance.now()
    const given = c.req.header('x-request-id') ?? ''
    const request_id = SANE_ID.test(given) ? given : randomUUID()
    c.set('requestId', request_id)
    c.set('address', clientAddress(c.env.address, c.req.header('x-forwarded-for')))
    await next()
    c.header('x-request-id', request_id)
    const { method } = c.req
    const { status } = c.res
    const route = routeOf(c)
    const durationMs = performance.now() - started
    meter({ method, route, status, durationMs })
    const line = { request_id, method, route, status, duration_ms: Math.round(durationMs) }
    if (status >= 500) log.info(line, 'request')
    else log.debug(line, 'request')
  }
}

/** The pattern that the path fits, as the router has it; null where none does and only what runs for all has run. */
function routeOf(c: HttpContext): string | null {
  const path = routePath(c, -1)
  return path.endsWith('*') ? null : path
}
