import { RATES } from '../../protocol/limits.ts'
import type { Config } from '../config/config.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Parlor speaks no TLS: where its public address does, a proxy stands in front of it. */
export function examineProxy({ http, rateLimits }: Pick<Config, 'http' | 'rateLimits'>): Finding[] {
  const { ok, warning } = findingsOf('Proxy')
  const { publicUrl, trustedProxies } = http
  if (publicUrl?.startsWith('https:') !== true) return []
  if (trustedProxies.length > 0) return [ok(`X-Forwarded-For is believed from ${trustedProxies.join(', ')}`)]
  if (!rateLimits) return []
  return [
    warning(
      'PUBLIC_URL is https, so a proxy stands in front, and all visitors count as one address: ' +
        `${RATES.addressSockets} sockets in all. Set TRUSTED_PROXIES to the proxy’s address.`,
    ),
  ]
}
