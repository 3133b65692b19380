import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { defineModels } from '../../models/index.ts'
import { createIdentitySecrets } from '../../server/auth/identity/identity-secrets.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { instantProvider } from '../attacks/instant-provider.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { Visitor } from '../support/visitor.ts'

describe('A client that wants to know who writes', () => {
  const key = randomBytes(32)
  let app: TestApp
  let secret: string
  let secretKey: string
  const visitors: Visitor[] = []

  before(async function () {
    this.timeout(60_000)
    app = await startApp({ provider: instantProvider, env: { ENCRYPTION_KEY: key.toString('hex') } })
    const { database } = app.place
    const models = defineModels(database.sequelize)
    const keeper = createIdentitySecrets(
      database,
      models,
      createSecrets({ encryption: key, encryptionPrevious: null }),
    )
    const issued = await keeper.issue({ api_key: 'pk_demo' })
    assert.ok(issued.ok)
    secret = issued.data.secret
    assert.ok((await keeper.require({ api_key: 'pk_demo' }, true)).ok)
    const server = await createSecretKeys(database, models).create({ api_key: 'pk_demo' }, 'shop')
    assert.ok(server.ok)
    secretKey = server.data.key
    // What the directory may have read before holds for a few seconds.
    await eventually(async () => {
      const { status } = await new RestVisitor(app.url).chat('Hello')
      assert.equal(status, 403)
    })
  })
  after(() => app.close())
  afterEach(() => {
    for (const visitor of visitors.splice(0)) visitor.close()
  })

  function come(auth: object): Visitor {
    const visitor = new Visitor(app.url, { ...auth })
    visitors.push(visitor)
    return visitor
  }
  const sign = (sub: string, by = secret) =>
    new SignJWT({ sub }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('5m').sign(Buffer.from(by))
  const say = (visitor: Visitor, id = 'm1') =>
    visitor.ask('message:send', { client_message_id: id, text: 'Hello' })

  it('hears who shows its token with the handshake', async () => {
    const ada = come({ identity_token: await sign('ada') })
    await ada.ready()
    assert.equal((await say(ada)).ok, true)
  })

  it('lets nobody in with a token that it has not signed', async () => {
    const stranger = come({ identity_token: await sign('ada', 'is_somebody-elses-secret-000000000000000') })
    assert.deepEqual(await stranger.refused.take(), { code: 'identity_invalid', retryable: false })
  })

  it('hears nobody who shows none, until it does; its other tabs need not show it again', async () => {
    const [tab] = [come({})]
    const { session_id, session_token } = await tab.ready()
    const other = come({ session_id, session_token })
    await other.ready()
    for (const one of [tab, other]) {
      const refused = await say(one)
      assert.equal(!refused.ok && refused.error.code, 'identity_required')
    }
    const identified = await tab.ask('session:identify', { identity_token: await sign('bea') })
    assert.deepEqual(identified, { ok: true, data: { user_id: 'bea' } })
    assert.equal((await say(tab)).ok, true)
    assert.equal((await say(other, 'm2')).ok, true)
  })

  it('sends away who proves to be another in the session of somebody', async () => {
    const tab = come({ identity_token: await sign('cleo') })
    const { session_id, session_token } = await tab.ready()
    const refused = await tab.ask('session:identify', { identity_token: await sign('dora') })
    assert.equal(!refused.ok && refused.error.code, 'session_invalid')
    const other = come({ session_id, session_token, identity_token: await sign('dora') })
    assert.equal((await other.refused.take()).code, 'session_invalid')
  })

  it('is asked the same without a socket', async () => {
    const visitor = new RestVisitor(app.url)
    await visitor.start()
    const message = { client_message_id: 'm1', text: 'Hello' }
    assert.equal((await visitor.post<{ code: string }>('messages', message)).body.code, 'identity_required')
    assert.equal((await visitor.chat('Hello')).body.code, 'identity_required')
    const identity_token = await sign('eve')
    const identified = await visitor.post('identify', { identity_token })
    assert.deepEqual([identified.status, identified.body], [200, { user_id: 'eve' }])
    assert.equal((await visitor.post('messages', message)).status, 200)
    assert.equal((await visitor.chat('Hello')).status, 200)

    const body = { client_api_key: 'pk_demo', identity_token }
    assert.equal((await visitor.ask('POST', '/api/v1/sessions/start', body)).status, 201)
    const wrong = { ...body, identity_token: 'x' }
    assert.equal((await visitor.ask('POST', '/api/v1/sessions/start', wrong)).status, 401)
  })

  it('is told nothing else either by who has not proved who it is, over both doors', async () => {
    const told = [
      ['contact', 'contact:submit', { email: 'mallory@evil.example' }],
      ['rating', 'rating:submit', { score: 1 }],
      ['attributes', 'attributes:set', { visitor: { vip: true } }],
    ] as const
    const visitor = new RestVisitor(app.url)
    await visitor.start()
    const tab = come(visitor.session)
    await tab.ready()
    for (const [what, request, payload] of told) {
      assert.equal((await visitor.post<{ code: string }>(what, payload)).body.code, 'identity_required')
      const refused = await tab.ask(request, payload)
      assert.equal(!refused.ok && refused.error.code, 'identity_required')
    }
    await visitor.post('identify', { identity_token: await sign('gil') })
    assert.equal((await visitor.post('contact', { email: 'gil@shop.example' })).status, 200)
    assert.equal((await tab.ask('attributes:set', { visitor: { vip: true } })).ok, true)
  })

  it('gives nothing of a visitor to the session that begins after it, unless it proves to be the same', async () => {
    const tab = come({ identity_token: await sign('hal') })
    await tab.ready()
    await say(tab)
    assert.equal((await tab.ask('contact:submit', { email: 'hal@shop.example' })).ok, true)
    const stranger = await come({}).ready()
    assert.deepEqual([stranger.conversation, stranger.messages, stranger.contact_given], [null, [], false])
    const again = await come({ identity_token: await sign('hal') }).ready()
    assert.deepEqual([again.conversation, again.contact_given], [null, true])
  })

  it('vouches for whomever its own server speaks for', async () => {
    const server = new RestVisitor(app.url, null, { authorization: `Bearer ${secretKey}` })
    const answered = await server.ask<{ response: string }>('POST', '/api/v1/chat', {
      message: 'Hello',
      user_id: 'fay',
    })
    assert.equal(answered.status, 200)
  })
})
