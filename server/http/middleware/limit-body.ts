import type { MiddlewareHandler } from 'hono'
import { WIRE_LIMITS } from '../../../protocol/limits.ts'
import { fail } from '../answer.ts'
import type { HttpEnv } from '../http-env.ts'

/** Refuses a body that says it is too large before any of it is read. `readJson` counts those that do not say. */
export const limitBody: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > WIRE_LIMITS.payload) return fail(c, 'payload_too_large')
  return next()
}
