import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RATES, WIRE_LIMITS } from '../../protocol/limits.ts'
import { planNamed } from '../../server/billing/plans.ts'
import { keptOf } from '../support/heart.ts'
import type { Visitor } from '../support/visitor.ts'
import { limitedApp } from './limited-app.ts'

const OFFICE = '198.51.100.7'
const HOME = '203.0.113.9'
const PER_VISITOR = RATES.visitorMessages.most
const PER_CLIENT = planNamed('free').messages.most
const PER_ADDRESS = RATES.addressMessages.most

describe('A message’s text', () => {
  const limited = limitedApp()

  const accepted: [what: string, text: string][] = [
    ['one character', 'a'],
    ['one character outside of the basic plane', '🦊'],
    ['4,000 characters', 'a'.repeat(WIRE_LIMITS.text)],
    ['4,000 characters of three bytes', '日'.repeat(WIRE_LIMITS.text)],
    ['4,000 characters of two units and four bytes each', '🦊'.repeat(WIRE_LIMITS.text)],
    ['what only looks odd', '\u202e\u200f\ufeff\u0001\u2028 a'],
  ]
  for (const [what, text] of accepted) {
    it(`may be ${what}, and is kept as it is`, async () => {
      const tab = limited.open(OFFICE)
      const ready = await tab.ready()
      const message = await tab.send('m1', text)
      assert.equal(message.content, text)
      const [kept] = await keptOf<{ content: string }>(
        limited.app.place.database,
        { id: ready.session_id },
        'messages',
        'seq',
      )
      assert.equal(kept?.content, text)
    })
  }

  const refused: [what: string, text: string][] = [
    ['empty', ''],
    ['blank', ' \t\n\u3000'],
    ['4,001 characters', 'a'.repeat(WIRE_LIMITS.text + 1)],
    ['4,001 characters of two units each', '🦊'.repeat(WIRE_LIMITS.text + 1)],
    ['a text with NUL', 'a\0b'],
    ['half a character', '\ud83e'],
    ['its halves in the wrong order', 'a\udd8a\ud83eb'],
  ]
  it('is refused otherwise, and nothing is kept', async () => {
    const tab = limited.open(OFFICE)
    const ready = await tab.ready()
    for (const [what, text] of refused) {
      const answer = await tab.ask('message:send', { client_message_id: 'm1', text })
      assert.equal(!answer.ok && answer.error.code, 'invalid_payload', what)
    }
    assert.equal(await countKept(ready), 0)
  })

  it('of an id that was acked is given again, once; another text of that id is refused', async () => {
    const tab = limited.open(OFFICE)
    const ready = await tab.ready()
    const first = await tab.send('m1', 'Hello')
    await tab.next('reply:end')
    assert.deepEqual(await tab.send('m1', 'Hello'), first)
    const other = await tab.ask('message:send', { client_message_id: 'm1', text: 'Goodbye' })
    assert.equal(!other.ok && other.error.code, 'message_id_reused')
    assert.equal(await countKept(ready), 2, 'the message and its answer')
  })

  const countKept = async ({ session_id }: { session_id: string }) =>
    (await keptOf(limited.app.place.database, { id: session_id }, 'messages', 'seq')).length
})

describe('Messages a minute', () => {
  const limited = limitedApp()

  it('are so many of one visitor, whose tabs share them; the next is told to wait', async () => {
    const auth = await limited.newcomer(OFFICE)
    const [one, two] = [limited.open(OFFICE, auth), limited.open(HOME, auth)]
    await Promise.all([one.ready(), two.ready()])
    assert.equal(await sendUntilRefused(one, 4), 4)
    assert.equal(await sendUntilRefused(two, PER_VISITOR), PER_VISITOR - 4)
    const answer = await one.ask('message:send', { client_message_id: 'late', text: 'Too much' })
    assert.ok(!answer.ok)
    const { code, retryable, retry_after_ms = 0 } = answer.error
    assert.deepEqual([code, retryable], ['rate_limited', true])
    assert.ok(retry_after_ms > 0 && retry_after_ms <= 60_000)
    assert.deepEqual(await one.next('limit:reached'), [{ kind: 'messages', retry_after_ms }])
    limited.passMinute()
    assert.equal((await one.send('late', 'Now?')).content, 'Now?')
  })

  it('are not used up by what is refused for another reason', async () => {
    const tab = limited.open(OFFICE)
    await tab.ready()
    for (let i = 0; i < PER_VISITOR * 2; i++)
      await tab.ask('message:send', { client_message_id: 'm', text: '' })
    assert.equal(await sendUntilRefused(tab, PER_VISITOR), PER_VISITOR)
  })

  it('are so many from one address; a visitor over his own limit takes nothing from the others there', async () => {
    const greedy = limited.open(OFFICE)
    await greedy.ready()
    assert.equal(await sendUntilRefused(greedy, PER_VISITOR), PER_VISITOR)
    for (let i = 0; i < 30; i++) {
      const answer = await greedy.ask('message:send', { client_message_id: `more-${i}`, text: 'More' })
      assert.equal(!answer.ok && answer.error.code, 'rate_limited')
    }
    const rooms = (PER_ADDRESS - PER_VISITOR) / PER_VISITOR
    for (let i = 0; i < rooms; i++) {
      const tab = limited.open(OFFICE)
      await tab.ready()
      assert.equal(await sendUntilRefused(tab, PER_VISITOR), PER_VISITOR)
    }
    const last = limited.open(OFFICE)
    await last.ready()
    assert.equal(await sendUntilRefused(last, 1), 0)
    assert.equal((await last.next('limit:reached'))[0].kind, 'address')
    const elsewhere = limited.open(HOME)
    await elsewhere.ready()
    assert.equal(await sendUntilRefused(elsewhere, 1), 1)
  })

  it('are so many of all visitors of a client, by its plan, wherever they write from', async () => {
    const tabs = Array.from({ length: PER_CLIENT / PER_VISITOR }, (_, index) =>
      limited.open(`192.0.2.${index + 1}`),
    )
    const sent = await Promise.all(
      tabs.map(async (tab) => {
        await tab.ready()
        return sendUntilRefused(tab, PER_VISITOR)
      }),
    )
    assert.equal(
      sent.reduce((sum, count) => sum + count, 0),
      PER_CLIENT,
    )
    const late = limited.open(HOME)
    await late.ready()
    const answer = await late.ask('message:send', { client_message_id: 'late', text: 'And I?' })
    assert.ok(!answer.ok)
    const { code, retry_after_ms = 0 } = answer.error
    assert.equal(code, 'rate_limited')
    assert.ok(retry_after_ms > 0 && retry_after_ms <= 60_000)
    assert.deepEqual(await late.next('limit:reached'), [{ kind: 'client', retry_after_ms }])
    limited.passMinute()
    assert.equal(await sendUntilRefused(late, 1), 1)
  })

  it('are counted, too, when a visitor changes his address', async () => {
    const auth = await limited.newcomer(OFFICE)
    let sent = 0
    for (const address of [OFFICE, HOME, '2001:db8::1']) {
      const tab = limited.open(address, auth)
      await tab.ready()
      sent += await sendUntilRefused(tab, PER_VISITOR)
    }
    assert.equal(sent, PER_VISITOR)
  })
})

/** Sends up to `most` messages, and says how many were taken before one was refused for their number. */
async function sendUntilRefused(tab: Visitor, most: number): Promise<number> {
  for (let sent = 0; sent < most; sent++) {
    const client_message_id = crypto.randomUUID()
    const answer = await tab.ask('message:send', { client_message_id, text: 'Hello' })
    if (answer.ok) continue
    assert.equal(answer.error.code, 'rate_limited')
    return sent
  }
  return most
}
