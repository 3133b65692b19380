import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { defineModels, type Models } from '../../models/index.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'

describe('models', () => {
  let test: TestDatabase
  let models: Models
  let client: TestClient
  before(async () => {
    test = await openTestDatabase()
    models = defineModels(test.database.sequelize)
    client = await makeClient(test.database)
  })
  after(() => test.close())

  describe('a client', () => {
    it('is made with a key of its own and the defaults of its table', async () => {
      const made = await models.Client.create({ name: 'Night Market' })
      assert.match(made.api_key, /^pk_[\w-]{24}$/)
      const found = await models.Client.findByPk(made.id, { rejectOnEmpty: true })
      assert.equal(found.plan_type, 'free')
      assert.deepEqual([found.branding, found.allowed_origins, found.identity_required], [{}, [], false])
      assert.ok(found.created_at instanceof Date && found.isActive)
      await found.update({ allowed_origins: ['https://a.example'], branding: { color: '#000000' } })
      await found.reload()
      assert.deepEqual(found.allowed_origins, ['https://a.example'])
      await found.destroy()
      assert.equal(await models.Client.findByPk(made.id), null)
    })

    it('is deactivated once, whoever tries, and activated again', async () => {
      const made = await models.Client.create({ name: 'Night Market' })
      const twin = await models.Client.findByPk(made.id, { rejectOnEmpty: true })
      const done = await Promise.all([made.deactivate(), twin.deactivate()])
      assert.deepEqual(done.sort(), [false, true])
      await made.reload()
      assert.equal(made.isActive, false)
      assert.equal(await models.Client.scope('active').findByPk(made.id), null)
      assert.equal(await made.activate(), true)
      assert.equal(made.status, 'active')
      assert.equal(await made.activate(), false)
    })

    it('gets a new key, and its old one names nobody', async () => {
      const made = await models.Client.create({ name: 'Night Market' })
      const old = made.api_key
      const key = await made.rotateKey()
      assert.notEqual(key, old)
      assert.equal(await models.Client.findOne({ where: { api_key: old } }), null)
      assert.equal((await models.Client.findOne({ where: { api_key: key } }))?.id, made.id)
    })

    it('is left unchanged by a verb whose transaction is rolled back', async () => {
      const made = await models.Client.create({ name: 'Night Market' })
      const rolledBack = test.database.transaction(async (transaction) => {
        assert.equal(await made.deactivate({ transaction }), true)
        throw new Error('changed my mind')
      })
      await assert.rejects(rolledBack, /changed my mind/)
      await made.reload()
      assert.equal(made.status, 'active')
    })
  })

  describe('a secret key', () => {
    it('is told once, kept as a hash, and lives until it is revoked', async () => {
      const { key, secretKey } = await models.SecretKey.issue(client, 'Server of the shop')
      assert.match(key, /^sk_[\w-]{43}$/)
      assert.deepEqual(secretKey.key_hash, createHash('sha256').update(key).digest())
      assert.ok(key.startsWith(secretKey.prefix) && secretKey.prefix.length === 10)
      assert.equal(JSON.stringify(secretKey).includes(key), false)

      assert.equal(secretKey.isLive, true)
      assert.equal(await secretKey.revoke(), true)
      assert.equal(secretKey.isLive, false)
      assert.equal(await secretKey.revoke(), false)
    })

    it('is rotated once, and lives on for as long as is given', async () => {
      const { secretKey: old } = await models.SecretKey.issue(client, 'Server of the shop')
      const rotate = (until: number) =>
        test.database.transaction((transaction) => old.rotate(new Date(until), { transaction }))
      const issued = await rotate(Date.now() + 60_000)
      assert.deepEqual([issued?.secretKey.name, issued?.secretKey.client_id], [old.name, client.id])
      assert.deepEqual([issued?.secretKey.isLive, old.isLive], [true, true])
      assert.equal(await rotate(Date.now()), null)
      assert.equal(await old.revoke(), true)
      assert.equal(old.isLive, false)
    })
  })

  describe('a visitor', () => {
    it('is identified once, and no two of a client bear one name', async () => {
      const [ada, twin] = await Promise.all([
        models.Visitor.create({ client_id: client.id }),
        models.Visitor.create({ client_id: client.id }),
      ])
      assert.equal(ada.isIdentified, false)
      assert.equal(await ada.identify('customer-1'), true)
      assert.equal(await ada.identify('customer-2'), false)
      assert.equal(ada.user_identifier, 'customer-1')
      await assert.rejects(twin.identify('customer-1'), { name: 'SequelizeUniqueConstraintError' })
    })

    it('and its sessions show when they were last here', async () => {
      const { id, visitor_id } = await makeSession(test.database, client)
      const long = new Date('2020-01-01T00:00:00Z')
      const session = await models.Session.findByPk(id, { rejectOnEmpty: true })
      const visitor = await models.Visitor.findByPk(visitor_id, { rejectOnEmpty: true })
      await Promise.all([session.update({ last_seen_at: long }), visitor.update({ last_seen_at: long })])
      const unused = models.Session.scope({ method: ['unusedSince', new Date('2021-01-01T00:00:00Z')] })
      assert.equal((await unused.findOne())?.id, id)
      await Promise.all([session.seen(), visitor.seen()])
      assert.equal(await unused.count(), 0)
      assert.ok((await visitor.reload()).last_seen_at > long)
    })
  })

  describe('an admin', () => {
    const ada = { email: 'Ada@Example.com', name: 'Ada', password_hash: 'x', role: 'owner' as const }

    it('is found by its address however it is written, and holds it alone', async () => {
      const made = await models.Admin.create(ada)
      assert.equal((await models.Admin.findByEmail('aDA@example.COM'))?.id, made.id)
      assert.equal(await models.Admin.findByEmail("' OR true --"), null)
      await assert.rejects(models.Admin.create({ ...ada, email: 'ada@example.com' }), {
        name: 'SequelizeUniqueConstraintError',
      })
      await assert.rejects(models.Admin.create({ ...ada, email: 'b@example.com', role: 'king' as never }))
    })

    it('is shut out for good, for a while, and let in again', async () => {
      const made = await models.Admin.create({ ...ada, email: 'grace@example.com' })
      assert.deepEqual([await made.disable(), await made.disable()], [true, false])
      assert.equal(made.isDisabled, true)
      assert.equal(await models.Admin.scope('enabled').findByPk(made.id), null)
      await made.enable()
      assert.equal(made.isDisabled, false)

      await made.lock(new Date(Date.now() + 60_000))
      assert.equal(made.isLocked(), true)
      assert.equal(made.isLocked(new Date(Date.now() + 61_000)), false)
      await made.unlock()
      assert.equal(made.isLocked(), false)
    })

    it('has every wrong password counted, also those tried at once', async () => {
      const made = await models.Admin.create({ ...ada, email: 'joan@example.com' })
      const others = await Promise.all(
        [1, 2, 3].map(() => models.Admin.findByPk(made.id, { rejectOnEmpty: true })),
      )
      await Promise.all(others.map((other) => other.countFailedSignIn()))
      assert.equal(await made.countFailedSignIn(), 4)
      await made.unlock()
      assert.equal(made.failed_sign_ins, 0)
    })
  })

  describe('a refresh token', () => {
    async function makeTokens(count: number) {
      const admin = await models.Admin.create({
        email: `${randomUUID()}@example.com`,
        name: 'Edsger',
        password_hash: 'x',
        role: 'agent',
      })
      const family = randomUUID()
      const make = () =>
        models.AdminSession.create({
          admin_id: admin.id,
          family,
          refresh_hash: createHash('sha256').update(randomUUID()).digest(),
          expires_at: new Date(Date.now() + 60_000),
        })
      return Promise.all(Array.from({ length: count }, make))
    }

    it('is spent once, even by two at once', async () => {
      const [token] = await makeTokens(1)
      const twin = await models.AdminSession.findByPk(token!.id, { rejectOnEmpty: true })
      assert.equal(token!.isLive(), true)
      assert.deepEqual((await Promise.all([token!.use(), twin.use()])).sort(), [false, true])
      await token!.reload()
      assert.equal(token!.isLive(), false)
    })

    it('is not spent after its time', async () => {
      const [token] = await makeTokens(1)
      await token!.update({ expires_at: new Date(Date.now() - 1) })
      assert.deepEqual([token!.isLive(), await token!.use()], [false, false])
    })

    it('takes its whole family with it, and no other', async () => {
      const [first] = await makeTokens(3)
      const [stranger] = await makeTokens(1)
      assert.equal(await first!.revokeFamily(), 3)
      assert.equal(first!.isLive(), false)
      assert.equal(await first!.revokeFamily(), 0)
      assert.equal(await first!.use(), false)
      const live = await models.AdminSession.scope('live').findAll()
      assert.deepEqual(
        live.map((session) => session.id),
        [stranger!.id],
      )
    })
  })

  describe('the audit log', () => {
    it('keeps what was done, and cannot be rewritten', async () => {
      const entry = await models.AuditEntry.record({
        client_id: client.id,
        actor: 'admin',
        actor_id: randomUUID(),
        action: 'client.deactivate',
        details: { reason: 'unpaid' },
      })
      assert.match(entry.id, /^\d+$/)
      const found = await models.AuditEntry.findByPk(entry.id, { rejectOnEmpty: true })
      assert.deepEqual(found.details, { reason: 'unpaid' })
      assert.ok(found.at instanceof Date)
      await assert.rejects(found.update({ action: 'nothing' }), { name: 'GuardedColumnError' })
    })

    it('forgets a deed whose transaction is rolled back', async () => {
      const rolledBack = test.database.transaction(async (transaction) => {
        await models.AuditEntry.record({ actor: 'system', action: 'test.undone' }, { transaction })
        throw new Error('undo')
      })
      await assert.rejects(rolledBack, /undo/)
      assert.equal(await models.AuditEntry.count({ where: { action: 'test.undone' } }), 0)
    })
  })
})
