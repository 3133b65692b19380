import type { ModelAnswer, ModelRequest, Provider } from '../../../server/llm/provider.ts'
import type { RetryLimits } from '../../../server/llm/retry.ts'
import { VENDOR_LIMITS, type VendorLimits } from '../../../server/llm/stream-answer.ts'
import type { TimeLimits } from '../../../server/llm/watch.ts'

/** What a test may make shorter. */
export interface LimitChanges {
  time?: Partial<TimeLimits>
  /** Bytes of a whole answer. */
  stream?: number
}

const AT_ONCE: RetryLimits = { retries: 2, firstWait: 1, longestWait: 1_000 }

/** The limits of a server, but that repetitions come at once. */
export function quickLimits({ time, stream }: LimitChanges): VendorLimits {
  return {
    time: { ...VENDOR_LIMITS.time, ...time },
    retry: AT_ONCE,
    sse: { ...VENDOR_LIMITS.sse, ...(stream && { stream }) },
  }
}

/** Asks one question, and gives what came of it: the pieces as they were said, and the answer or the failure. */
export async function askOne(
  provider: Provider,
  request: Partial<ModelRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ said: string[]; answer?: ModelAnswer; error?: unknown }> {
  const said: string[] = []
  try {
    return { said, answer: await provider.ask(questionWith(request), (text) => said.push(text), signal) }
  } catch (error) {
    return { said, error }
  }
}

export function questionWith(request: Partial<ModelRequest>): ModelRequest {
  return {
    client_id: 'client-1',
    system: { stable: 'You help the visitors of Acme.', moment: '' },
    messages: [{ role: 'user', text: 'Do you have boots?' }],
    tools: [],
    mayCall: true,
    ...request,
  }
}
