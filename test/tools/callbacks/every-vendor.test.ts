import assert from 'node:assert/strict'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import { EVERY_VENDOR } from '../../support/vendors/every-vendor.ts'
import { words } from '../../support/vendors/scenarios.ts'
import { openToolShop, startToolNode } from '../turn/stage.ts'
import { makeCall, signed } from './awaiting-call.ts'

describe('A result that comes late is read', () => {
  let place: TestDatabase
  let standIn: n8n.StandIn
  before(async () => {
    place = await openTestDatabase()
    standIn = await n8n.startStandIn()
  })
  after(async () => {
    await standIn.close()
    await place.close()
  })

  for (const { name, start, providerAt } of EVERY_VENDOR) {
    it(`by ${name}, after what was said and before what the visitor says next`, async () => {
      const vendor = await start()
      const { visitor, secret } = await openToolShop(place.database, standIn, { refund: {} })
      const node = await startToolNode(place.database, standIn, providerAt(vendor.url))
      try {
        vendor.play(words(['It is in progress.']), words(['You have it.']), words(['You are welcome.']))
        await node.send(visitor, 'I want my money back')
        const [{ message }] = await node.told.next('message:created')
        assert.equal(message.seq, 1)
        await node.told.next('reply:end')
        const conversation_id = node.told.told.all[0]!.to.conversation_id
        const id = await makeCall(place.database, visitor.client_id, { conversation_id })
        const body = Buffer.from('{"result":"paid out by the blue van"}')
        const { 'webhook-id': key, 'webhook-timestamp': timestamp, ...rest } = signed(body, secret)
        const headers = { id: key, timestamp, signature: rest['webhook-signature'] }
        assert.ok((await node.callbacks.receive({ id, headers, body })).ok)
        const [{ message: answer }] = await node.told.next('reply:end')
        assert.deepEqual([answer.content, answer.status], ['You have it.', 'complete'])
        await node.send(visitor, 'Thanks')
        assert.equal((await node.told.next('reply:end'))[0].message.content, 'You are welcome.')
        const [, late, last] = vendor.requests.all.map((request) => JSON.stringify(request.body))
        inOrder(late, ['I want my money back', 'It is in progress.', 'refund', '1001', 'blue van'])
        inOrder(last, ['It is in progress.', 'refund', '1001', 'blue van', 'You have it.', 'Thanks'])
      } finally {
        await node.stop()
        await vendor.close()
      }
    })
  }
})

/** All of it stands in the conversation, each once and after the one before. */
function inOrder(request = '', parts: readonly string[]): void {
  const conversation = request.slice(request.indexOf('I want my money back'))
  const places = parts.map((part) => conversation.indexOf(part))
  assert.ok(!places.includes(-1), `${parts[places.indexOf(-1)]} is not in ${conversation}`)
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
    conversation,
  )
}
