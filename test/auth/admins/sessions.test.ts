import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import type { Result } from '../../../protocol/result.ts'
import type { Admitted } from '../../../server/auth/admins/index.ts'
import { GRACE_MS } from '../../../server/auth/admins/sessions.ts'
import { makeClient } from '../../support/factories.ts'
import { makeAdmin, PASSWORD } from '../../support/admins.ts'
import { openStage, SOMEWHERE, type Stage } from './stage.ts'

describe('A sign-in of an admin', () => {
  let stage: Stage
  before(async () => (stage = await openStage()))
  after(() => stage.close())
  beforeEach(() => stage.revoked.splice(0))

  /** Lets time pass since tokens were spent. */
  const pass = (ms: number) =>
    stage.place.database.run(
      {
        name: 'test/pass-time',
        text: `UPDATE admin_sessions SET used_at = used_at - $1::float8 * interval '1 ms'`,
      },
      [ms],
    )
  const familyOf = async (token: string) => (await stage.tokens.verify(token))?.family ?? 'none'
  const goesOn = (refreshed: Result<Admitted>): Admitted => {
    assert.ok(refreshed.ok, 'it was refused')
    return refreshed.data
  }
  const isOver = (refreshed: Result<Admitted>) => {
    assert.equal(refreshed.ok ? 'it went on' : refreshed.error.code, 'unauthorized')
  }

  it('opens with an access token that says who it is', async () => {
    const admitted = await stage.signIn()
    assert.ok(admitted.ok)
    const { person, accessToken, expiresAt } = admitted.data
    assert.equal(person.id, stage.dana.id)
    const access = await stage.tokens.verify(accessToken)
    assert.deepEqual(
      [access?.admin_id, access?.name, access?.role, access?.client_id, access?.expires_at],
      [stage.dana.id, 'Dana', 'agent', null, expiresAt],
    )
    assert.equal((await stage.auth.find(accessToken))?.email, 'Dana@shop.example')
  })

  it('goes on with the next token each time, in the same family', async () => {
    const first = await stage.refreshToken()
    const second = goesOn(await stage.auth.refresh(first))
    const third = goesOn(await stage.auth.refresh(second.refreshToken))
    assert.equal(new Set([first, second.refreshToken, third.refreshToken]).size, 3)
    assert.equal(await familyOf(second.accessToken), await familyOf(third.accessToken))
    assert.deepEqual(stage.revoked, [])
  })

  it('keeps no token in the database, only its hash', async () => {
    const token = await stage.refreshToken()
    const { refreshToken } = goesOn(await stage.auth.refresh(token))
    const rows = JSON.stringify(await stage.models.AdminSession.findAll({ raw: true }))
    for (const secret of [token, refreshToken]) {
      const forms = [
        secret,
        Buffer.from(secret).toString('hex'),
        JSON.stringify([...Buffer.from(secret)]).slice(1, -1),
      ]
      for (const form of forms) assert.ok(!rows.includes(form))
    }
  })

  it('gives two tabs that refresh at once the same next token', async () => {
    const token = await stage.refreshToken()
    const tabs = (await Promise.all([1, 2, 3, 4].map(() => stage.auth.refresh(token)))).map(goesOn)
    assert.equal(new Set(tabs.map(({ refreshToken }) => refreshToken)).size, 1)
    assert.deepEqual(stage.revoked, [])
    goesOn(await stage.auth.refresh(tabs[0]!.refreshToken))
  })

  it('gives the next token again when its answer was lost, but not later than that', async () => {
    const token = await stage.refreshToken()
    const lost = goesOn(await stage.auth.refresh(token))
    await pass(GRACE_MS - 1_000)
    assert.equal(goesOn(await stage.auth.refresh(token)).refreshToken, lost.refreshToken)
    await pass(2_000)
    isOver(await stage.auth.refresh(token))
    assert.deepEqual(stage.revoked, [await familyOf(lost.accessToken)])
  })

  it('ends when a thief comes after the owner', async () => {
    const stolen = await stage.refreshToken()
    const owners = goesOn(await stage.auth.refresh(stolen))
    await pass(GRACE_MS + 1_000)
    isOver(await stage.auth.refresh(stolen))
    assert.deepEqual(stage.revoked, [await familyOf(owners.accessToken)])
    isOver(await stage.auth.refresh(owners.refreshToken))
    const last = (await stage.audited()).at(-1)!
    assert.deepEqual([last.action, last.actor_id], ['admin.refresh_token_reused', stage.dana.id])
  })

  it('ends when the owner comes after the thief, however far the thief has gone on', async () => {
    const stolen = await stage.refreshToken()
    let thiefs = goesOn(await stage.auth.refresh(stolen))
    for (let i = 0; i < 3; i++) thiefs = goesOn(await stage.auth.refresh(thiefs.refreshToken))
    await pass(GRACE_MS + 1_000)
    isOver(await stage.auth.refresh(stolen))
    assert.deepEqual(stage.revoked, [await familyOf(thiefs.accessToken)])
    isOver(await stage.auth.refresh(thiefs.refreshToken))
  })

  it('ends within the grace, too, once the next token was used', async () => {
    const stolen = await stage.refreshToken()
    const owners = goesOn(await stage.auth.refresh(stolen))
    goesOn(await stage.auth.refresh(owners.refreshToken))
    isOver(await stage.auth.refresh(stolen))
    assert.equal(stage.revoked.length, 1)
  })

  it('ends for a thief who was quick, at the second use of the token that both have', async () => {
    const stolen = await stage.refreshToken()
    const owners = goesOn(await stage.auth.refresh(stolen))
    const thiefs = goesOn(await stage.auth.refresh(stolen))
    goesOn(await stage.auth.refresh(owners.refreshToken))
    await pass(GRACE_MS + 1_000)
    isOver(await stage.auth.refresh(thiefs.refreshToken))
    assert.equal(stage.revoked.length, 1)
  })

  it('leaves nothing alive of a family that grows while it is revoked', async () => {
    for (let round = 0; round < 10; round++) {
      const stolen = await stage.refreshToken()
      const { refreshToken } = goesOn(await stage.auth.refresh(stolen))
      await pass(GRACE_MS + 1_000)
      const [grown] = await Promise.all([stage.auth.refresh(refreshToken), stage.auth.refresh(stolen)])
      if (grown.ok) isOver(await stage.auth.refresh(grown.data.refreshToken))
    }
    assert.equal(stage.revoked.length, 10)
  })

  it('expires when it is not refreshed for 30 days, and is revoked for nobody then', async () => {
    const token = await stage.refreshToken()
    const models = stage.models.AdminSession
    const made = await models.findOne({ order: [['created_at', 'DESC']], rejectOnEmpty: true })
    assert.ok(Math.abs(made.expires_at.getTime() - Date.now() - 30 * 86_400_000) < 60_000)
    await models.update({ expires_at: new Date(Date.now() - 1) }, { where: {} })
    isOver(await stage.auth.refresh(token))
    assert.deepEqual(stage.revoked, [])
    await stage.signIn()
    assert.equal(await models.count(), 1, 'signing in again clears away what has expired')
  })

  it('is none for what is no token', async () => {
    for (const token of ['', 'x', '\0', 'x'.repeat(100_000)]) isOver(await stage.auth.refresh(token))
  })

  it('ends by signing out, alone or with all others of the same person', async () => {
    const [one, two, three] = [
      await stage.refreshToken(),
      await stage.refreshToken(),
      await stage.refreshToken(),
    ]
    assert.equal((await stage.auth.signOut(one, false)).length, 1)
    isOver(await stage.auth.refresh(one))
    const { refreshToken } = goesOn(await stage.auth.refresh(two))
    assert.equal((await stage.auth.signOut(one, false)).length, 0)
    const ended = await stage.auth.signOut(refreshToken, true)
    assert.ok(ended.length >= 2)
    assert.deepEqual(stage.revoked.slice(1), ended)
    for (const token of [refreshToken, three]) isOver(await stage.auth.refresh(token))
    assert.deepEqual(await stage.auth.signOut('x', true), [])
  })

  it('ends with its person, its client or its password, for access tokens a second later at most', async () => {
    const client = await makeClient(stage.place.database)
    const ends: [what: string, end: (email: string) => Promise<unknown>][] = [
      ['disabled', (email) => stage.admins.disable({ email })],
      ['another password', (email) => stage.admins.setPassword({ email }, 'another long password')],
      ['signed out', (email) => stage.admins.signOut({ email })],
      ['client', () => stage.models.Client.update({ status: 'inactive' }, { where: { id: client.id } })],
    ]
    for (const [what, end] of ends) {
      const { email } = await makeAdmin(stage.place.database, { clientKey: client.api_key })
      const admitted = await stage.auth.signIn({ email, password: PASSWORD }, SOMEWHERE)
      assert.ok(admitted.ok, what)
      const { accessToken, refreshToken } = admitted.data
      await end(email)
      isOver(await stage.auth.refresh(refreshToken))
      assert.equal(await stage.auth.find(accessToken), null, what)
    }
  })
})
