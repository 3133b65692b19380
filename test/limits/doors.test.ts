import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'mocha'
import { RATES } from '../../protocol/limits.ts'
import type { Problem } from '../../protocol/rest.ts'
import { planNamed } from '../../server/billing/plans.ts'
import { ask, type Answer } from '../http/raw-http.ts'
import { limitedApp } from './limited-app.ts'

const PER_VISITOR = RATES.visitorMessages.most
const PER_CLIENT = planNamed('free').messages.most

describe('Limits on messages, through every door', () => {
  const limited = limitedApp()

  /** Sends a message over HTTP. */
  const post = (address: string, auth: Record<string, unknown>): Promise<Answer> =>
    ask(Number(new URL(limited.app.url).port), `/api/v1/sessions/${String(auth['session_id'])}/messages`, {
      method: 'POST',
      headers: { 'x-forwarded-for': address, authorization: `Bearer ${String(auth['session_token'])}` },
      body: JSON.stringify({ client_message_id: randomUUID(), text: 'Hello' }),
    })
  const assertRefused = ({ status, headers, body }: Answer) => {
    const { code, retry_after = 0 } = JSON.parse(body) as Problem
    assert.deepEqual([status, code], [429, 'rate_limited'])
    assert.ok(retry_after > 0 && retry_after <= 60)
    assert.equal(headers['retry-after'], String(retry_after))
  }

  it('count a visitor’s messages by socket and by HTTP together', async () => {
    const auth = await limited.newcomer('198.51.100.7')
    const tab = limited.open('198.51.100.7', auth)
    await tab.ready()
    for (let i = 0; i < PER_VISITOR / 2; i++) {
      await tab.send(randomUUID(), 'Hello')
      assert.equal((await post('198.51.100.7', auth)).status, 200)
    }
    assertRefused(await post('198.51.100.7', auth))
    const answer = await tab.ask('message:send', { client_message_id: 'late', text: 'And here?' })
    assert.equal(!answer.ok && answer.error.code, 'rate_limited')
    assert.equal((await tab.next('limit:reached'))[0].kind, 'messages')
  })

  it('count a client’s messages by socket and by HTTP together', async () => {
    const visitors = await Promise.all(
      Array.from({ length: PER_CLIENT / PER_VISITOR }, async (_, index) => {
        const address = `192.0.2.${index + 1}`
        return { address, auth: await limited.newcomer(address), bySocket: index % 2 === 0 }
      }),
    )
    for (const { address, auth, bySocket } of visitors) {
      const tab = limited.open(address, auth)
      await tab.ready()
      for (let i = 0; i < PER_VISITOR; i++) {
        if (bySocket) await tab.send(randomUUID(), 'Hello')
        else assert.equal((await post(address, auth)).status, 200)
      }
    }
    assertRefused(await post('203.0.113.9', await limited.newcomer('203.0.113.9')))
    const late = limited.open('203.0.113.10')
    await late.ready()
    const answer = await late.ask('message:send', { client_message_id: 'late', text: 'And I?' })
    assert.equal(!answer.ok && answer.error.code, 'rate_limited')
    assert.equal((await late.next('limit:reached'))[0].kind, 'client')
  })
})
