import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import { defineModels } from '../../models/index.ts'
import { authenticateSession } from '../../server/auth/authenticate-session.ts'
import { createIdentities, type Identities } from '../../server/auth/identity/identities.ts'
import { createIdentitySecrets, type IdentitySecrets } from '../../server/auth/identity/identity-secrets.ts'
import { startSession } from '../../server/auth/start-session.ts'
import type { Database } from '../../server/infra/database.ts'
import { createSecrets, SealBroken, type Secrets } from '../../server/infra/secrets.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('An identity token', () => {
  let held: TestDatabase
  let database: Database
  let secrets: Secrets
  let identities: Identities
  let keeper: IdentitySecrets
  let client: TestClient
  let secret: string

  before(async function () {
    this.timeout(60_000)
    held = await openTestDatabase()
    database = held.database
    secrets = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })
    identities = createIdentities({ database, secrets, compile: createSchemaCompiler() })
    keeper = createIdentitySecrets(database, defineModels(database.sequelize), secrets)
    client = await makeClient(database)
    secret = await issue(client)
  })
  after(() => held.close())

  async function issue({ api_key }: TestClient): Promise<string> {
    const issued = await keeper.issue({ api_key })
    assert.ok(issued.ok)
    return issued.data.secret
  }

  const sign = (claims: JWTPayload, key = secret, alg = 'HS256') =>
    new SignJWT({ exp: Date.now() / 1000 + 300, ...claims })
      .setProtectedHeader({ alg })
      .sign(Buffer.from(key))
  const begin = (who: Parameters<typeof startSession>[2] = {}) =>
    startSession(database, { ...client, identity_required: false }, who)
  const refusal = (result: { ok: boolean; error?: { code: string } }) => result.error?.code

  it('proves who the visitor is, and what its client tells of it', async () => {
    const claims = { sub: 'ada', name: 'Ada', email: 'ada@shop.example', attributes: { plan: 'gold' } }
    const proof = await identities.verify(client.id, await sign(claims))
    assert.deepEqual(proof, {
      ok: true,
      data: {
        user_id: 'ada',
        name: 'Ada',
        email: 'ada@shop.example',
        attributes: { plan: 'gold' },
      },
    })
  })

  it('makes the session, and the conversation in it, those of the visitor; the token of the session stays', async () => {
    const { session, token } = await begin()
    await database.sequelize.query(
      `INSERT INTO conversations (id, client_id, session_id, channel) VALUES (gen_random_uuid(), $1, $2, 'widget')`,
      { bind: [client.id, session.id] },
    )
    const proven = await identities.identify(session, await sign({ sub: 'bea', name: 'Bea' }))
    assert.ok(proven.ok)
    assert.deepEqual([proven.data.user_identifier, proven.data.proven], ['bea', true])
    assert.deepEqual(await authenticateSession(database, { sessionId: session.id, token }), proven.data)
    const [rows] = await database.sequelize.query(
      'SELECT user_identifier FROM conversations WHERE session_id = $1',
      { bind: [session.id] },
    )
    assert.deepEqual(rows, [{ user_identifier: 'bea' }])
  })

  it('takes along what was said, and which address was left, in the session before it was proved', async () => {
    const { session } = await begin()
    const [ended, open] = [randomUUID(), randomUUID()]
    await database.sequelize.query(
      `INSERT INTO conversations (id, client_id, session_id, state, ended_at)
       VALUES ($3, $1, $2, 'ended', now()), ($4, $1, $2, 'ai', NULL)`,
      { bind: [client.id, session.id, ended, open] },
    )
    await database.sequelize.query(
      `INSERT INTO contacts (client_id, visitor_id, conversation_id, email) VALUES ($1, $2, $3, 'jo@shop.example')`,
      { bind: [client.id, session.visitor_id, ended] },
    )
    const proven = await identities.identify(session, await sign({ sub: 'jo' }))
    assert.ok(proven.ok)
    const [rows] = await database.sequelize.query(
      `SELECT v.user_identifier, k.visitor_id FROM conversations v LEFT JOIN contacts k ON k.conversation_id = v.id
       WHERE v.session_id = $1 ORDER BY v.state DESC`,
      { bind: [session.id] },
    )
    assert.deepEqual(rows, [
      { user_identifier: 'jo', visitor_id: proven.data.visitor_id },
      { user_identifier: 'jo', visitor_id: null },
    ])
  })

  it('finds the same visitor in every session that proves it', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { session } = await begin()
        const proven = await identities.identify(session, await sign({ sub: 'cleo' }))
        return proven.ok && proven.data.visitor_id
      }),
    )
    assert.equal(new Set(ids).size, 1)
    assert.ok(ids[0])
  })

  it('keeps apart who has proved to be somebody and who only claims to be', async () => {
    const claimed = await begin({ user_id: 'dora' })
    const { session } = await begin()
    const proven = await identities.identify(session, await sign({ sub: 'dora', email: 'dora@shop.example' }))
    assert.ok(proven.ok)
    assert.notEqual(proven.data.visitor_id, claimed.session.visitor_id)
    const again = await begin({ user_id: 'dora' })
    assert.equal(again.session.visitor_id, claimed.session.visitor_id)
    assert.equal(again.session.proven, false)
  })

  it('of another person is refused in a session that has proved to be somebody, however both come at once', async () => {
    const { session } = await begin()
    const proofs = await Promise.all(
      ['eve', 'fay'].map(async (sub) => identities.identify(session, await sign({ sub }))),
    )
    assert.deepEqual(proofs.map((proof) => refusal(proof)).sort(), ['session_invalid', undefined])
  })

  it('that has expired proves nothing new, and takes nothing from a session that has proved it', async () => {
    const expired = await sign({ sub: 'gil', exp: Date.now() / 1000 - 3600 })
    const { session } = await begin()
    assert.equal(refusal(await identities.verify(client.id, expired)), 'identity_invalid')
    assert.equal(refusal(await identities.identify(session, expired)), 'identity_invalid')
    const proven = await identities.identify(session, await sign({ sub: 'gil' }))
    assert.ok(proven.ok)
    assert.deepEqual(await identities.identify(proven.data, expired), proven)
    const other = await sign({ sub: 'hal', exp: Date.now() / 1000 - 3600 })
    assert.equal(refusal(await identities.identify(proven.data, other)), 'session_invalid')
  })

  it('is refused that is unsigned, signed otherwise, by another, not yet valid, or says too little', async () => {
    const [, payload = ''] = (await sign({ sub: 'eve' })).split('.')
    const header = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const [what, token] of Object.entries({
      'no algorithm': new UnsecuredJWT({ sub: 'eve', exp: 4e9 }).encode(),
      'no signature': `${header({ alg: 'HS256' })}.${payload}.`,
      'another algorithm': await sign({ sub: 'eve' }, secret.repeat(2), 'HS512'),
      'another secret': await sign({ sub: 'eve' }, 'is_of-another-client-altogether-0000000000'),
      'a key of its own': `${header({ alg: 'HS256', jku: 'https://evil.example', jwk: { k: 'a' } })}.${payload}.AAAA`,
      'not yet': await sign({ sub: 'eve', nbf: Date.now() / 1000 + 3600 }),
      'no end': await new SignJWT({ sub: 'eve' })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(Buffer.from(secret)),
      'no subject': await sign({}),
      'a blank subject': await sign({ sub: ' ' }),
      'a subject that Postgres cannot keep': await sign({ sub: 'a\0' }),
      'attributes that are objects': await sign({ sub: 'eve', attributes: { a: {} } }),
      'an attribute whose name hides what it is': await sign({ sub: 'eve', attributes: { 'a\nb': {} } }),
      'an attribute with a long name': await sign({ sub: 'eve', attributes: { ['a'.repeat(41)]: 1 } }),
      'too many attributes': await sign({
        sub: 'eve',
        attributes: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`a${index}`, 1])),
      }),
      'no token': 'x',
    })) {
      assert.equal(refusal(await identities.verify(client.id, token)), 'identity_invalid', what)
    }
  })

  it('is refused by a client that has no secret, and once the secret is another', async () => {
    const other = await makeClient(database)
    const token = await sign({ sub: 'ivy' })
    assert.equal(refusal(await identities.verify(other.id, token)), 'identity_invalid')
    const first = await issue(other)
    const signed = await sign({ sub: 'ivy' }, first)
    assert.ok((await identities.verify(other.id, signed)).ok)
    await issue(other)
    assert.equal(refusal(await identities.verify(other.id, signed)), 'identity_invalid')
  })

  it('is verified by no secret that was moved here from another client’s row', async () => {
    const thief = await makeClient(database)
    await issue(thief)
    await database.sequelize.query(
      'UPDATE clients SET identity_secret = (SELECT identity_secret FROM clients WHERE id = $1) WHERE id = $2',
      { bind: [client.id, thief.id] },
    )
    await assert.rejects(identities.verify(thief.id, await sign({ sub: 'ada' })), SealBroken)
  })

  it('is signed with a secret that the database never shows', async () => {
    const { sequelize } = database
    const [rows] = await sequelize.query(
      'SELECT identity_secret FROM clients WHERE identity_secret IS NOT NULL',
    )
    assert.ok(rows.length > 0)
    assert.doesNotMatch(JSON.stringify(rows), /is_/)
    assert.ok(!JSON.stringify(rows).includes(secret))
  })

  it('can be required only where it can be given', async () => {
    const other = await makeClient(database)
    assert.equal(refusal(await keeper.require({ id: other.id }, true)), 'invalid_payload')
    await issue(other)
    assert.ok((await keeper.require({ id: other.id }, true)).ok)
    assert.equal(refusal(await keeper.require({ api_key: 'pk_unknown' }, true)), 'not_found')
  })
})
