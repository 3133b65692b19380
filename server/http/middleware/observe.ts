import { randomUUID } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import type { Logger } from '../../infra/logger.ts'
import type { ClientAddress } from '../client-address.ts'
import type { HttpEnv } from '../http-env.ts'

/** An id that a proxy may have given: short, and harmless in a log line and a header. */
const SANE_ID = /^[A-Za-z0-9._-]{8,64}$/

/**
 * Gives every request an id and finds whose it is, and writes one line when it is answered: no query, no address,
 * nothing of what was said.
 */
export function observe(log: Logger, clientAddress: ClientAddress): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const started = performance.now()
    const given = c.req.header('x-request-id') ?? ''
    const request_id = SANE_ID.test(given) ? given : randomUUID()
    c.set('requestId', request_id)
    c.set('address', clientAddress(c.env.address, c.req.header('x-forwarded-for')))
    await next()
    c.header('x-request-id', request_id)
    const duration_ms = Math.round(performance.now() - started)
    const line = { request_id, method: c.req.method, path: c.req.path, status: c.res.status, duration_ms }
    if (c.res.status >= 500) log.info(line, 'request')
    else log.debug(line, 'request')
  }
}
