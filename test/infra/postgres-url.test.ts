import assert from 'node:assert/strict'
import { readPostgresUrl } from '../../server/infra/postgres-url.ts'
import { StartError } from '../../server/infra/start-error.ts'

describe('a Postgres URL', () => {
  it('gives host, port, database, and a user and password with any characters', () => {
    assert.deepEqual(readPostgresUrl('postgres://par%40lor:p%2Fs%3As@db.example.com:6432/chat'), {
      host: 'db.example.com',
      port: 6432,
      database: 'chat',
      username: 'par@lor',
      password: 'p/s:s',
      tls: false,
    })
  })

  it('reaches a Unix socket by the folder in ?host= or in place of the host', () => {
    for (const url of ['postgres:///chat?host=/run/postgresql', 'postgres://%2Frun%2Fpostgresql/chat']) {
      assert.deepEqual(readPostgresUrl(url), {
        host: '/run/postgresql',
        port: 5432,
        database: 'chat',
        tls: false,
      })
    }
  })

  it('takes an IPv6 address without its brackets', () => {
    assert.equal(readPostgresUrl('postgresql://[::1]:5433/chat').host, '::1')
  })

  const tls = (query: string, host = 'db') => readPostgresUrl(`postgres://${host}/chat?${query}`).tls

  it('encrypts with sslmode=require, and checks the certificate with verify-full', () => {
    assert.equal(tls(''), false)
    assert.equal(tls('sslmode=disable'), false)
    assert.deepEqual(tls('sslmode=require'), { check: 'nothing' })
    assert.deepEqual(tls('ssl=true'), { check: 'nothing' })
    assert.deepEqual(tls('sslmode=verify-full'), { check: 'name' })
  })

  it('lets the authorities of sslrootcert vouch: for who issued it, and with verify-full for the name', () => {
    const authorities = '/etc/root.crt'
    assert.deepEqual(tls('sslmode=require&sslrootcert=/etc/root.crt'), { check: 'issuer', authorities })
    assert.deepEqual(tls('sslmode=verify-ca&sslrootcert=/etc/root.crt'), { check: 'issuer', authorities })
    assert.deepEqual(tls('sslmode=verify-full&sslrootcert=/etc/root.crt'), { check: 'name', authorities })
    assert.deepEqual(tls('sslrootcert=/etc/root.crt'), { check: 'name', authorities })
  })

  it('checks the name too where everybody can have a certificate', () => {
    assert.deepEqual(tls('sslmode=verify-ca'), { check: 'name' })
    assert.deepEqual(tls('sslmode=verify-full&sslrootcert=system'), { check: 'name' })
  })

  it('does not encrypt a Unix socket', () => {
    assert.equal(tls('sslmode=require&host=/run/postgresql', ''), false)
  })

  it('refuses an sslmode that nobody knows, for it may have been meant to encrypt', () => {
    assert.throws(() => tls('sslmode=verify_full'), StartError)
  })
})
