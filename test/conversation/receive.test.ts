import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { keptOf, makeVisitor, rowsWhere, startNode, type TestNode } from '../support/heart.ts'

interface Kept {
  seq: number
  role: string
  content: string
  timestamp: Date
}

describe('Receiving a message', () => {
  let place: TestDatabase
  let node: TestNode
  let visitor: VisitorSession

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    node = await startNode(place.database)
    visitor = await makeVisitor(place.database)
  })
  afterEach(() => node.stop())

  const send = (client_message_id: string, text: string) =>
    node.conversations.receive(visitor, { client_message_id, text })
  const kept = () => keptOf<Kept>(place.database, visitor, 'messages', 'seq')
  const conversations = () => rowsWhere(place.database, 'conversations', 'session_id', visitor.id)

  it('opens a conversation with the first message, and says so before the message', async () => {
    const received = await send('m1', 'Hello')
    assert.equal(received.ok && received.data.message.seq, 1)
    const events = node.told.told.all.map((one) => one.event)
    assert.deepEqual(events.slice(0, 2), ['conversation:started', 'message:created'])
  })

  it('saves one message, however often and however much at once it is sent', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => send('m1', 'Hello')))
    const ids = new Set(answers.map((answer) => answer.ok && answer.data.message.id))
    assert.equal(ids.size, 1)
    assert.deepEqual(
      (await kept()).map((row) => [row.seq, row.role, row.content]),
      [[1, 'user', 'Hello']],
    )
    assert.equal((await conversations()).length, 1)
    assert.equal(node.told.count('message:created'), 1)
  })

  it('opens one conversation for messages that come together first of all', async () => {
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => send(id, `text ${id}`)))
    assert.deepEqual(answers.map((answer) => answer.ok && answer.data.message.seq).sort(), [1, 2, 3, 4])
    assert.equal((await conversations()).length, 1)
  })

  it('numbers messages without holes, in the order of time', async () => {
    for (let round = 0; round < 4; round++) {
      await Promise.all(Array.from({ length: 5 }, (_, index) => send(`m${round}.${index % 3}`, 'same')))
    }
    const rows = await kept()
    assert.deepEqual(
      rows.map((row) => row.seq),
      rows.map((_, index) => index + 1),
    )
    for (const [index, row] of rows.entries()) {
      assert.ok(index === 0 || row.timestamp >= rows[index - 1]!.timestamp)
    }
  })

  it('refuses an id that was used for another text', async () => {
    await send('m1', 'Hello')
    const again = await send('m1', 'Goodbye')
    assert.equal(!again.ok && again.error.code, 'message_id_reused')
    assert.equal(!again.ok && again.error.retryable, false)
  })

  it('knows a message again after its conversation has ended and another has begun', async () => {
    const first = await send('m1', 'Hello')
    await node.conversations.end(visitor)
    const afterEnd = await send('m1', 'Hello')
    assert.deepEqual(afterEnd, first)
    assert.equal((await conversations()).length, 1)
    await node.conversations.start(visitor)
    assert.deepEqual(await send('m1', 'Hello'), first)
    assert.equal((await kept()).filter((row) => row.role === 'user').length, 1)
  })

  it('opens a new conversation for a new message after the end', async () => {
    await send('m1', 'Hello')
    await node.conversations.end(visitor)
    const next = await send('m2', 'Me again')
    assert.equal(next.ok && next.data.message.seq, 1)
    assert.equal((await conversations()).length, 2)
  })

  it('keeps the sessions of two visitors apart, even where their ids for a message are the same', async () => {
    const other = await makeVisitor(place.database)
    await send('m1', 'Hello')
    const theirs = await node.conversations.receive(other, { client_message_id: 'm1', text: 'Shalom' })
    assert.equal(theirs.ok && theirs.data.message.content, 'Shalom')
    const seen = await node.conversations.snapshot(other, {})
    assert.deepEqual(
      seen.messages.map((message) => message.content),
      ['Shalom'],
    )
  })
})
