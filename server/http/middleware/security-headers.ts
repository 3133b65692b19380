import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from '../http-env.ts'

/** For answers that are no page: they load nothing and stand in no frame. */
const NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

/** What every answer says to browsers. A page brings its own policy; only the chat frame may be embedded. */
export const securityHeaders: MiddlewareHandler<HttpEnv> = async (c, next) => {
  await next()
  c.header('x-content-type-options', 'nosniff')
  c.header('referrer-policy', 'no-referrer')
  c.header('cross-origin-resource-policy', c.get('shared') === true ? 'cross-origin' : 'same-origin')
  if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', NO_PAGE)
  if (c.get('embeddable') !== true) c.header('x-frame-options', 'DENY')
}
