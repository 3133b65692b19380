import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { catchUp, type CatchUpParts } from '../../../sockets/crossing/catch-up.ts'
import type { Told, ToldOfTool } from '../../../sockets/crossing/frames.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../../support/databases.ts'
import { makeVisitor } from '../../support/heart.ts'
import { Inbox } from '../../support/inbox.ts'

describe('Who could not be told', () => {
  let place: TestDatabase
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  const decide = `UPDATE tool_confirmations SET decided_at = clock_timestamp(), approved = false, how = 'expired' WHERE call_id = $1`

  it('finds what the visitor is asked, and what became of it, in Postgres', async () => {
    const { database } = place
    const { id: session_id, client_id } = await makeVisitor(database)
    const id = randomUUID()
    const run = (sql: string, bind: unknown[]) => database.sequelize.query(sql, { bind })
    await run(
      `INSERT INTO conversations (id, client_id, session_id, last_seq, visitor_seq, turn_open) VALUES ($1, $2, $3, 1, 1, true)`,
      [id, client_id, session_id],
    )
    const call_id = `${id}.1.0.0`
    await run(
      `INSERT INTO tool_confirmations (call_id, conversation_id, turn, step, attempt, answers_to, tool_name, label,
         arguments, asked_at, expires_at)
       VALUES ($1, $2, 1, 0, 1, 1, 'refund', 'Refund', '{"order":"1"}', now(), '2040-01-01T00:00:00Z')`,
      [call_id, id],
    )
    const told = new Inbox<Told | ToldOfTool>('event')
    const presence = new EventEmitter() as unknown as CatchUpParts['presence']
    const missing = catchUp({
      ...{ database, presence, log: silentLog, sessions: () => [session_id] },
      tell: (to, event) => {
        assert.deepEqual(to, { client_id, session_id, conversation_id: id })
        told.put(event)
      },
    })
    missing.look(session_id, 60_000)
    const expires_at = '2040-01-01T00:00:00.000Z'
    const question = { turn: 1, call_id, label: 'Refund', arguments: { order: '1' }, expires_at }
    assert.deepEqual(await told.take(), { event: 'tool:confirm', args: [question] })
    await run(decide, [call_id])
    missing.look(session_id, 60_000)
    const confirmed = { turn: 1, call_id, approved: false, how: 'expired' }
    assert.deepEqual(await told.take(), { event: 'tool:confirmed', args: [confirmed] })
    await missing.stop()
  })
})
