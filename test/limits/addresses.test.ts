import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RATES } from '../../protocol/limits.ts'
import type { Problem } from '../../protocol/rest.ts'
import { limitedApp, type LimitedApp } from './limited-app.ts'

const OFFICE = '198.51.100.7'
const HOME = '203.0.113.9'

describe('An address', () => {
  const limited = limitedApp()

  it('holds so many sockets; another is refused with its code until one is let go', async () => {
    const open = await openSockets(limited, () => OFFICE)
    const refused = limited.open(OFFICE)
    const { code, retryable } = await refused.refused.take()
    assert.deepEqual([code, retryable], ['too_many_connections', true])
    await refused.closed.take()
    await limited.open(HOME).ready()
    open[0]!.close()
    // The server hears of it a moment later.
    for (let i = 0; ; i++) {
      const again = limited.open(OFFICE)
      const let_in = await Promise.race([
        again.ready().then(() => true),
        again.refused.take().then(() => false),
      ])
      if (let_in) break
      assert.ok(i < 50, 'the place of a closed socket was not given to another')
    }
  })

  it('is a /64 where it is IPv6, and an IPv4 address where that is only written as IPv6', async () => {
    await openSockets(limited, (index) => `2001:db8:1:2::${index + 1}`)
    assert.equal((await limited.open('2001:db8:1:2:ffff::').refused.take()).code, 'too_many_connections')
    await limited.open('2001:db8:1:3::1').ready()
    await openSockets(limited, () => '192.0.2.200')
    assert.equal((await limited.open('::ffff:192.0.2.200').refused.take()).code, 'too_many_connections')
  })

  it('starts so many sessions a minute, by socket and by REST together', async () => {
    for (let i = 0; i < 10; i++) {
      const tab = limited.open(OFFICE)
      await tab.ready()
      tab.close()
    }
    for (let i = 10; i < RATES.addressSessions.most; i++) {
      assert.equal((await limited.startSession(OFFICE)).status, 201)
    }
    const answer = await limited.startSession(OFFICE)
    const { code, retry_after = 0 } = JSON.parse(answer.body) as Problem
    assert.deepEqual([answer.status, code], [429, 'rate_limited'])
    assert.ok(retry_after > 0 && retry_after <= 60)
    assert.equal(answer.headers['retry-after'], String(retry_after))
    const refusal = await limited.open(OFFICE).refused.take()
    assert.equal(refusal.code, 'rate_limited')
    assert.ok((refusal.retry_after_ms ?? 0) > 0)
    assert.equal((await limited.startSession(HOME)).status, 201)
    limited.passMinute()
    assert.equal((await limited.startSession(OFFICE)).status, 201)
  })

  it('comes back to sessions that it has however many it has started', async () => {
    const auth = await limited.newcomer(OFFICE)
    for (let i = 1; i < RATES.addressSessions.most; i++) await limited.startSession(OFFICE)
    assert.equal((await limited.startSession(OFFICE)).status, 429)
    await limited.open(OFFICE, auth).ready()
  })

  it('is not another because a client says so in front of what the proxy wrote', async () => {
    await openSockets(limited, (index) => `10.9.8.${index}, unknown, ${OFFICE}`)
    assert.equal((await limited.open(`1.1.1.1, ${OFFICE}`).refused.take()).code, 'too_many_connections')
  })
})

describe('An address without trusted proxies', () => {
  const limited = limitedApp({})

  it('is that of the connection, whatever is forwarded', async () => {
    await openSockets(limited, (index) => `10.9.8.${index}`)
    assert.equal((await limited.open('10.1.1.1').refused.take()).code, 'too_many_connections')
  })
})

/** As many sockets as one address may hold, each with a session of its own. */
function openSockets(limited: LimitedApp, address: (index: number) => string) {
  const tabs = Array.from({ length: RATES.addressSockets }, (_, index) => limited.open(address(index)))
  return Promise.all(tabs.map((tab) => tab.ready().then(() => tab)))
}
