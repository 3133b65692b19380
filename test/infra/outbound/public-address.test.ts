import assert from 'node:assert/strict'
import { isPublicAddress } from '../../../server/infra/outbound/public-address.ts'

describe('A public address', () => {
  it('is an IPv4 address that the internet routes', () => {
    for (const address of [
      '1.1.1.1',
      '8.8.8.8',
      '93.184.216.34',
      '172.15.255.255',
      '172.32.0.0',
      '223.255.255.255',
    ])
      assert.equal(isPublicAddress(address), true, address)
  })

  it('is an IPv6 address of 2000::/3 that is not set apart', () => {
    for (const address of ['2606:4700::1111', '2a00:1450:4001:82a::200e', '2400:cb00:2048:1::c629:d7a2'])
      assert.equal(isPublicAddress(address), true, address)
  })

  it('is none of those that IANA sets apart, at their first and last', () => {
    const apart = [
      ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
      ...['127.0.0.1', '127.255.255.255', '169.254.0.0', '169.254.169.254', '172.16.0.0', '172.31.255.255'],
      ...['192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.0.0', '192.168.255.255', '198.18.0.0'],
      ...['198.19.255.255', '198.51.100.7', '203.0.113.7', '224.0.0.1', '239.255.255.255', '240.0.0.1'],
      '255.255.255.255',
    ]
    for (const address of apart) assert.equal(isPublicAddress(address), false, address)
  })

  it('hides no IPv4 address, is not local, and belongs to somebody', () => {
    const others = [
      ...[
        '::',
        '::1',
        '::ffff:127.0.0.1',
        '::ffff:8.8.8.8',
        '::127.0.0.1',
        '64:ff9b::7f00:1',
        '64:ff9b:1::1',
      ],
      ...['2002:7f00:1::', '2001:0:4136:e378::1', '2001:db8::1', '2001:10::1', '2001:20::1', '3fff::1'],
      ...['fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd00:ec2::254', 'fec0::1', 'ff02::1', '100::1', '4000::1'],
      '2606:4700::1111%eth0',
    ]
    for (const address of others) assert.equal(isPublicAddress(address), false, address)
  })

  it('is not what only looks like one', () => {
    for (const text of [
      '',
      'localhost',
      '1.1.1',
      '01.1.1.1',
      '0x1.1.1.1',
      '16843009',
      '1.1.1.1 ',
      '[2606:4700::1]',
    ])
      assert.equal(isPublicAddress(text), false, text)
  })
})
