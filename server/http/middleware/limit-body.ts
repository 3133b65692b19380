import type { MiddlewareHandler } from 'hono'
import { WIRE_LIMITS } from '../../../protocol/limits.ts'
import { OPERATIONS } from '../../../protocol/operations/index.ts'
import type { Operation } from '../../../protocol/operations/operation.ts'
import { fail } from '../answer.ts'
import type { HttpEnv } from '../http-env.ts'

/** What takes more than others do, and of how many bytes. */
const LARGER = Object.entries<Operation>(OPERATIONS).flatMap(([name, { upload, body }]) => {
  const bytes = upload?.bytes ?? body?.bytes
  return bytes === undefined ? [] : [{ named: new RegExp(`^${name.replace(/:\w+/g, '[^/]+')}$`), bytes }]
})

/** Refuses a body that says it is too large before any of it is read. `readBody` counts those that do not say. */
export const limitBody: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared <= WIRE_LIMITS.payload) return next()
  const asked = `${c.req.method} ${c.req.path}`
  const larger = LARGER.find(({ named }) => named.test(asked))
  return declared <= (larger?.bytes ?? 0) ? next() : fail(c, 'payload_too_large')
}
