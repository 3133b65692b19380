import assert from 'node:assert/strict'
import { defineModels } from '../../models/index.ts'
import { DEMO_SHOP } from '../../server/config/demo-shop.ts'
import { seedDemo, seedDemoTools } from '../../server/seed.ts'
import { testConfig } from '../support/app.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

describe('The tools of the demo client', () => {
  let place: TestDatabase
  beforeEach(async () => {
    place = await openTestDatabase()
    await seedDemo(place.database)
  })
  afterEach(() => place.close())
  const found = async () => {
    const { Client } = defineModels(place.database.sequelize)
    const { webhook_secret, id } = await Client.findOne({
      where: { api_key: 'pk_demo' },
      rejectOnEmpty: true,
    })
    const { ClientTool } = defineModels(place.database.sequelize)
    const tools = await ClientTool.findAll({ where: { client_id: id }, include: 'tool' })
    return { webhook_secret, tools: new Map(tools.map((one) => [one.tool!.tool_name, one])) }
  }
  const seed = () => seedDemoTools(place.database, testConfig())

  it('are there once, when several nodes start at once and again', async () => {
    await Promise.all([seed(), seed(), seed()])
    await seed()
    const { tools, webhook_secret } = await found()
    assert.deepEqual([...tools.values()].map(({ policy, n8n_webhook_url: url }) => [policy, url]).sort(), [
      ['read', `${DEMO_SHOP.url}/webhook/check_inventory`],
      ['read', `${DEMO_SHOP.url}/webhook/get_order_status`],
      ['read', `${DEMO_SHOP.url}/webhook/get_product_info`],
      ['confirm', `${DEMO_SHOP.url}/webhook/book_appointment`],
    ])
    assert.notEqual(webhook_secret, null)
  })

  it('stay as people have changed them', async () => {
    await seed()
    const before = await found()
    const { Tool } = defineModels(place.database.sequelize)
    await Tool.update({ description: 'Ours.' }, { where: { tool_name: 'get_order_status' } })
    await before.tools
      .get('get_order_status')!
      .update({ label: 'Wait', n8n_webhook_url: 'https://n8n.example/a' })
    await before.tools.get('get_product_info')!.destroy()
    await seed()
    const { tools, webhook_secret } = await found()
    const order = tools.get('get_order_status')!
    assert.deepEqual(
      [order.label, order.n8n_webhook_url, order.tool!.description, tools.size, webhook_secret],
      ['Wait', 'https://n8n.example/a', 'Ours.', 3, before.webhook_secret],
    )
  })
})
