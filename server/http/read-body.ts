import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { HttpContext } from './http-env.ts'

/** The bytes of the body. Refused: `payload_too_large` over `most`. */
export async function readBody(c: HttpContext, most: number): Promise<Result<Buffer>> {
  const chunks: Uint8Array[] = []
  let size = 0
  const { body } = c.req.raw
  if (body !== null) {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength
      if (size > most) return refuse('payload_too_large')
      chunks.push(chunk)
    }
  }
  return succeed(Buffer.concat(chunks))
}
