import { WIRE_LIMITS } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { HttpContext } from './http-env.ts'
import { readBody } from './read-body.ts'

/** The body as JSON, whatever its type says it is. At most so many bytes of UTF-8, 32 KB where it is not said. */
export async function readJson(c: HttpContext, most: number = WIRE_LIMITS.payload): Promise<Result<unknown>> {
  const bytes = await readBody(c, most)
  if (!bytes.ok) return bytes
  try {
    return succeed(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.data)) as unknown)
  } catch {
    return refuse('invalid_payload', 'The body is not JSON.')
  }
}
