import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../http-env.ts'

/**
 * Lets browsers ask: a preflight names no client, so it cannot be decided by one. The request itself is (`allow`
 * in `speaker.ts`), and no cookie is ever taken along.
 */
export const answerPreflight: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const origin = c.req.header('origin')
  c.header('vary', 'Origin')
  const asks = c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined
  if (!asks || origin === undefined) return next()
  c.header('access-control-allow-origin', origin)
  c.header('access-control-allow-methods', 'GET, POST, DELETE')
  c.header(
    'access-control-allow-headers',
    'authorization, content-type, idempotency-key, last-event-id, x-request-id',
  )
  c.header('access-control-max-age', '600')
  return c.body(null, 204)
}
