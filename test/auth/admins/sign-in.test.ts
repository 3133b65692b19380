import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { RATES } from '../../../protocol/limits.ts'
import { createRateLimits } from '../../../server/infra/rate-limit.ts'
import { LOCKOUT } from '../../../server/auth/admins/try-sign-in.ts'
import { PASSWORD } from '../../support/admins.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { openStage, type Stage } from './stage.ts'

const WRONG = { password: 'an entirely wrong password' }

describe('Signing in', () => {
  let place: TestDatabase
  let stage: Stage
  before(async () => (place = await openTestDatabase()))
  after(() => place.close())
  beforeEach(async () => (stage = await openStage({ on: place })))

  const guess = async (count: number) => {
    for (let i = 0; i < count; i++) await stage.signIn({ ...WRONG, address: `198.51.100.${i}` })
  }
  const isIn = async (...how: Parameters<Stage['signIn']>) => (await stage.signIn(...how)).ok
  /** Seconds for which Dana is locked from now on; 0 where she is not. */
  const lockedFor = async () => {
    const { locked_until } = await stage.dana.reload()
    return locked_until === null ? 0 : Math.round((locked_until.getTime() - Date.now()) / 1000)
  }
  /** Lets a lock end. */
  const wait = () => stage.models.Admin.update({ locked_until: new Date(Date.now() - 1) }, { where: {} })

  it('takes the password as people type it, however its characters are composed', async () => {
    const password = 'pâte à choux très légère'
    await stage.admins.setPassword({ email: 'dana@shop.example' }, password.normalize('NFC'))
    assert.ok(await isIn({ password: password.normalize('NFD') }))
    assert.ok(!(await isIn({ password: password.toUpperCase() })))
  })

  it('forgets wrong passwords at a right one', async () => {
    for (let round = 0; round < 3; round++) {
      await guess(LOCKOUT.tries - 1)
      assert.ok(await isIn())
    }
    assert.equal(await lockedFor(), 0)
  })

  it('shuts out after ten wrong passwords in a row, whatever comes then, and says so in the same words', async () => {
    await guess(LOCKOUT.tries)
    assert.equal(await lockedFor(), LOCKOUT.first / 1000)
    const answers = [
      await stage.signIn(),
      await stage.signIn(WRONG),
      await stage.signIn({ email: 'nobody@shop.example' }),
    ]
    for (const answer of answers) assert.deepEqual(answer, answers[0])
    const { failed_sign_ins } = await stage.dana.reload()
    assert.equal(failed_sign_ins, LOCKOUT.tries, 'what is tried meanwhile is not counted')
  })

  it('locks for twice as long after each wrong password that follows, up to an hour, and never for ever', async () => {
    await guess(LOCKOUT.tries)
    const locks: number[] = []
    for (let i = 0; i < 8; i++) {
      await wait()
      await guess(1)
      locks.push(await lockedFor())
    }
    assert.deepEqual(locks, [120, 240, 480, 960, 1920, 3600, 3600, 3600])
    await wait()
    assert.ok(await isIn())
    assert.equal((await stage.dana.reload()).failed_sign_ins, 0)
  })

  it('hears no more than ten of any number of guesses that come at once', async () => {
    const guesses = Array.from({ length: 40 }, (_, i) =>
      stage.signIn({ ...WRONG, address: `198.51.100.${i}` }),
    )
    const withRight = [...guesses, stage.signIn()]
    for (const answer of await Promise.all(withRight)) assert.ok(!answer.ok)
    const { failed_sign_ins } = await stage.dana.reload()
    assert.equal(failed_sign_ins, LOCKOUT.tries)
  })

  it('lets nobody keep the owner out who has signed in from this browser before', async () => {
    const before = await stage.signIn()
    assert.ok(before.ok)
    const { device } = before.data
    await guess(LOCKOUT.tries * 2)
    assert.ok(!(await isIn()), 'from elsewhere')
    assert.ok(await isIn({ device }), 'from there')
    assert.ok(!(await isIn()), 'strangers stay shut out')
    for (const wrong of ['', 'x', `${device}x`, before.data.accessToken])
      assert.ok(!(await isIn({ device: wrong })))
  })

  it('counts no wrong password of a known browser against the person, but limits them', async () => {
    stage = await openStage({ on: place, limits: createRateLimits() })
    const before = await stage.signIn()
    assert.ok(before.ok)
    const { device } = before.data
    const codes: string[] = []
    for (let i = 0; i <= RATES.deviceSignIns.most; i++) {
      const answer = await stage.signIn({ ...WRONG, device, address: `198.51.100.${i}` })
      codes.push(answer.ok ? 'in' : answer.error.code)
    }
    assert.deepEqual(codes, [...Array<string>(RATES.deviceSignIns.most).fill('unauthorized'), 'rate_limited'])
    assert.equal((await stage.dana.reload()).failed_sign_ins, 0)
    assert.ok(await isIn())
  })

  it('lets an address try so often, whomever it tries, before anything is looked up or computed', async () => {
    stage = await openStage({ on: place, limits: createRateLimits(() => Date.UTC(2026, 10, 23)) })
    const { most } = RATES.addressSignIns
    for (let i = 0; i < most; i++) await stage.signIn({ email: `${i}@shop.example` })
    const refused = await stage.signIn()
    assert.equal(refused.ok ? 'in' : refused.error.code, 'rate_limited')
    assert.equal(stage.checked.length, most)
    assert.ok(await isIn({ address: '192.0.2.2' }))
  })

  it('computes one hash for every try, whether there is somebody, nobody, a lock or nothing to open', async () => {
    const tries: [what: string, how: Parameters<Stage['signIn']>[0], before?: () => Promise<unknown>][] = [
      ['right', {}],
      ['wrong', WRONG],
      ['unknown', { email: 'nobody@shop.example' }],
      ['locked', {}, () => stage.dana.lock(new Date(Date.now() + 60_000))],
      ['disabled', {}, () => stage.admins.disable({ email: 'dana@shop.example' })],
    ]
    const asked: string[] = []
    const run = stage.place.database.run.bind(stage.place.database)
    stage.place.database.run = (statement, values) => (asked.push(statement.name), run(statement, values))
    for (const [what, how, before] of tries) {
      await before?.()
      stage.checked.splice(0)
      asked.splice(0)
      await stage.signIn(how)
      assert.equal(stage.checked.length, 1, what)
      assert.equal(asked.length, 2, `${what}: ${asked.join()}`)
    }
  })

  it('opens nothing for a person who is disabled, or whose password changes, while it is checked', async () => {
    const { database } = stage.place
    const run = database.run.bind(database)
    const meanwhile = (deed: () => Promise<unknown>) => {
      database.run = async (statement, values) => {
        if (statement.name === 'auth/open-admin-family') await deed()
        return run(statement, values)
      }
    }
    meanwhile(() => stage.admins.setPassword({ email: 'dana@shop.example' }, 'another long password'))
    assert.ok(!(await isIn()))
    await stage.admins.setPassword({ email: 'dana@shop.example' }, PASSWORD)
    meanwhile(() => stage.admins.disable({ email: 'dana@shop.example' }))
    assert.ok(!(await isIn()))
    assert.equal(await stage.models.AdminSession.count(), 0)
  })

  it('lets nobody in by a password alone who has a second factor', async () => {
    await stage.dana.update({ totp_secret: 'sealed' })
    assert.ok(!(await isIn()))
  })

  it('is written down, with the address but never with what was typed', async () => {
    await stage.signIn({ email: 'not an address but a password' })
    await guess(LOCKOUT.tries)
    await stage.signIn()
    await wait()
    await stage.signIn()
    const entries = (await stage.audited()).filter(({ action }) => action !== 'admin.created')
    const told = entries.map(({ action, actor, details }) => [action, actor, details['reason'] ?? null])
    const wrong = ['admin.sign_in_failed', 'admin', 'wrong_password']
    assert.deepEqual(told, [
      ['admin.sign_in_failed', 'system', 'unknown_address'],
      ...Array<string[]>(LOCKOUT.tries - 1).fill(wrong),
      ['admin.locked', 'admin', 'wrong_password'],
      ['admin.sign_in_failed', 'admin', 'shut_out'],
      ['admin.signed_in', 'admin', null],
    ])
    assert.equal(entries.at(-1)?.details['address'], '192.0.2.1')
    assert.doesNotMatch(JSON.stringify(entries), /password[^"_]| password|horse/)
  })
})
