import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { RATES, WIRE_LIMITS } from '../../protocol/limits.ts'
import type { HistoryPage } from '../../protocol/rest.ts'
import type { Result } from '../../protocol/result.ts'
import { ask } from '../http/raw-http.ts'
import { frame, openRawWebSocket } from '../sockets/raw-websocket.ts'
import type { Visitor } from '../support/visitor.ts'
import { limitedApp } from './limited-app.ts'

const ADDRESS = '198.51.100.7'

describe('A frame', () => {
  const limited = limitedApp()

  it('of 32 KB is read; one byte more closes the connection', async () => {
    for (const [bytes, isRead] of [
      [WIRE_LIMITS.payload, true],
      [WIRE_LIMITS.payload + 1, false],
    ] as const) {
      const raw = await openRawWebSocket(Number(new URL(limited.app.url).port))
      raw.send('40/widget,{"client_key":"pk_demo","protocol":1}')
      await raw.text((text) => text.startsWith('42/widget,["session:ready"'))
      const head = '42/widget,1["typing:set","'
      raw.write(frame(Buffer.from(`${head}${'x'.repeat(bytes - head.length - 2)}"]`), 1))
      const acked = await raw.text((text) => text.startsWith('43/widget,1')).catch(() => null)
      assert.equal(acked?.includes('"code":"invalid_payload"') ?? false, isRead)
      if (isRead) raw.socket.destroy()
      await raw.closed
    }
  })

  it('is one of so many a second; beyond, each is acked as too much', async () => {
    const tab = limited.open(ADDRESS)
    await tab.ready()
    const { burst, perSecond } = RATES.socketRequests
    const asked = Array.from({ length: burst * 4 }, () => tab.ask('typing:set', { typing: false }))
    const answers = (await Promise.all(asked)) as Result<unknown>[]
    const taken = answers.filter(({ ok }) => ok).length
    assert.ok(taken >= burst && taken <= burst + perSecond * 3, `${taken} were taken`)
    for (const answer of answers) {
      if (answer.ok) continue
      assert.equal(answer.error.code, 'rate_limited')
      assert.ok((answer.error.retry_after_ms ?? 0) >= 1)
    }
  })
})

describe('A page of the transcript', () => {
  const limited = limitedApp()

  it('has 50 messages, or as many as are asked, up to 100', async () => {
    const { tab, auth } = await withTranscript(120, 'x')
    const sizes: [limit: number | undefined, size: number][] = [
      [undefined, WIRE_LIMITS.historyDefault],
      [1, 1],
      [WIRE_LIMITS.historyPage, WIRE_LIMITS.historyPage],
    ]
    for (const [limit, size] of sizes) {
      const answer = await tab.ask('history:load', { before_seq: 200, ...(limit && { limit }) })
      assert.equal(answer.ok && answer.data.messages.length, size)
      const page = await readPage(auth, limit === undefined ? '' : `?limit=${limit}`)
      assert.equal((JSON.parse(page.body) as HistoryPage).messages.length, size)
    }
    for (const limit of [0, -1, 1.5, WIRE_LIMITS.historyPage + 1, 1e9]) {
      const answer = await tab.ask('history:load', { before_seq: 200, limit })
      assert.equal(!answer.ok && answer.error.code, 'invalid_payload', String(limit))
      assert.equal((await readPage(auth, `?limit=${limit}`)).status, 400)
    }
  })

  it('reaches whoever reads, though it is larger than what may be left unread', async () => {
    const { tab, auth } = await withTranscript(WIRE_LIMITS.historyPage, '🦊'.repeat(WIRE_LIMITS.text))
    const answer = await tab.ask('history:load', { before_seq: 200, limit: WIRE_LIMITS.historyPage })
    assert.equal(answer.ok && answer.data.messages.length, WIRE_LIMITS.historyPage)
    assert.equal((await tab.send('m2', 'Still here?')).content, 'Still here?')
    const newest = (await limited.open(ADDRESS, auth).ready()).messages
    assert.equal(newest.length, WIRE_LIMITS.historyDefault)
  })

  /** A visitor who has written and read so many messages of this text. */
  async function withTranscript(
    count: number,
    text: string,
  ): Promise<{ tab: Visitor; auth: Record<string, unknown> }> {
    const auth = await limited.newcomer(ADDRESS)
    const tab = limited.open(ADDRESS, auth)
    await tab.ready()
    await tab.send('m1', 'Hello')
    await tab.next('reply:end')
    const add = `
      WITH c AS (
        UPDATE conversations SET last_seq = $2, visitor_seq = $2, answered_seq = $2, message_count = $2
        WHERE session_id = $1 RETURNING id, last_at
      )
      INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
      SELECT gen_random_uuid(), c.id, n, 'user', $3, c.last_at FROM c, generate_series(3, $2::int) AS n`
    await limited.app.place.database.run({ name: `test/add-${count}`, text: add }, [
      auth['session_id'],
      count,
      text,
    ])
    return { tab, auth }
  }

  function readPage({ session_id, session_token }: Record<string, unknown>, query: string) {
    const path = `/api/v1/sessions/${String(session_id)}/history${query}`
    return ask(Number(new URL(limited.app.url).port), path, {
      headers: { authorization: `Bearer ${String(session_token)}` },
    })
  }
})
