import { readDestination } from './destination.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * Why an address that a tenant supplies will never be reached, as far as it can be told without resolving its name; null
 * where nothing is known against it. `allow`: the pairs of host and port that may be private.
 */
export function refusalOf(url: string, allow: readonly string[]): string | null {
  const destination = readDestination(url)
  if (!destination) return 'is no http or https address without a user in it'
  const { isAddress, host, hostAndPort } = destination
  const isHidden = isAddress && !isPublicAddress(host) && !allow.includes(hostAndPort)
  return isHidden ? 'is no public address, and the operator does not allow it (OUTBOUND_ALLOW)' : null
}
