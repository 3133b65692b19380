import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import type { Result } from '../../../protocol/result.ts'
import { makeFirstOwner } from '../../../server/auth/admins/first-owner.ts'
import { PASSWORD } from '../../support/admins.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { makeClient } from '../../support/factories.ts'
import { openStage, SOMEWHERE, type Stage } from './stage.ts'

const DANA = 'dana@shop.example'

describe('Whoever commands the machine', () => {
  let place: TestDatabase
  let stage: Stage
  before(async () => (place = await openTestDatabase()))
  after(() => place.close())
  beforeEach(async () => (stage = await openStage({ on: place })))

  const refused = (result: Result<unknown>) => (result.ok ? 'done' : result.error.message)
  const actions = async () => (await stage.audited()).map(({ action, actor }) => `${actor} ${action}`)

  it('lets people of a client and of the installation sign in, and lists them', async () => {
    const client = await makeClient(place.database)
    const wish = { name: 'Ada', role: 'analyst' as const, password: PASSWORD }
    const made = await stage.admins.create({ ...wish, email: 'Ada@x.example', client: { id: client.id } })
    assert.ok(made.ok)
    assert.deepEqual(
      (await stage.admins.list()).map(({ admin, clientKey }) => [admin.email, admin.role, clientKey]),
      [
        ['Dana@shop.example', 'agent', null],
        ['Ada@x.example', 'analyst', client.api_key],
      ],
    )
    const admitted = await stage.signIn({ email: 'ada@x.example' })
    assert.equal(admitted.ok && admitted.data.person.client_id, client.id)
  })

  it('gives nobody a short password, a strange address, a client that is none, or an address that is taken', async () => {
    const wish = {
      email: 'ada@x.example',
      name: 'Ada',
      role: 'agent' as const,
      password: PASSWORD,
      client: null,
    }
    const faults: [object, RegExp][] = [
      [{ password: 'x'.repeat(11) }, /12 to 200 characters/],
      [{ password: ' '.repeat(20) }, /12 to 200 characters/],
      [{ password: 'x'.repeat(201) }, /12 to 200 characters/],
      [{ email: 'ada' }, /"ada" is no e-mail address/],
      [{ email: `${'a'.repeat(250)}@x.example` }, /is no e-mail address/],
      [{ email: 'DANA@SHOP.example' }, /has this address already/],
      [{ client: { api_key: 'pk_nobody' } }, /There is no such client/],
    ]
    for (const [change, words] of faults)
      assert.match(refused(await stage.admins.create({ ...wish, ...change })), words)
    assert.equal(await stage.models.Admin.count(), 1)
  })

  it('shuts people out and lets them in again', async () => {
    const token = await stage.refreshToken()
    assert.equal(refused(await stage.admins.disable({ email: DANA })), 'done')
    assert.equal(refused(await stage.admins.disable({ email: DANA })), 'This person is disabled.')
    assert.ok(!(await stage.auth.refresh(token)).ok)
    assert.ok(!(await stage.signIn()).ok)
    assert.equal(refused(await stage.admins.enable({ email: DANA })), 'done')
    assert.ok((await stage.signIn()).ok)
    assert.ok(!(await stage.auth.refresh(token)).ok, 'what was open stays closed')
  })

  it('gives another password, which ends sign-ins and locks', async () => {
    const token = await stage.refreshToken()
    await stage.dana.lock(new Date(Date.now() + 60_000))
    assert.equal(refused(await stage.admins.setPassword({ email: DANA }, 'another long password')), 'done')
    assert.ok(!(await stage.auth.refresh(token)).ok)
    assert.ok(!(await stage.signIn()).ok)
    assert.ok((await stage.signIn({ password: 'another long password' })).ok)
    assert.match(refused(await stage.admins.setPassword({ email: DANA }, 'short')), /12 to 200/)
  })

  it('unlocks, and signs out everywhere', async () => {
    await stage.dana.lock(new Date(Date.now() + 60_000))
    assert.ok(!(await stage.signIn()).ok)
    await stage.admins.unlock({ email: DANA })
    const tokens = [await stage.refreshToken(), await stage.refreshToken()]
    assert.deepEqual(await stage.admins.signOut({ email: DANA }), { ok: true, data: 2 })
    for (const token of tokens) assert.ok(!(await stage.auth.refresh(token)).ok)
    assert.deepEqual(await stage.admins.signOut({ email: DANA }), { ok: true, data: 0 })
  })

  it('is told who is nobody', async () => {
    for (const deed of ['disable', 'enable', 'unlock', 'signOut'] as const)
      assert.equal(
        refused(await stage.admins[deed]({ email: 'nobody@x.example' })),
        'There is no such person.',
      )
  })

  it('finds each deed in the audit log, without a password', async () => {
    await stage.admins.disable({ email: DANA })
    await stage.admins.enable({ email: DANA })
    await stage.admins.setPassword({ email: DANA }, 'another long password')
    await stage.admins.unlock({ email: DANA })
    await stage.admins.signOut({ email: DANA })
    const deeds = ['created', 'disabled', 'enabled', 'password_changed', 'unlocked', 'signed_out']
    assert.deepEqual(
      await actions(),
      deeds.map((deed) => `system admin.${deed}`),
    )
    assert.doesNotMatch(JSON.stringify(await stage.audited()), /scrypt|long password|horse/)
  })

  it('gets the owner that the configuration names, once, however many nodes start', async () => {
    const wish = { email: 'owner@x.example', password: 'a password of the operator' }
    const made = await Promise.all([1, 2, 3].map(() => makeFirstOwner(stage.admins, stage.models, wish)))
    assert.deepEqual(made, [null, null, null], 'nothing is told that is known')
    const later = { email: 'later@x.example', password: 'another long password' }
    await makeFirstOwner(stage.admins, stage.models, later)
    assert.equal(await makeFirstOwner(stage.admins, stage.models, null), null)
    assert.equal(await stage.models.Admin.count({ where: { role: 'owner' } }), 1)
    const admitted = await stage.auth.signIn(wish, SOMEWHERE)
    assert.equal(admitted.ok && admitted.data.person.role, 'owner')
  })

  it('gets an owner with a random password where none is named, and is told it once', async () => {
    const told = await makeFirstOwner(stage.admins, stage.models, null)
    assert.ok(told)
    assert.match(told.password, /^[\w-]{20}$/)
    assert.ok((await stage.auth.signIn(told, SOMEWHERE)).ok)
    assert.equal(await makeFirstOwner(stage.admins, stage.models, null), null)
  })
})
