import { WIRE_LIMITS } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { HttpContext } from './http-env.ts'

/** The body as JSON, whatever its type says it is. At most 32 KB of UTF-8. */
export async function readJson(c: HttpContext): Promise<Result<unknown>> {
  const bytes = await readAtMost(c.req.raw.body, WIRE_LIMITS.payload)
  if (bytes === null) return refuse('payload_too_large')
  try {
    return succeed(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown)
  } catch {
    return refuse('invalid_payload', 'The body is not JSON.')
  }
}

async function readAtMost(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  if (body !== null) {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > limit) return null
      chunks.push(chunk)
    }
  }
  return Buffer.concat(chunks)
}
