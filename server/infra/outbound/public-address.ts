import { BlockList, isIP } from 'node:net'

/**
 * Whether an address is one of the public internet, with which a tenant may be connected: plain IPv4 unicast, or IPv6 of
 * 2000::/3 that neither hides an IPv4 address nor is set apart. What only looks like an address is none.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SET_APART.check(address, 'ipv4')
    case 6:
      // A zone (fe80::1%eth0) belongs to this machine alone.
      return !address.includes('%') && UNICAST.check(address, 'ipv6') && !SET_APART.check(address, 'ipv6')
    default:
      return false
  }
}

/** Everything else is mapped, translated (64:ff9b::/96), local, multicast, or given to nobody yet. */
const UNICAST = listOf('ipv6', ['2000::/3'])

/** RFC 6890 with the registries of IANA that keep it up to date. 2001::/23 holds Teredo, 2002::/16 is 6to4. */
const SET_APART = listOf(
  'ipv6',
  ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  listOf('ipv4', [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/3',
  ]),
)

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[], list = new BlockList()): BlockList {
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}
