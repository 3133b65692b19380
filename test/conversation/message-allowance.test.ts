import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RATES } from '../../protocol/limits.ts'
import { planNamed } from '../../server/billing/plans.ts'
import { takeMessage } from '../../server/conversation/message-allowance.ts'
import { createRateLimits } from '../../server/infra/rate-limit.ts'

const MINUTE = 60_000

describe('The allowance of messages', () => {
  let now = 0
  let visitors = 0
  let limits = createRateLimits(() => now)
  beforeEach(() => {
    now = Date.parse('2026-11-23T12:00:00Z')
    limits = createRateLimits(() => now)
  })
  const take = (from: { address?: string | null; client?: string; plan?: string; visitor?: string }) =>
    takeMessage(limits, {
      session_id: from.visitor ?? `visitor ${visitors++}`,
      client: { id: from.client ?? 'client', plan_type: from.plan ?? 'pro' },
      address: from.address === undefined ? '198.51.100.7' : from.address,
    })

  it('of an address ends after so many in an hour, however many visitors it makes', async () => {
    let taken = 0
    for (let minute = 0; minute < 20; minute++) {
      for (let i = 0; i < RATES.addressMessages.most; i++) taken += (await take({})) === null ? 1 : 0
      now += MINUTE
    }
    assert.equal(taken, RATES.addressMessagesHourly.most)
    assert.deepEqual(await take({}), { kind: 'address', retryAfterMs: 40 * MINUTE })
    assert.equal(await take({ address: '203.0.113.9' }), null)
    now += 40 * MINUTE
    assert.equal(await take({}), null)
  })

  it('of a client is its plan’s; a plan that nobody knows is the smallest', async () => {
    for (const [plan, most] of [
      ['free', planNamed('free').messages.most],
      ['starter', planNamed('starter').messages.most],
      ['pro', planNamed('pro').messages.most],
      ['platinum', planNamed('free').messages.most],
    ] as const) {
      for (let i = 0; i < most; i++)
        assert.equal(await take({ client: plan, plan, address: `${plan} ${i >> 4}` }), null)
      const excess = await take({ client: plan, plan, address: 'another' })
      assert.deepEqual(excess, { kind: 'client', retryAfterMs: MINUTE })
    }
  })

  it('is refused by the narrowest limit, and takes nothing of the others then', async () => {
    for (let i = 0; i < RATES.visitorMessages.most; i++) await take({ visitor: 'greedy', plan: 'free' })
    for (let i = 0; i < 500; i++)
      assert.equal((await take({ visitor: 'greedy', plan: 'free' }))?.kind, 'messages')
    for (let i = 0; i < RATES.addressMessages.most - RATES.visitorMessages.most; i++)
      assert.equal(await take({ plan: 'free' }), null)
    assert.equal((await take({ plan: 'free' }))?.kind, 'address')
  })

  it('counts no address where the client’s own server speaks for its visitors', async () => {
    for (let i = 0; i < RATES.addressMessages.most * 2; i++) assert.equal(await take({ address: null }), null)
  })
})
