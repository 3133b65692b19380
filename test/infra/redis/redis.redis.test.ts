import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openRedis, type Redis } from '../../../server/infra/redis/redis.ts'
import { StartError } from '../../../server/infra/start-error.ts'
import { issueCertificate, makeAuthority } from '../../support/certificates.ts'
import { silentLog } from '../../support/databases.ts'
import { startOwnRedis, type OwnRedis, type OwnRedisSettings } from '../../support/own-redis.ts'

const HASTY = { connect: 2_000, command: 1_000, retry: { shortest: 10, longest: 50 } }

describe('A connection to Redis', () => {
  const open: { close(): unknown }[] = []
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close()
  })

  async function server(settings: OwnRedisSettings = {}): Promise<OwnRedis> {
    const redis = await startOwnRedis(settings)
    open.push(redis)
    return redis
  }

  async function connect(url: string): Promise<Redis> {
    const redis = await openRedis(url, silentLog, HASTY)
    open.push(redis)
    return redis
  }

  async function refused(url: string): Promise<string> {
    const error = await connect(url).then(
      () => assert.fail('it let us in'),
      (reason: unknown) => reason,
    )
    assert.ok(error instanceof StartError, String(error))
    return error.message
  }

  it('says in one line that nobody listens there', async () => {
    const own = await server()
    await own.stop()
    assert.equal(
      await refused(own.url),
      `No Redis is listening at 127.0.0.1:${own.port}. Start Redis, or correct REDIS_URL.`,
    )
  })

  it('says that a password is missing or wrong, and never shows it', async () => {
    const own = await server({ settings: ['--requirepass', 'right'] })
    assert.match(await refused(own.url), /refused our user or password/)
    const told = await refused(`redis://:wrong-secret@127.0.0.1:${own.port}`)
    assert.match(told, /refused our user or password/)
    assert.doesNotMatch(told, /wrong-secret/)
    const redis = await connect(`redis://:right@127.0.0.1:${own.port}`)
    assert.equal(await redis.commands.ping(), 'PONG')
  })

  it('refuses a replica, which cannot be written to', async () => {
    const master = await server()
    const replica = await server({ settings: ['--replicaof', '127.0.0.1', String(master.port)] })
    assert.match(await refused(replica.url), /is a replica/)
  })

  it('says that a Redis which is frozen does not answer', async () => {
    const own = await server()
    own.freeze()
    assert.match(await refused(own.url), /does not answer/)
  })

  describe('over TLS', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlor-redis-tls-'))
    after(() => rmSync(folder, { recursive: true, force: true }))

    it('checks who issued the certificate', async () => {
      const authority = makeAuthority(folder, 'authority')
      const files = issueCertificate(folder, authority, ['IP:127.0.0.1'])
      const own = await server({ certificate: { ...files, authority: authority.certificate } })
      assert.match(await refused(own.url), /encryption of Redis/)
      const redis = await connect(`${own.url}?tlsrootcert=${authority.certificate}`)
      assert.equal(await redis.commands.ping(), 'PONG')
    })
  })

  it('rejects at once while Redis is away, and is back by itself', async () => {
    const own = await server()
    const redis = await connect(own.url)
    const away = once(redis.presence, 'away')
    await own.stop()
    await away
    assert.equal(redis.presence.isHere, false)
    await assert.rejects(redis.commands.get('a'))
    await assert.rejects(redis.bus.publish('a', 'b'))
    const back = once(redis.presence, 'back')
    await own.start()
    await back
    assert.equal(redis.presence.isHere, true)
    assert.equal(await redis.commands.get('a'), null)
  })

  it('gives up a connection that hangs once, however many wait for it', async () => {
    const own = await server()
    const redis = await connect(own.url)
    const warnings: string[] = []
    const hear = (warning: Error) => warnings.push(warning.message)
    process.on('warning', hear)
    own.freeze()
    const channels = Array.from({ length: 20 }, (_, index) => `channel-${index}`)
    const heard = await Promise.allSettled(channels.map((name) => redis.bus.subscribe(name, () => undefined)))
    assert.ok(heard.every(({ status }) => status === 'rejected'))
    // Node warns in its next tick.
    await setImmediate()
    process.off('warning', hear)
    own.thaw()
    assert.deepEqual(warnings, [])
  })

  it('does not wait for a Redis that is frozen', async () => {
    const own = await server()
    const redis = await connect(own.url)
    own.freeze()
    await assert.rejects(redis.commands.get('a'), /timed out/)
    own.thaw()
  })
})
