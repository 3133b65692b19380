import type { Registry } from 'prom-client'
import { counter, gauge } from '../read-when-asked.ts'
import type { Presence } from './presence.ts'

/** Whether Redis is there, and what its absence has cost. */
export function measureRedis(
  registry: Registry,
  presence: Pick<Presence, 'isHere' | 'returns'>,
  failedCheckpoints: () => number,
): void {
  gauge(registry, 'parlor_redis_up', 'Whether Redis answers this node: 1 or 0.', () =>
    Number(presence.isHere),
  )
  counter(
    registry,
    'parlor_redis_reconnects_total',
    'How often Redis came back after it was away.',
    () => presence.returns,
  )
  counter(
    registry,
    'parlor_checkpoint_failures_total',
    'How often something of a running reply could not be kept in Redis.',
    failedCheckpoints,
  )
}
