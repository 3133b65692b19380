import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeVisitor, startNode, type TestNode } from '../support/heart.ts'

describe('A busy node', () => {
  let place: TestDatabase
  let node: TestNode

  before(async () => {
    place = await openTestDatabase()
    node = await startNode(place.database, { limits: { atOnce: 1 } })
  })
  after(async () => {
    await node.stop()
    await place.close()
  })

  it('takes what goes to a person', async () => {
    const { conversations, agents, provider, told } = node
    const visitor = await makeVisitor(place.database)
    await conversations.receive(visitor, { client_message_id: 'm1', text: 'Hello' })
    const first = await provider.calls.take()
    first.say('Hi')
    first.end()
    const [{ message }] = await told.next('reply:end')
    assert.equal(message.content, 'Hi')
    const conversation_id = told.told.all[0]!.to.conversation_id
    const admin = { id: randomUUID(), name: 'Dana' }
    await agents.takeOver({ client_id: visitor.client_id, conversation_id, admin })

    const other = await makeVisitor(place.database)
    await conversations.receive(other, { client_message_id: 'm1', text: 'Hello' })
    await provider.calls.take()
    const third = await makeVisitor(place.database)
    const refused = await conversations.turnAway(third, 'm1')
    assert.equal(refused?.ok === false && refused.error.code, 'busy')
    assert.equal(await conversations.turnAway(visitor, 'm2'), null)
    assert.equal(await conversations.turnAway(other, 'm2'), null)
  })
})
