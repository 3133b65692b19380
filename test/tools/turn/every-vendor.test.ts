import assert from 'node:assert/strict'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import * as n8n from '../../support/stand-in-n8n.ts'
import { EVERY_VENDOR } from '../../support/vendors/every-vendor.ts'
import { toolCalls, words } from '../../support/vendors/scenarios.ts'
import { openToolShop, startToolNode } from './stage.ts'

/** Nested deeper than what calls itself to read it can go. */
const BOTTOMLESS = `{"order":${'['.repeat(20_000)}${']'.repeat(20_000)}}`

describe('A turn that acts, asked through', () => {
  let place: TestDatabase
  let standIn: n8n.StandIn
  before(async () => {
    place = await openTestDatabase()
    standIn = await n8n.startStandIn()
    standIn.on('/find_order', n8n.json({ status: 'shipped with the blue van' }))
    standIn.on('/book', n8n.WORKFLOW_BROKE)
  })
  after(async () => {
    await standIn.close()
    await place.close()
  })

  for (const { name, start, providerAt, cannot = [] } of EVERY_VENDOR) {
    it(`${name}, calls side by side and again, asks first, and reads what was said, what is wrong and what was refused`, async () => {
      const vendor = await start()
      const shop = await openToolShop(place.database, standIn, {
        find_order: {},
        book: { set: { policy: 'write' } },
        refund: { set: { policy: 'confirm' } },
      })
      const node = await startToolNode(place.database, standIn, providerAt(vendor.url))
      standIn.calls.clear()
      try {
        const [broken, bottomless] = cannot.includes('break arguments')
          ? ['{"order":7}', '{"order":8}']
          : ['{"order":', BOTTOMLESS]
        vendor.play(
          toolCalls([
            { id: 'c1', name: 'find_order', json: ['{"order":', '"1001"}'] },
            { id: 'c2', name: 'find_order', json: ['{"order":"1002"}'] },
          ]),
          toolCalls([
            { id: 'c3', name: 'find_order', json: [broken] },
            { id: 'c5', name: 'find_order', json: [bottomless] },
          ]),
          toolCalls([{ id: 'c4', name: 'book', json: ['{"order":"1001"}'] }]),
          toolCalls([
            { id: 'c6', name: 'refund', json: ['{"order":"1001"}'] },
            { id: 'c7', name: 'refund', json: ['{"order":"1002"}'] },
          ]),
          words(['On its way.']),
        )
        await node.send(shop.visitor, 'Where are my orders?')
        const [{ call_id }] = await node.told.next('tool:confirm')
        assert.ok((await node.heart.conversations.answer(shop.visitor, { call_id, approved: false })).ok)
        const expire = 'UPDATE tool_confirmations SET expires_at = clock_timestamp() WHERE decided_at IS NULL'
        const [{ call_id: other }] = await node.told.next('tool:confirm')
        await place.database.sequelize.query(`${expire} AND call_id = $1`, { bind: [other] })
        const [{ message }] = await node.told.next('reply:end')
        assert.deepEqual([message.status, message.content], ['complete', 'On its way.'])
        const given = standIn.calls.all.map(
          ({ text }) => (JSON.parse(text) as { arguments: unknown }).arguments,
        )
        assert.deepEqual(
          new Set(given.map((one) => JSON.stringify(one))),
          new Set(['{"order":"1001"}', '{"order":"1002"}']),
        )
        assert.equal(given.length, 3)
        const requests = vendor.requests.all.map(({ body }) => JSON.stringify(body))
        assert.equal(requests.length, 5)
        assert.equal(requests[1]?.match(/blue van/g)?.length, 2)
        assert.match(requests[2] ?? '', /no valid JSON object|order\\*" must be string/)
        assert.match(requests[3] ?? '', /Error in workflow/)
        assert.match(requests[4] ?? '', /was asked, and said no/)
        assert.match(requests[4] ?? '', /did not answer in time/)
      } finally {
        await node.stop()
        await vendor.close()
      }
    })
  }
})
