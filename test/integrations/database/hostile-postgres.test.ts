import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, TLSSocket } from 'node:tls'
import { issueCertificate, makeAuthority } from '../../support/certificates.ts'
import { eventually } from '../../support/eventually.ts'
import { openDatabaseStage } from './stage.ts'

/** Speaks after the client's first words; `say` may be told in the middle of anything. */
type Behave = (socket: Socket, first: Buffer) => void

const message = (type: string, body: Buffer | string) => {
  const bytes = Buffer.from(body as string)
  const head = Buffer.from(`${type}\0\0\0\0`, 'latin1')
  head.writeUInt32BE(bytes.length + 4, 1)
  return Buffer.concat([head, bytes])
}
const LET_IN = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', 'I')])
const ASKS_PASSWORD = message('R', Buffer.from([0, 0, 0, 3]))
const WRONG_PASSWORD = message('E', 'SFATAL\0C28P01\0Mpassword authentication failed\0\0')

describe('A server that says it is a Postgres', () => {
  const sockets = new Set<Socket>()
  let behave: Behave = () => undefined
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', (first) => behave(socket, first))
  })
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  })
  after(() => new Promise((resolve) => server.close(resolve)))

  const stage = (changes: object = {}, password = 'secret') => {
    const { port } = server.address() as AddressInfo
    const place = { engine: 'postgres' as const, host: '127.0.0.1', port, database: 'shop', user: 'r' }
    const config = { ...place, sslmode: 'disable' as const, ...changes }
    return openDatabaseStage(config, password, [`127.0.0.1:${port}`, `localhost:${port}`])
  }
  const problem = async (doing: Behave, timeLeft = 10_000) => {
    behave = doing
    const fetched = await stage().ask({ query: 'SELECT 1', timeLeft })
    assert.ok(!fetched.ok)
    return fetched.problem
  }

  it('breaks nothing but its own connection by what it says', async () => {
    for (const words of [
      message('R', ''),
      message('R', Buffer.from([0, 0, 0, 10, 65])),
      Buffer.from('R\0\0\0\0\0\0\0'),
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      Buffer.concat([LET_IN, message('T', Buffer.from([255, 255])), message('D', Buffer.from([127, 255]))]),
      Buffer.concat([LET_IN, message('E', 'X'), message('K', '')]),
      Buffer.concat([LET_IN, message('D', Buffer.from([0, 1, 255, 0, 0, 0]))]),
    ]) {
      const found = await problem((socket) => socket.end(words))
      assert.ok(['broken', 'failing'].includes(found), `${found} after ${words.toString('latin1')}`)
    }
  })

  it('is hung up on when it does not stop', async () => {
    const noise = message('N', `SNOTICE\0M${'x'.repeat(60_000)}\0\0`)
    const flood: Behave = (socket) => {
      socket.write(LET_IN)
      const more = () => {
        if (socket.destroyed) return
        if (socket.write(noise)) setImmediate(more)
        else socket.once('drain', more)
      }
      more()
    }
    assert.equal(await problem(flood), 'too_large')
    const endless = Buffer.from('D\x7f\xff\xff\xff', 'latin1')
    assert.equal(await problem((socket) => socket.write(endless), 300), 'timeout')
  })

  it('is told no password but the one that was entered for it', async () => {
    process.env['PGPASSWORD'] = 'of-the-operator'
    try {
      for (const password of ['', 'secret']) {
        const heard = new Promise<string>((resolve) => {
          behave = (socket) => {
            socket.once('data', (said) => {
              resolve(said.toString('latin1'))
              socket.end(WRONG_PASSWORD)
            })
            socket.write(ASKS_PASSWORD)
          }
        })
        const { ok, message: told } = await stage({}, password).test()
        assert.equal(await heard, message('p', `${password}\0`).toString('latin1'))
        assert.deepEqual([ok, /user or the password is wrong/.test(told)], [false, true])
      }
    } finally {
      delete process.env['PGPASSWORD']
    }
  })

  it('has to encrypt, and nobody may speak in between', async () => {
    behave = (socket) => socket.write('N')
    assert.match((await stage({ sslmode: 'verify-full' }).test()).message, /It does not encrypt/)
    behave = (socket) => socket.write(Buffer.concat([Buffer.from('S'), LET_IN]))
    assert.match((await stage({ sslmode: 'require' }).test()).message, /It does not encrypt/)
    behave = (socket) => socket.end()
    assert.match((await stage({ sslmode: 'require' }).test()).message, /The connection broke/)
  })

  it('has to have a certificate for its name, of an authority that is trusted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-database-'))
    try {
      const authority = makeAuthority(folder, 'ours')
      const foreign = await readFile(makeAuthority(folder, 'foreign').certificate, 'utf8')
      const ca = await readFile(authority.certificate, 'utf8')
      const { certificate, key } = issueCertificate(folder, authority, ['DNS:localhost'])
      const files = { cert: await readFile(certificate), key: await readFile(key) }
      behave = (socket) => {
        socket.write('S')
        const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(files) })
        secured.on('error', () => undefined)
        secured.once('data', () => secured.end(WRONG_PASSWORD))
      }
      const told = async (changes: object) =>
        (await stage({ sslmode: 'verify-full', ...changes }).test()).message
      assert.match(await told({ host: 'localhost', ca }), /the password is wrong/)
      assert.match(await told({ ca }), /Its certificate is for another name/)
      assert.match(await told({ host: 'localhost', ca: foreign }), /issued by nobody who is trusted here/)
      assert.match(await told({ host: 'localhost' }), /issued by nobody who is trusted here/)
      assert.match(await told({ sslmode: 'require' }), /the password is wrong/)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('is asked four questions at a time, and a wait has an end', async () => {
    let together = 0
    let most = 0
    behave = (socket) => {
      most = Math.max(most, ++together)
      socket.on('close', () => together--)
    }
    const one = stage()
    const abort = new AbortController()
    const asked = Array.from({ length: 40 }, () => one.ask({ query: 'SELECT 1', signal: abort.signal }))
    const ends = Promise.allSettled(asked.slice(0, 36))
    for (const fetched of await Promise.all(asked.slice(36)))
      assert.equal(!fetched.ok && fetched.problem, 'unavailable')
    await eventually(() => assert.equal(together, 4))
    abort.abort(new Error('all have left'))
    assert.ok((await ends).every(({ status }) => status === 'rejected'))
    assert.equal(most, 4)
    behave = (socket) => socket.end(WRONG_PASSWORD)
    const after = await one.ask({ query: 'SELECT 1' })
    assert.equal(!after.ok && after.problem, 'unauthorized')
  })
})
