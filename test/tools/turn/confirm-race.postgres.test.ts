import assert from 'node:assert/strict'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { eventually } from '../../support/eventually.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import { openToolShop, startToolNode, type ToolNode } from './stage.ts'

describe('A yes and a message at the same moment', () => {
  let place: TestDatabase
  let standIn: n8n.StandIn
  let node: ToolNode
  before(async () => {
    place = await openTestDatabase()
    standIn = await n8n.startStandIn()
    node = await startToolNode(place.database, standIn)
  })
  after(async () => {
    await node.stop()
    await standIn.close()
    await place.close()
  })

  it('are a no where the message is saved first, though the yes began before', async () => {
    const { visitor } = await openToolShop(place.database, standIn, {
      refund: { set: { policy: 'confirm' } },
    })
    await node.send(visitor, 'My money')
    const [question] = await node.asks(['refund', { order: '1001' }])
    assert.ok(question)
    const { sequelize } = place.database
    const id = question.call_id.slice(0, 36)
    let answered: ReturnType<typeof node.heart.conversations.answer> | null = null
    await sequelize.transaction(async (transaction) => {
      const run = (sql: string) => sequelize.query(sql, { bind: [id], transaction })
      await run('SELECT 1 FROM conversations WHERE id = $1 FOR NO KEY UPDATE')
      answered = node.heart.conversations.answer(visitor, { call_id: question.call_id, approved: true })
      await eventually(async () => {
        const [waiting] = await sequelize.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        )
        assert.equal(waiting.length, 1)
      })
      await run(
        `UPDATE conversations SET last_seq = 2, visitor_seq = 2, message_count = 2, last_at = clock_timestamp() WHERE id = $1`,
      )
      await run(
        `INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
         VALUES (gen_random_uuid(), $1, 2, 'user', 'No, wait', clock_timestamp())`,
      )
    })
    const result = await answered!
    assert.equal(!result.ok && result.error.code, 'confirmation_closed')
    const [confirmed] = await node.told.next('tool:confirmed')
    assert.deepEqual([confirmed.approved, confirmed.how], [false, 'message'])
    await node.says('It was not done.')
    await node.says('I wait.')
    assert.equal(standIn.calls.all.length, 0)
  })
})
