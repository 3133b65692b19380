import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** What is signed of one sending of a webhook. `id` holds no full stop. */
export interface SignedWebhook {
  id: string
  /** Since the epoch. */
  seconds: number
  body: string | Buffer
}

const PREFIX = 'whsec_'
/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32

/** A secret in the form in which verifying libraries take it. */
export function createWebhookSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64')
}

/**
 * The three headers of Standard Webhooks 1.0.0, with a signature by each of `secrets`: HMAC-SHA256 over
 * `id.timestamp.body` with the secret's bytes.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function webhookHeaders(
  webhook: SignedWebhook,
  ...secrets: readonly string[]
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  return {
    'webhook-id': webhook.id,
    'webhook-timestamp': String(webhook.seconds),
    'webhook-signature': secrets
      .map((secret) => `${VERSION},${signatureOf(webhook, secret).toString('base64')}`)
      .join(' '),
  }
}

/** Whether one of `signatures`, the header, was made with one of `secrets`. */
export function isSignedWith(
  webhook: SignedWebhook,
  signatures: string,
  secrets: readonly string[],
): boolean {
  const expected = secrets.map((secret) => signatureOf(webhook, secret))
  return signatures
    .split(' ', MOST_SIGNATURES)
    .filter((signature) => signature.startsWith(`${VERSION},`))
    .map((signature) => Buffer.from(signature.slice(VERSION.length + 1), 'base64'))
    .some((given) => expected.some((one) => given.length === one.length && timingSafeEqual(given, one)))
}

const VERSION = 'v1'

/** Signatures of one header that are looked at. */
const MOST_SIGNATURES = 10

function signatureOf({ id, seconds, body }: SignedWebhook, secret: string): Buffer {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  return createHmac('sha256', key)
    .update(`${id}.${String(seconds)}.`)
    .update(body)
    .digest()
}
