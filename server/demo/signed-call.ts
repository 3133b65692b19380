import type { IncomingMessage } from 'node:http'
import { isSignedWith } from '../tools/n8n/sign.ts'
import type { DemoCall } from './answers.ts'

/** The body is longer than any call. */
export class TooLong extends Error {
  override readonly name = 'TooLong'
}

/** Bytes of a call, and seconds by which clocks may differ. */
const LONGEST = 64 * 1024
const TOLERANCE = 300

/**
 * Reads a call and verifies its signature over the bytes as they came, as docs/tools.md tells businesses to. Null: it is
 * not signed by one of `secrets`, or too old, or no call. `now`: milliseconds since the epoch. Rejects with `TooLong`.
 */
export async function readSignedCall(
  request: IncomingMessage,
  { secrets, now }: { secrets: readonly string[]; now: number },
): Promise<DemoCall | null> {
  const body = await readBody(request)
  const {
    'webhook-id': id = '',
    'webhook-timestamp': at = '',
    'webhook-signature': signature = '',
  } = request.headers as Partial<Record<string, string>>
  const seconds = Number(at)
  if (!(Math.abs(now / 1_000 - seconds) < TOLERANCE)) return null
  if (!isSignedWith({ id, seconds, body }, signature, secrets)) return null
  return readCall(body)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LONGEST) throw new TooLong(`more than ${String(LONGEST)} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function readCall(body: Buffer): DemoCall | null {
  try {
    const call = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    const { tool, idempotency_key: key, arguments: given } = call
    const isCall =
      typeof tool === 'string' && typeof key === 'string' && typeof given === 'object' && given !== null
    return isCall ? { tool, key, given: given as Record<string, unknown> } : null
  } catch {
    return null
  }
}
