import assert from 'node:assert/strict'
import { readPostgresUrl } from '../../server/infra/postgres-url.ts'

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

  it('encrypts with sslmode=require, and checks the certificate with verify-full', () => {
    const tls = (mode: string) => readPostgresUrl(`postgres://db/chat?sslmode=${mode}`).tls
    assert.deepEqual(tls('disable'), false)
    assert.deepEqual(tls('require'), { rejectUnauthorized: false })
    assert.deepEqual(tls('verify-full'), { rejectUnauthorized: true })
  })
})
