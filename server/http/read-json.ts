import { WIRE_LIMITS } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { HttpContext } from './http-env.ts'
import { readBody } from './read-body.ts'

/** The body as JSON, whatever its type says it is. At most 32 KB of UTF-8. */
export async function readJson(c: HttpContext): Promise<Result<unknown>> {
  const bytes = await readBody(c, WIRE_LIMITS.payload)
  if (!bytes.ok) return bytes
  try {
    return succeed(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.data)) as unknown)
  } catch {
    return refuse('invalid_payload', 'The body is not JSON.')
  }
}
