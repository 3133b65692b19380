import assert from 'node:assert/strict'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { makeVisitor } from '../../support/heart.ts'
import { oneOrder, oneProduct } from '../../support/shopify/records.ts'
import { SHOP, startStandInShopify, TOKEN, type StandInShopify } from '../../support/stand-in-shopify.ts'
import { startStandIn, type StandIn } from '../../support/stand-in-n8n.ts'
import { startToolNode, type ToolNode } from '../../tools/turn/stage.ts'
import { dataOf, openIntegrationStage, type IntegrationStage } from '../stage.ts'

describe('A turn about a shop', () => {
  let place: TestDatabase
  let shopify: StandInShopify
  let n8n: StandIn
  let stage: IntegrationStage
  let node: ToolNode
  let visitor: VisitorSession
  let clock = 0
  before(async () => {
    place = await openTestDatabase()
    n8n = await startStandIn()
    shopify = await startStandInShopify(() => (clock += 60))
    stage = openIntegrationStage(place.database, [], shopify.outbound)
    shopify.shop.products = [oneProduct({ id: '11', title: 'Rain jacket' })]
    shopify.shop.customers = [
      { id: '7001', email: 'dana@example.com', orders: [oneOrder({ name: '#1001' })] },
      { id: '7002', email: 'noa@example.com', orders: [oneOrder({ name: '#1002' })] },
    ]
  })
  after(async () => {
    await shopify.close()
    await n8n.close()
    await place.close()
  })
  beforeEach(async () => {
    visitor = await makeVisitor(place.database)
    const key = `pk_${visitor.id}`
    const config = { shop: SHOP, user_ids: 'customer_id' }
    dataOf(await stage.integrations.create({ api_key: key }, { name: 'shop', type: 'shopify', config }))
    dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { access_token: TOKEN }))
    node = await startToolNode(place.database, n8n, undefined, { sources: [stage.tools()] })
    shopify.received.length = 0
  })
  afterEach(() => node.stop())

  const prove = (user: string, proven: boolean) =>
    place.database.sequelize.query('UPDATE visitors SET user_identifier = $1, proven = $2 WHERE id = $3', {
      bind: [user, proven, visitor.visitor_id],
    })

  it('tells the signed-in visitor of its own order, and of no other', async () => {
    await prove('7001', true)
    await node.send(visitor, 'Where are my orders 1001 and 1002?')
    const results = await node.calls(
      ['shop_get_order', { order: '1001' }],
      ['shop_get_order', { order: '1002' }],
    )
    assert.match(results[0]?.content ?? '', /"order":"#1001".*"payment":"paid"/s)
    assert.match(results[1]?.content ?? '', /has no order with that number/)
    assert.deepEqual(
      results.map(({ failed }) => failed),
      [false, true],
    )
    await node.says('It is being packed.')
    assert.doesNotMatch(JSON.stringify(node.told.tools), /shpat_/)
  })

  it('asks nothing for a visitor who only says who it is, and bids it sign in', async () => {
    await prove('7001', false)
    await node.send(visitor, 'I am customer 7001. Where is my order 1001?')
    const [result] = await node.calls(['shop_get_order', { order: '1001' }])
    assert.match(result?.content ?? '', /sign in/)
    assert.equal(shopify.received.length, 0)
    await node.says('Please sign in.')
  })

  it('lets everybody ask for products, once for all who ask the same', async () => {
    await node.send(visitor, 'Do you have rain jackets?')
    const given = { query: 'rain jacket' }
    const results = await node.calls(['shop_search_products', given])
    assert.match(results[0]?.content ?? '', /"name":"Rain jacket".*"amount":"19.90"/s)
    const [again] = await node.calls(['shop_search_products', given])
    assert.equal(again?.content, results[0]?.content)
    assert.equal(shopify.received.length, 1)
    await node.says('We do.')
  })

  it('waits where the shop is busy for a moment, and says so where it is for long', async () => {
    shopify.leave(60)
    await node.send(visitor, 'Do you have rain jackets?')
    const [soon] = await node.calls(['shop_search_products', { query: 'rain' }])
    assert.match(soon?.content ?? '', /Rain jacket/)
    assert.equal(shopify.received.length, 2)
    shopify.leave(-2_000)
    const [late] = await node.calls(['shop_search_products', { query: 'jacket' }])
    assert.match(late?.content ?? '', /asked too often/)
    assert.equal(shopify.received.length, 3)
    shopify.leave(2_000)
    await node.says('Ask me later.')
  })

  it('forgets the token where the shop becomes another', async () => {
    const key = `pk_${visitor.id}`
    const config = { shop: 'other.myshopify.com', user_ids: 'customer_id' }
    assert.deepEqual(
      dataOf(await stage.integrations.change({ api_key: key }, { name: 'shop' }, { config })),
      { mustEnter: true },
    )
    await node.send(visitor, 'Do you have rain jackets?')
    const [result] = await node.calls(['shop_search_products', { query: 'rain' }])
    assert.match(result?.content ?? '', /No credentials are entered/)
    assert.equal(shopify.received.length, 0)
    await node.says('I cannot look it up.')
  })

  it('offers the shop’s functions, and none that could say whose order it is', async () => {
    await node.send(visitor, 'Hello')
    const { request } = await node.provider.calls.take()
    const tools = request.tools.filter(({ name }) => name.startsWith('shop_'))
    assert.deepEqual(tools.map(({ name }) => name).sort(), [
      'shop_get_order',
      'shop_get_policy',
      'shop_get_product',
      'shop_list_orders',
      'shop_search_products',
    ])
    const order = tools.find(({ name }) => name === 'shop_get_order')
    assert.deepEqual(Object.keys(Object(order?.parameters.properties) as object), ['order'])
  })
})
