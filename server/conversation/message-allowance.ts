import { RATES } from '../../protocol/limits.ts'
import { takeAll, type Allowance, type MinuteLimits } from '../infra/rate-limit.ts'

/** Counts a message that is about to be received; alike for every door it may come through. */
export function takeMessage(
  limits: MinuteLimits,
  { sessionId, address }: { sessionId: string; address: string },
): Promise<Allowance> {
  return takeAll(limits, [
    { key: `messages:${sessionId}`, perMinute: RATES.visitorMessagesPerMinute },
    { key: `messages:${address}`, perMinute: RATES.addressMessagesPerMinute },
  ])
}
