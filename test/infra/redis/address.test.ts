import assert from 'node:assert/strict'
import { readRedisUrl } from '../../../server/infra/redis/address.ts'

describe('A Redis URL', () => {
  it('names one server, with what everybody leaves out', () => {
    assert.deepEqual(readRedisUrl('redis://cache'), {
      kind: 'single',
      hosts: [{ host: 'cache', port: 6379 }],
      database: 0,
      tls: false,
    })
  })

  it('may have a user, a password, a port and a database, percent-encoded', () => {
    assert.deepEqual(readRedisUrl('rediss://app:p%40ss@cache.example:6380/2'), {
      kind: 'single',
      hosts: [{ host: 'cache.example', port: 6380 }],
      database: 2,
      username: 'app',
      password: 'p@ss',
      tls: {},
    })
  })

  it('may have a password alone', () => {
    assert.equal(readRedisUrl('redis://:secret@cache')?.password, 'secret')
    assert.equal('username' in (readRedisUrl('redis://:secret@cache') ?? {}), false)
  })

  it('may name sentinels and the master that they watch', () => {
    assert.deepEqual(readRedisUrl('redis+sentinel://a,b:26380/main/1'), {
      kind: 'sentinel',
      hosts: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 26_380 },
      ],
      master: 'main',
      database: 1,
      tls: false,
    })
  })

  it('may name nodes of a cluster, and a file of authorities', () => {
    const address = readRedisUrl('rediss+cluster://a:7000,[::1]:7001?tlsrootcert=/etc/ca.crt')
    assert.deepEqual(address?.hosts, [
      { host: 'a', port: 7000 },
      { host: '::1', port: 7001 },
    ])
    assert.deepEqual(address.tls, { authorities: '/etc/ca.crt' })
  })

  for (const wrong of [
    'http://cache',
    'redis://',
    'redis://cache:0',
    'redis://cache:99999',
    'redis://cache/main',
    'redis://a,b',
    'redis://cache/0/1',
    'redis://cache?family=6',
    'redis+sentinel://a',
    'redis+cluster://a/1',
    'redis://%zz:b@cache',
    'redis://a b',
  ])
    it(`is not ${wrong}`, () => {
      assert.equal(readRedisUrl(wrong), null)
    })
})
