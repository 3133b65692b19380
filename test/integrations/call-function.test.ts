import assert from 'node:assert/strict'
import { createMemoryCache } from '../../server/infra/cache.ts'
import { CALL_LIMITS, createCallFunction, type CallLimits } from '../../server/integrations/call-function.ts'
import type { Asked, Endpoint, Fetched, IntegrationKind, Problem } from '../../server/integrations/kind.ts'
import type { OpenIntegration } from '../../server/integrations/open-integration.ts'
import type { RecentCall } from '../../server/integrations/recent-calls.ts'
import { maskSecrets } from '../../server/tools/mask-secrets.ts'

/** A system that answers what the test says, and says what it was asked. */
class System {
  readonly asked: Asked[] = []
  answer: (asked: Asked, signal: AbortSignal) => Fetched | Promise<Fetched> = () => ({
    ok: true,
    data: { nth: this.asked.length },
  })

  open(changes: Partial<OpenIntegration['connection']> & { client_id?: string } = {}): OpenIntegration {
    const { client_id = 'client', ...connection } = changes
    const fetch: IntegrationKind['fetch'] = (_, asked, signal) => {
      this.asked.push(asked)
      return Promise.resolve(this.answer(asked, signal))
    }
    return {
      ...{ client_id, name: 'shop', functions: [] },
      kind: { fetch } as Partial<IntegrationKind> as IntegrationKind,
      connection: { id: 'i', version: 1, config: {}, credentials: null, ...connection },
    }
  }
}

const failing =
  (problem: Problem, more: object = {}) =>
  (): Fetched => ({
    ...{ ok: false, problem, message: 'It failed.', sent: true },
    ...more,
  })

describe('A function of an integration', () => {
  const { signal } = new AbortController()
  let system: System
  let clock: number
  let records: RecentCall[]
  let limits: Partial<CallLimits>
  let call: (
    changes?: Partial<Endpoint>,
    asked?: { given?: object; user?: string | null; at?: OpenIntegration; timeLeft?: number },
  ) => Promise<Fetched>
  beforeEach(() => {
    system = new System()
    clock = 1_000
    records = []
    limits = { pauses: [1, 1] }
    const callFunction = createCallFunction({
      cache: createMemoryCache(undefined, () => clock),
      record: (_, recent) => Promise.resolve(void records.push(recent)),
      mask: maskSecrets,
      limits: { ...CALL_LIMITS, ...limits },
      breaker: { now: () => clock, random: () => 0.5 },
    })
    call = (changes = {}, { given = {}, user = null, at = system.open(), timeLeft = 60_000 } = {}) => {
      const fn = {
        ...{ name: 'orders', description: '', parameters: {}, policy: 'read' as const, personal: false },
        ...{ returnsOthersWords: false, cacheFor: 300_000, label: null, endpoint: null, ...changes },
      }
      return callFunction(at, { fn, given: { ...given }, user, key: 'k', timeLeft }, signal)
    }
  })

  it('is asked once for the same arguments, until its time is over', async () => {
    assert.deepEqual(await call({}, { given: { a: 1, b: 2 } }), { ok: true, data: { nth: 1 } })
    assert.deepEqual(await call({}, { given: { b: 2, a: 1 } }), { ok: true, data: { nth: 1 } })
    clock = 300_000
    assert.deepEqual(await call({}, { given: { a: 1, b: 2 } }), { ok: true, data: { nth: 1 } })
    clock = 302_000
    assert.deepEqual(await call({}, { given: { a: 1, b: 2 } }), { ok: true, data: { nth: 2 } })
    assert.deepEqual(
      records.map(({ cached, problem }) => [cached, problem]),
      [
        [false, null],
        [true, null],
        [true, null],
        [false, null],
      ],
    )
  })

  it('is asked anew for whatever is not the same', async () => {
    const different = [
      () => call(),
      () => call({}, { given: { a: 1 } }),
      () => call({}, { given: { a: '1' } }),
      () => call({}, { given: { a: [1] } }),
      () => call({}, { given: { a: { 0: 1 } } }),
      () => call({ name: 'items' }),
      () => call({}, { at: system.open({ id: 'j' }) }),
      () => call({}, { at: system.open({ version: 2 }) }),
      () => call({}, { at: system.open({ client_id: 'other' }) }),
      () => call({ personal: true }, { user: 'u-1' }),
      () => call({ personal: true }, { user: 'u-2' }),
    ]
    for (const one of different) await one()
    for (const one of different) await one()
    assert.equal(system.asked.length, different.length)
  })

  it('that is personal is asked for a proven visitor only, and is told who it is', async () => {
    const nobody = await call({ personal: true })
    assert.ok(!nobody.ok)
    assert.equal(nobody.problem, 'not_signed_in')
    assert.match(nobody.message, /the visitor is not signed in/)
    assert.deepEqual([system.asked.length, records[0]?.problem], [0, 'not_signed_in'])
    await call({ personal: true }, { user: 'u-1' })
    await call({}, { user: 'u-1' })
    await call({}, { user: 'u-2' })
    assert.deepEqual(
      system.asked.map(({ user }) => user),
      ['u-1', null],
    )
  })

  it('is not remembered where it failed, changes something, or is not to be', async () => {
    system.answer = failing('not_found')
    await call()
    await call()
    assert.equal(system.asked.length, 2)
    system.answer = () => ({ ok: true, data: 1 })
    for (const changes of [{ policy: 'write' as const }, { policy: 'confirm' as const }, { cacheFor: 0 }]) {
      await call(changes)
      await call(changes)
    }
    assert.equal(system.asked.length, 8)
  })

  it('is asked again where that does no harm, and only there', async () => {
    const attempts = async (changes: Partial<Endpoint>, answer: typeof system.answer) => {
      system.asked.length = 0
      system.answer = answer
      await call(changes, { at: system.open({ id: String(Math.random()) }) })
      return system.asked.length
    }
    const write = { policy: 'write' as const }
    for (const problem of ['broken', 'unavailable', 'throttled'] as const) {
      assert.equal(await attempts({}, failing(problem)), 3, problem)
      assert.equal(await attempts(write, failing(problem)), 1, problem)
    }
    assert.equal(await attempts(write, failing('unreachable', { sent: false })), 3)
    assert.equal(await attempts(write, failing('unreachable', { sent: true })), 1)
    for (const problem of ['timeout', 'failing', 'rejected', 'unauthorized', 'refused'] as const)
      assert.equal(await attempts({}, failing(problem)), 1, problem)
    assert.equal(await attempts({}, failing('throttled', { retryAfter: 60_000 })), 1)
  })

  it('is left alone for a while after five failures in a row, and then asked again', async () => {
    system.answer = failing('failing')
    for (let failures = 0; failures < 5; failures++) await call()
    const paused = await call()
    assert.deepEqual([!paused.ok && paused.problem, system.asked.length], ['paused', 5])
    clock = 11_000
    system.answer = () => ({ ok: true, data: 1 })
    assert.equal((await call()).ok, true)
    assert.equal((await call({ name: 'items' })).ok, true)
  })

  it('that says no is well all the same', async () => {
    system.answer = failing('rejected')
    for (let refusals = 0; refusals < 7; refusals++) await call()
    assert.equal(system.asked.length, 7)
  })

  it('has no more time than is left, also where its kind does not look at the clock', async () => {
    const ended: unknown[] = []
    system.answer = (_, within) =>
      new Promise((_, reject) => {
        within.addEventListener('abort', () => {
          ended.push(within.reason)
          reject(within.reason as Error)
        })
      })
    const fetched = await call({}, { timeLeft: -400 })
    assert.deepEqual([!fetched.ok && fetched.problem, ended.length], ['timeout', 1])
    assert.ok((system.asked[0]?.timeLeft ?? 1) <= 0)
  })

  it('tells nobody the credentials, and nothing that looks like some', async () => {
    const credentials = { api_key: 'p4ssw0rd!', nested: { user: 'somebody' }, short: 'a' }
    const at = system.open({ credentials })
    const data = { echo: 'key=p4ssw0rd!', token: 'x'.repeat(30), who: ['somebody'], a: 'a' }
    system.answer = () => ({ ok: true, data })
    const hidden = { echo: 'key=[hidden]', token: '[hidden]', who: ['[hidden]'], a: 'a' }
    assert.deepEqual(await call({}, { at }), { ok: true, data: hidden })
    assert.deepEqual(await call({}, { at }), { ok: true, data: hidden })
    system.answer = failing('rejected', { message: 'No p4ssw0rd! here.' })
    const failed = await call({ name: 'items' }, { at })
    assert.equal(!failed.ok && failed.message, 'No [hidden] here.')
    assert.doesNotMatch(JSON.stringify(records), /p4ssw0rd/)
  })

  it('gives 64 KB at most', async () => {
    system.answer = () => ({ ok: true, data: 'x'.repeat(66_000) })
    const fetched = await call()
    assert.equal(!fetched.ok && fetched.problem, 'too_large')
  })

  it('is broken off with the signal’s reason, and that is nobody’s failure', async () => {
    const turn = new AbortController()
    const callFunction = createCallFunction({
      ...{ cache: createMemoryCache(), record: () => Promise.resolve(), mask: maskSecrets },
      breaker: { limits: { failures: 1, firstPause: 1e6, longestPause: 1e6, patience: 0, longestAsked: 0 } },
    })
    const fn = {
      ...{ name: 'orders', description: '', parameters: {}, policy: 'read' as const, personal: false },
      ...{ returnsOthersWords: false, cacheFor: 0, label: null, endpoint: null },
    }
    const asked = { fn, given: {}, user: null, key: 'k', timeLeft: 1_000 }
    system.answer = (_, within) => {
      turn.abort(new Error('stopped'))
      return Promise.reject(within.reason as Error)
    }
    await assert.rejects(callFunction(system.open(), asked, turn.signal), /stopped/)
    system.answer = () => ({ ok: true, data: 1 })
    assert.equal((await callFunction(system.open(), asked, signal)).ok, true)
  })
})
