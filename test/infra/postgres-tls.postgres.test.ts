import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../../server/infra/start-error.ts'
import { issueCertificate, makeAuthority } from '../support/certificates.ts'
import { openAgain } from '../support/databases.ts'
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.ts'

const ENCRYPTED = {
  name: 'test/encrypted',
  text: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
}

describe('a Postgres behind TLS', function () {
  this.timeout(60_000)
  let folder: string
  let encrypting: OwnPostgres
  let plain: OwnPostgres
  let ours: string
  let foreign: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parlor-tls-'))
    const authority = makeAuthority(folder, 'ours')
    ours = authority.certificate
    foreign = makeAuthority(folder, 'foreign').certificate
    // The server is reached by its address, too, for which the certificate is not.
    const certificate = issueCertificate(folder, authority, ['DNS:localhost'])
    ;[encrypting, plain] = await Promise.all([startOwnPostgres({ certificate }), startOwnPostgres()])
  })
  after(async () => {
    await Promise.all([encrypting.close(), plain.close()])
    await rm(folder, { recursive: true, force: true })
  })

  async function isEncrypted(server: OwnPostgres, host: string, query: string): Promise<boolean | undefined> {
    const url = new URL(server.url)
    url.hostname = host
    url.search = query
    const database = await openAgain({ url: url.href })
    try {
      const [row] = await database.run<{ ssl: boolean }>(ENCRYPTED, [])
      return row?.ssl
    } finally {
      await database.close()
    }
  }
  const refusal = async (server: OwnPostgres, host: string, query: string): Promise<string> => {
    const error: unknown = await isEncrypted(server, host, query).catch((reason: unknown) => reason)
    assert.ok(error instanceof StartError, 'it is refused for a reason that is told')
    return error.message
  }

  it('is not encrypted where nothing is said', async () => {
    assert.equal(await isEncrypted(encrypting, '127.0.0.1', ''), false)
  })

  it('is encrypted with require, whoever issued the certificate', async () => {
    assert.equal(await isEncrypted(encrypting, '127.0.0.1', 'sslmode=require'), true)
  })

  it('is trusted with verify-full when authority and name are right', async () => {
    const query = `sslmode=verify-full&sslrootcert=${ours}`
    assert.equal(await isEncrypted(encrypting, 'localhost', query), true)
  })

  it('is not trusted with verify-full under another name, which verify-ca does not ask for', async () => {
    const query = `sslrootcert=${ours}&sslmode`
    assert.match(await refusal(encrypting, '127.0.0.1', `${query}=verify-full`), /is not for "127\.0\.0\.1"/)
    assert.equal(await isEncrypted(encrypting, '127.0.0.1', `${query}=verify-ca`), true)
  })

  it('is not trusted when another authority issued the certificate', async () => {
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      const told = await refusal(encrypting, 'localhost', `sslmode=${mode}&sslrootcert=${foreign}`)
      assert.match(told, /issued by nobody who is trusted here/, mode)
    }
    assert.match(await refusal(encrypting, 'localhost', 'sslmode=verify-full'), /issued by nobody/)
  })

  it('is refused when it does not encrypt at all', async () => {
    assert.match(await refusal(plain, 'localhost', 'sslmode=require'), /does not encrypt/)
  })

  it('says which file of authorities cannot be read', async () => {
    const told = await refusal(encrypting, 'localhost', 'sslmode=verify-full&sslrootcert=/nowhere/root.crt')
    assert.match(told, /The file \/nowhere\/root\.crt/)
  })
})
