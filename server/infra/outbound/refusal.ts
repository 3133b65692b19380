import { readDestination, type Destination } from './destination.ts'
import { readServerPlace, type ServerPlace } from './open-socket.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * Why an address that a tenant supplies will never be reached, as far as it can be told without resolving its name; null
 * where nothing is known against it. `allow`: the pairs of host and port that may be private.
 */
export function refusalOf(url: string, allow: readonly string[]): string | null {
  const destination = readDestination(url)
  return destination ? hiddenness(destination, allow) : 'is no http or https address without a user in it'
}

/** The same of a host and a port. */
export function placeRefusalOf(place: ServerPlace, allow: readonly string[]): string | null {
  const destination = readServerPlace(place)
  return destination ? hiddenness(destination, allow) : 'is no name of a host, and no address'
}

function hiddenness({ isAddress, host, hostAndPort }: Destination, allow: readonly string[]): string | null {
  const isHidden = isAddress && !isPublicAddress(host) && !allow.includes(hostAndPort)
  return isHidden ? 'is no public address, and the operator does not allow it (OUTBOUND_ALLOW)' : null
}
