import { sleep } from '../infra/abortable.ts'
import { ProviderError } from './provider.ts'

/** How often a request is repeated, and how long to wait before it. Milliseconds. */
export interface RetryLimits {
  /** Repetitions at most, after the first try. */
  retries: number
  /** Before the first repetition where the vendor names no time; doubled before each further one. */
  firstWait: number
  /** The longest wait that a vendor may ask for: when it asks for more, the failure is told at once. */
  longestWait: number
}

export const RETRY_LIMITS: Readonly<RetryLimits> = { retries: 2, firstWait: 500, longestWait: 8_000 }

/**
 * Runs `attempt` until it succeeds, fails for good, or has used up its repetitions. Only a retryable `ProviderError` is
 * repeated, and only while `mayRepeat` allows it. Rejects with the last failure, or with the signal's reason.
 */
export async function retrying<T>(
  attempt: () => Promise<T>,
  mayRepeat: () => boolean,
  limits: RetryLimits,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 0; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      const wait = failures < limits.retries && mayRepeat() ? waitAfter(error, failures, limits) : null
      if (wait === null) throw error
      await sleep(wait, signal)
    }
  }
}

/** Milliseconds until the next try, or null when there is no use in one. */
function waitAfter(error: unknown, failures: number, limits: RetryLimits): number | null {
  if (!(error instanceof ProviderError) || !error.retryable) return null
  const asked = error.retryAfterMs
  if (asked !== undefined) return asked <= limits.longestWait ? asked : null
  // Spread over the upper quarter, so that those who failed together do not come back together.
  return limits.firstWait * 2 ** failures * (1 - Math.random() / 4)
}
