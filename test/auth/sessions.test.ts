import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { authenticateSession } from '../../server/auth/authenticate-session.ts'
import { createClientDirectory, type Client } from '../../server/auth/client-directory.ts'
import { startSession } from '../../server/auth/start-session.ts'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'

let held: TestDatabase
let database: Database
let client: Client
let other: Client

before(async function () {
  this.timeout(60_000)
  held = await openTestDatabase()
  database = held.database
  const directory = createClientDirectory(database)
  const find = async (settings: object) =>
    (await directory.findByKey((await makeClient(database, settings)).api_key))!
  client = await find({ allowed_origins: ['https://shop.example'], locale: 'de' })
  other = await find({})
})
after(() => held.close())

const query = (sql: string, ...bind: unknown[]) => database.sequelize.query(sql, { bind })

async function read<T>(sql: string, ...bind: unknown[]): Promise<T[]> {
  const [rows] = await query(sql, ...bind)
  return rows as T[]
}

describe('a new session', () => {
  it('is granted by a token of 256 bits that is not kept', async () => {
    const { session, token } = await startSession(database, client, { locale: 'en' })
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    assert.match(token, /^[A-Za-z0-9_-]{43}$/)
    assert.deepEqual(
      { ...session, id: '', visitor_id: '' },
      {
        id: '',
        client_id: client.id,
        visitor_id: '',
        user_identifier: null,
        proven: false,
        locale: 'en',
      },
    )
    const rows = await read<object>('SELECT s.*, v.* FROM sessions s JOIN visitors v ON v.id = visitor_id')
    assert.ok(!JSON.stringify(rows).includes(token))
  })

  it('has a visitor of its own when nothing is known of him', async () => {
    const first = await startSession(database, client, {})
    const second = await startSession(database, client, {})
    assert.notEqual(first.session.visitor_id, second.session.visitor_id)
  })

  it('belongs to the visitor of that user_id, but is never an old one', async () => {
    const first = await startSession(database, client, { user_id: 'ada' })
    const second = await startSession(database, client, { user_id: 'ada' })
    assert.equal(first.session.user_identifier, 'ada')
    assert.equal(first.session.visitor_id, second.session.visitor_id)
    assert.notEqual(first.session.id, second.session.id)
    assert.notEqual(first.token, second.token)
  })

  it('of the same user_id at another client is of another visitor', async () => {
    const here = await startSession(database, client, { user_id: 'bob' })
    const there = await startSession(database, other, { user_id: 'bob' })
    assert.notEqual(here.session.visitor_id, there.session.visitor_id)
  })

  it('heeds no user_id where identity must be proved', async () => {
    const known = await startSession(database, client, { user_id: 'eve' })
    const claimed = await startSession(database, { ...client, identity_required: true }, { user_id: 'eve' })
    assert.equal(claimed.session.user_identifier, null)
    assert.notEqual(claimed.session.visitor_id, known.session.visitor_id)
  })

  it('is made once for each of many who come at the same time', async () => {
    const started = await Promise.all(
      Array.from({ length: 20 }, () => startSession(database, client, { user_id: 'crowd' })),
    )
    assert.equal(new Set(started.map(({ session }) => session.visitor_id)).size, 1)
    assert.equal(new Set(started.map(({ session }) => session.id)).size, 20)
  })
})

describe('a session', () => {
  it('is authenticated by its id and token', async () => {
    const { session, token } = await startSession(database, client, { user_id: 'carl', locale: 'he' })
    const claim = { sessionId: session.id, token }
    assert.deepEqual(await authenticateSession(database, claim), session)
    assert.deepEqual(await authenticateSession(database, { ...claim, clientId: client.id }), session)
  })

  it('is not authenticated by anything else', async () => {
    const mine = await startSession(database, client, {})
    const hers = await startSession(database, client, {})
    const claims = [
      { sessionId: mine.session.id, token: hers.token },
      { sessionId: mine.session.id, token: '' },
      { sessionId: mine.session.id, token: `${mine.token}=` },
      { sessionId: mine.session.id, token: mine.token, clientId: other.id },
      { sessionId: crypto.randomUUID(), token: mine.token },
      { sessionId: 'no uuid', token: mine.token },
      { sessionId: `${mine.session.id}' OR true --`, token: mine.token },
      { sessionId: '', token: '' },
    ]
    for (const claim of claims)
      assert.equal(await authenticateSession(database, claim), null, JSON.stringify(claim))
  })

  it('ends after 30 days without use, and use prolongs it', async () => {
    const { session, token } = await startSession(database, client, {})
    const claim = { sessionId: session.id, token }
    const lastSeen = (ago: string) =>
      query(`UPDATE sessions SET last_seen_at = now() - $1::interval WHERE id = $2`, ago, session.id)

    await lastSeen('29 days 23 hours')
    assert.ok(await authenticateSession(database, claim))
    assert.ok(await authenticateSession(database, claim))
    const [seen] = await read<{ fresh: boolean }>(
      `SELECT last_seen_at > now() - interval '1 minute' AS fresh FROM sessions WHERE id = $1`,
      session.id,
    )
    assert.equal(seen!.fresh, true)

    await lastSeen('30 days 1 second')
    assert.equal(await authenticateSession(database, claim), null)
    assert.equal(await authenticateSession(database, claim), null, 'asking does not revive it')
  })

  it('is written once an hour at most, and never by a wrong token', async () => {
    const { session, token } = await startSession(database, client, {})
    const claim = { sessionId: session.id, token }
    const lastSeenAt = async () =>
      (
        await read<{ at: string }>('SELECT last_seen_at::text AS at FROM sessions WHERE id = $1', session.id)
      )[0]!.at

    await query(`UPDATE sessions SET last_seen_at = now() - interval '59 minutes' WHERE id = $1`, session.id)
    const before = await lastSeenAt()
    await authenticateSession(database, claim)
    assert.equal(await lastSeenAt(), before)

    await query(`UPDATE sessions SET last_seen_at = now() - interval '2 hours' WHERE id = $1`, session.id)
    const older = await lastSeenAt()
    await authenticateSession(database, { ...claim, token: 'wrong' })
    assert.equal(await lastSeenAt(), older)
    await authenticateSession(database, claim)
    assert.notEqual(await lastSeenAt(), older)
  })

  it('is refused while its client is not active', async () => {
    const { session, token } = await startSession(database, other, {})
    const claim = { sessionId: session.id, token }
    await query(`UPDATE clients SET status = 'inactive' WHERE id = $1`, other.id)
    assert.equal(await authenticateSession(database, claim), null)
    await query(`UPDATE clients SET status = 'active' WHERE id = $1`, other.id)
    assert.ok(await authenticateSession(database, claim))
  })
})

describe('the client directory', () => {
  it('finds active clients by their key', async () => {
    const directory = createClientDirectory(database)
    const found = await directory.findByKey(client.api_key)
    assert.deepEqual(found, client)
    assert.deepEqual(found.allowed_origins, ['https://shop.example'])
    const inactive = await makeClient(database, { status: 'inactive' })
    for (const key of [inactive.api_key, 'pk_unknown', '', 'a\0b']) {
      assert.equal(await directory.findByKey(key), null, key)
    }
  })

  it('asks once for what is asked together, and again after five seconds', async () => {
    let now = 0
    let asked = 0
    const counting = {
      run: (...args: Parameters<Database['run']>) => {
        asked++
        return database.run(...args)
      },
    } as Pick<Database, 'run'>
    const directory = createClientDirectory(counting, () => now)
    await Promise.all([1, 2, 3].map(() => directory.findByKey(client.api_key)))
    await directory.findByKey('pk_unknown')
    await directory.findByKey('pk_unknown')
    assert.equal(asked, 2)
    now = 4_999
    await directory.findByKey(client.api_key)
    assert.equal(asked, 2)
    now = 5_000
    await directory.findByKey(client.api_key)
    assert.equal(asked, 3)
  })

  it('remembers a bounded number of keys', async () => {
    let asked = 0
    const nobody = { run: () => Promise.resolve((asked++, [])) } as Pick<Database, 'run'>
    const directory = createClientDirectory(nobody, () => 0)
    for (let i = 0; i <= 5_000; i++) await directory.findByKey(`pk_${i}`)
    await directory.findByKey('pk_5000')
    assert.equal(asked, 5_001)
    await directory.findByKey('pk_0')
    assert.equal(asked, 5_002, 'the oldest was forgotten')
  })

  it('does not remember that the database was away', async () => {
    let away = true
    const shaky = {
      run: (...args: Parameters<Database['run']>) =>
        away ? Promise.reject(new DatabaseUnavailable('away')) : database.run(...args),
    } as Pick<Database, 'run'>
    const directory = createClientDirectory(shaky)
    await assert.rejects(directory.findByKey(client.api_key), DatabaseUnavailable)
    away = false
    assert.equal((await directory.findByKey(client.api_key))?.id, client.id)
  })
})
