import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { addressGroup, canonicalAddress, createClientAddress } from '../../server/http/client-address.ts'

describe('the address of a client', () => {
  const behindProxies = createClientAddress(['10.0.0.0/8', '2001:db8:1::/48', '127.0.0.1'])

  const cases: [peer: string, forwardedFor: string | null, address: string][] = [
    ['192.0.2.7', null, '192.0.2.7'],
    ['192.0.2.7', '198.51.100.1', '192.0.2.7'],
    ['10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    ['10.1.2.3', '203.0.113.9, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    ['10.1.2.3', '10.9.9.9', '10.9.9.9'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', 'unknown', '10.1.2.3'],
    ['10.1.2.3', '198.51.100.1, nonsense, 10.9.9.9', '10.9.9.9'],
    ['10.1.2.3', ' 198.51.100.1:4711 ', '198.51.100.1'],
    ['10.1.2.3', '[2001:db8:2::1]:4711', '2001:db8:2::1'],
    ['::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['0000:0000:0000:0000:0000:ffff:0a01:0203', '::ffff:198.51.100.1', '198.51.100.1'],
    ['2001:0db8:0001:0000:0000:0000:0000:0001', '2001:DB8:2:0::1', '2001:db8:2::1'],
  ]
  for (const [peer, forwardedFor, address] of cases) {
    it(`is ${address} when ${peer} says ${forwardedFor ?? 'nothing'}`, () =>
      assert.equal(behindProxies(peer, forwardedFor), address))
  }

  it('is that of the peer when no proxy is trusted', () => {
    assert.equal(createClientAddress([])('127.0.0.1', '198.51.100.1'), '127.0.0.1')
  })

  it('is spelled one way', () => {
    for (const text of ['::1', '0:0:0:0:0:0:0:1', '0000:0000:0000:0000:0000:0000:0000:0001', '::1%lo']) {
      assert.equal(canonicalAddress(text), '::1')
    }
    assert.equal(canonicalAddress('::ffff:127.0.0.1'), '127.0.0.1')
    assert.equal(canonicalAddress(''), '')
  })

  it('counts as its /64 where it is IPv6', () => {
    assert.equal(addressGroup('192.0.2.7'), '192.0.2.7')
    assert.equal(addressGroup('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64')
    assert.equal(addressGroup('2001:db8::1'), '2001:db8:0:0::/64')
    assert.equal(addressGroup('::1'), '0:0:0:0::/64')
  })
})
