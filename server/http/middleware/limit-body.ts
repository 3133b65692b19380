import type { MiddlewareHandler } from 'hono'
import { WIRE_LIMITS } from '../../../protocol/limits.ts'
import { OPERATIONS } from '../../../protocol/operations/index.ts'
import { fail } from '../answer.ts'
import type { HttpEnv } from '../http-env.ts'

/** What takes a file, and of how many bytes. */
const UPLOADS = new Map<string, number>(
  Object.entries(OPERATIONS).flatMap(([name, operation]) =>
    'upload' in operation ? [[name, operation.upload.bytes] as const] : [],
  ),
)

/** Refuses a body that says it is too large before any of it is read. `readBody` counts those that do not say. */
export const limitBody: MiddlewareHandler<HttpEnv> = async (c, next) => {
  const declared = Number(c.req.header('content-length') ?? 0)
  if (declared > (UPLOADS.get(`${c.req.method} ${c.req.path}`) ?? WIRE_LIMITS.payload))
    return fail(c, 'payload_too_large')
  return next()
}
