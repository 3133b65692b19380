import type { LimitKind } from '../../protocol/widget.ts'
import { RATES } from '../../protocol/limits.ts'
import { planNamed } from '../billing/plans.ts'
import { takeAll, type Limit, type RateLimits } from '../infra/rate-limit.ts'

/** Who writes, whence, and to whom. */
export interface Sender {
  session_id: string
  client: { id: string; plan_type: string }
  /** What limits count by; null where the client's own server speaks for its visitors. */
  address: string | null
}

/** Which limit has been reached, and when it is worth asking again; null: the message may come. */
export type Excess = { kind: LimitKind; retryAfterMs: number } | null

/**
 * Counts a message that is about to be received; alike for every door it may come through. The visitor's own limit
 * first, then its address's, its client's last.
 */
export async function takeMessage(
  limits: RateLimits,
  { session_id, client, address }: Sender,
): Promise<Excess> {
  const ofAddress = address === null ? [] : addressLimits(address)
  const { exhausted, retryAfterMs } = await takeAll(limits, [
    { kind: 'messages', key: `messages:${session_id}`, rate: RATES.visitorMessages },
    ...ofAddress,
    // The key of a client is its id alone: `rate_limit:{client_id}:{minute}`.
    { kind: 'client', key: client.id, rate: planNamed(client.plan_type).messages },
  ] satisfies KindOfLimit[])
  return exhausted && { kind: exhausted.kind, retryAfterMs }
}

type KindOfLimit = Limit & { kind: LimitKind }

function addressLimits(address: string): KindOfLimit[] {
  const key = `messages:${address}`
  return [
    { kind: 'address', key, rate: RATES.addressMessages },
    { kind: 'address', key, rate: RATES.addressMessagesHourly },
  ]
}
