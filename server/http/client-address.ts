import { BlockList, isIP } from 'node:net'

/** Finds whose request it is: the address that limits count by. Alike for sockets and HTTP. */
export type ClientAddress = (peer: string, forwardedFor: string | null | undefined) => string

/**
 * `trustedProxies` are addresses and CIDR ranges. From one of them X-Forwarded-For is believed, from right to left,
 * as far as trusted proxies wrote it: everybody else can write there whatever he likes. The answer is spelled one
 * way whichever engine and family it came by.
 */
export function createClientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList()
  for (const entry of trustedProxies) trust(trusted, entry)

  return (peer, forwardedFor) => {
    let address = canonicalAddress(peer)
    const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
    for (let i = hops.length - 1; i >= 0 && isTrusted(trusted, address); i--) {
      const hop = canonicalAddress(withoutPort(hops[i] ?? ''))
      if (isIP(hop) === 0) break
      address = hop
    }
    return address
  }
}

/**
 * What limits count by, of a canonical address: an IPv4 address, or the /64 of an IPv6 address, since whoever has one of those has them
 * all. Anything else counts as itself.
 */
export function addressGroup(address: string): string {
  return isIP(address) === 6 ? `${expand(address).slice(0, 4).join(':')}::/64` : address
}

/** IPv6 in its shortest form, IPv4 inside IPv6 as IPv4; any other text as it is. */
export function canonicalAddress(text: string): string {
  const address = text.split('%', 1)[0] ?? text
  if (isIP(address) !== 6) return text
  const shortest = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const groups = expand(shortest)
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return shortest
  const bytes = groups.slice(6).flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff])
  return bytes.join('.')
}

/** The eight groups of a canonical IPv6 address, in hex without leading zeroes. */
function expand(address: string): string[] {
  const [left = '', right] = address.split('::')
  const before = left === '' ? [] : left.split(':')
  if (right === undefined) return before
  const after = right === '' ? [] : right.split(':')
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}

/** Some proxies add the port: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
function withoutPort(hop: string): string {
  return /^\[(.+)\](?::\d+)?$/.exec(hop)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(hop)?.[1] ?? hop
}

function trust(list: BlockList, entry: string): void {
  const [address = '', prefix] = entry.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) list.addAddress(address, family)
  else list.addSubnet(address, Number(prefix), family)
}

function isTrusted(list: BlockList, address: string): boolean {
  const family = isIP(address)
  return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4')
}
