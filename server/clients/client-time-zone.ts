import type { AiSettings } from '../../protocol/ai-settings.ts'
import { isTimeZone } from '../infra/time-zone.ts'

/** The zone of IANA that a client lives in: its setting, else that of its `business_info`, else UTC. */
export function clientTimeZone({ time_zone }: AiSettings, businessInfo: unknown): string {
  if (time_zone !== undefined) return time_zone
  const isRecord = typeof businessInfo === 'object' && businessInfo !== null
  const zone = isRecord && 'timezone' in businessInfo ? businessInfo.timezone : null
  return typeof zone === 'string' && isTimeZone(zone) ? zone : 'UTC'
}
