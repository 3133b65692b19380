import { isSignedWith, type SignedWebhook } from '../n8n/sign.ts'

/** The headers of Standard Webhooks, as they came; a missing one is undefined. */
export interface SignatureHeaders {
  id: string | undefined
  timestamp: string | undefined
  signature: string | undefined
}

/** Seconds that a sender's clock may differ from ours, and that a signed request may be on its way. */
const TOLERANCE = 300

/** What says that it is signed, now; null where it is not, or was too long ago. What is signed is checked later. */
export function readSignature(headers: SignatureHeaders, now: number): SignatureClaim | null {
  const { id = '', timestamp = '', signature = '' } = headers
  if (!ID.test(id) || !/^\d{1,12}$/.test(timestamp) || signature === '') return null
  const seconds = Number(timestamp)
  return Math.abs(now / 1_000 - seconds) <= TOLERANCE ? { id, seconds, signature } : null
}

/** No full stop: it parts what is signed. */
const ID = /^[^\s.]{1,256}$/

/** What a request says of its signature. */
export interface SignatureClaim extends Pick<SignedWebhook, 'id' | 'seconds'> {
  /** The header: several of them, with spaces between. */
  signature: string
}

/** Whether the claim holds for these bytes, by one of the secrets. In constant time for one secret and signature. */
export function holds(
  { id, seconds, signature }: SignatureClaim,
  body: Buffer,
  secrets: readonly string[],
): boolean {
  return isSignedWith({ id, seconds, body }, signature, secrets)
}
