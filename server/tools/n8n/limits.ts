/** What one call of a webhook may take. Milliseconds unless said otherwise. */
export interface WebhookLimits {
  /** All its attempts together. */
  deadline: number
  /** Bytes of its answer. */
  answer: number
  /** Attempts at most, and the pauses between them. */
  pauses: readonly number[]
  /** Webhooks whose failures are remembered at once. */
  breakers: number
}

export const WEBHOOK_LIMITS: WebhookLimits = {
  deadline: 30_000,
  answer: 64 * 1024,
  pauses: [200, 800],
  breakers: 2_000,
}
