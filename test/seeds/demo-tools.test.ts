import assert from 'node:assert/strict'
import { defineModels } from '../../models/index.ts'
import { DEMO_SHOP } from '../../server/config/demo-shop.ts'
import { seedDemoTools } from '../../server/demo/seed-tools.ts'
import { seedDemo } from '../../server/seed.ts'
import { testConfig } from '../support/app.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'

describe('The tools of the demo client', () => {
  let place: TestDatabase
  beforeEach(async () => {
    place = await openTestDatabase()
    await seedDemo(place.database)
  })
  afterEach(() => place.close())
  const found = async () => {
    const { Client, ClientTool, ClientIntegration } = defineModels(place.database.sequelize)
    const client = await Client.findOne({ where: { api_key: 'pk_demo' }, rejectOnEmpty: true })
    const where = { client_id: client.id }
    const tools = await ClientTool.findAll({ where, include: 'tool' })
    const integrations = await ClientIntegration.findAll({ where, include: 'endpoints' })
    const { webhook_secret } = client
    return { webhook_secret, integrations, tools: new Map(tools.map((one) => [one.tool!.tool_name, one])) }
  }
  const seed = () => seedDemoTools(place.database, testConfig(), silentLog)

  it('are there once, when several nodes start at once and again', async () => {
    await Promise.all([seed(), seed()])
    await seed()
    const { tools, webhook_secret, integrations } = await found()
    assert.deepEqual([...tools.values()].map(({ policy, n8n_webhook_url: url }) => [policy, url]).sort(), [
      ['confirm', `${DEMO_SHOP.url}/webhook/book_appointment`],
      ['read', `${DEMO_SHOP.url}/webhook/check_inventory`],
      ['read', `${DEMO_SHOP.url}/webhook/get_order_status`],
      ['read', `${DEMO_SHOP.url}/webhook/get_product_info`],
    ])
    assert.notEqual(webhook_secret, null)
    assert.deepEqual(
      integrations.map(({ name, endpoints }) => [name, endpoints?.map((one) => one.endpoint_name)]),
      [['shop', ['list_stores']]],
    )
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
    await before.integrations[0]!.update({ enabled: false })
    await seed()
    const { tools, webhook_secret, integrations } = await found()
    assert.deepEqual(
      integrations.map(({ enabled }) => enabled),
      [false],
    )
    const order = tools.get('get_order_status')!
    assert.deepEqual(
      [order.label, order.n8n_webhook_url, order.tool!.description, tools.size, webhook_secret],
      ['Wait', 'https://n8n.example/a', 'Ours.', 3, before.webhook_secret],
    )
  })
})
