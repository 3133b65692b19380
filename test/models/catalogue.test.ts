import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { defineModels, type Models } from '../../models/index.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'

describe('models of tools, knowledge and usage', () => {
  let test: TestDatabase
  let models: Models
  let client: TestClient
  before(async () => {
    test = await openTestDatabase()
    models = defineModels(test.database.sequelize)
    client = await makeClient(test.database)
  })
  after(() => test.close())

  it('let a client choose tools of the catalogue, switch them and drop them', async () => {
    const tool = await models.Tool.create({
      tool_name: 'order_status',
      description: 'Tells where an order is.',
      parameters_schema: { type: 'object' },
    })
    const chosen = await models.ClientTool.create({ client_id: client.id, tool_id: tool.id })
    assert.deepEqual([chosen.enabled, chosen.policy, chosen.idempotent], [true, 'read', false])
    assert.deepEqual([await chosen.disable(), await chosen.disable()], [true, false])
    assert.equal(await models.ClientTool.scope('enabled').count(), 0)
    assert.deepEqual([await chosen.enable(), await chosen.enable()], [true, false])
    const found = await models.ClientTool.scope('enabled').findOne({ include: ['tool'], rejectOnEmpty: true })
    assert.equal(found.tool?.tool_name, 'order_status')
    await assert.rejects(models.ClientTool.create({ client_id: client.id, tool_id: tool.id }))
    await tool.destroy()
    assert.equal(await models.ClientTool.count(), 0)
  })

  it('count an integration as untested once it points elsewhere', async () => {
    const named = { client_id: client.id, name: 'shop', integration_type: 'shopify' as const }
    const shop = await models.ClientIntegration.create(named)
    await assert.rejects(models.ClientIntegration.create(named))
    assert.equal(await shop.markTested({ ok: true, message: 'It works.' }), true)
    await shop.reload()
    assert.ok(shop.last_sync_test instanceof Date)
    const stale = await models.ClientIntegration.findByPk(shop.id, { rejectOnEmpty: true })
    await shop.reconnect({ connection_config: { shop: 'other.example' } })
    assert.equal(await stale.markTested({ ok: true, message: 'It worked.' }), false)
    await shop.reload()
    const { last_sync_test, last_verdict, connection_config, version } = shop
    assert.deepEqual([last_sync_test, last_verdict, version], [null, null, 2])
    assert.deepEqual(connection_config, { shop: 'other.example' })
    assert.deepEqual([await shop.disable(), await shop.enable(), await shop.enable()], [true, true, false])

    const endpoint = { integration_id: shop.id, endpoint_name: 'orders', endpoint_url: '/orders' }
    await models.IntegrationEndpoint.create(endpoint)
    await assert.rejects(models.IntegrationEndpoint.create(endpoint))
    const found = await models.ClientIntegration.findByPk(shop.id, { include: ['endpoints'] })
    assert.deepEqual(
      found?.endpoints?.map(({ method, endpoint_name }) => [method, endpoint_name]),
      [['GET', 'orders']],
    )
    await shop.destroy()
    assert.equal(await models.IntegrationEndpoint.count(), 0)
  })

  it('record the outcome of a tool call once', async () => {
    const call = await models.ToolExecution.create({
      client_id: client.id,
      conversation_id: randomUUID(),
      turn: 1,
      step: 1,
      call_id: 'a',
      tool_name: 'order_status',
    })
    assert.equal(call.isFinished, false)
    assert.equal(await models.ToolExecution.scope('outcomeUnknown').count(), 1)
    const outcome = { success: false, n8n_response: { status: 500 }, execution_time_ms: 12 }
    assert.equal(await call.finish(outcome), true)
    assert.equal(await call.finish({ ...outcome, success: true }), false)
    const found = await models.ToolExecution.scope('failed').findByPk(call.id)
    assert.deepEqual([found?.n8n_response, found?.execution_time_ms], [{ status: 500 }, 12])
  })

  it('delete a document with its passages, and never read or rewrite how they are found', async () => {
    const document = await models.KnowledgeDocument.create({
      client_id: client.id,
      title: 'Returns',
      content_hash: Buffer.from('a'),
    })
    const { id } = await models.KnowledgeChunk.create({
      client_id: client.id,
      document_id: document.id,
      position: 1,
      title: 'Returns',
      content: 'Thirty days.',
      terms: test.database.sequelize.fn('to_tsvector', 'english', 'thirty days'),
    })
    const chunk = await models.KnowledgeChunk.findByPk(id, { rejectOnEmpty: true })
    assert.equal(chunk.terms, undefined)
    await assert.rejects(chunk.update({ content: 'Sixty days.' }), { name: 'GuardedColumnError' })
    await assert.rejects(document.update({ content_hash: Buffer.from('b') }), { name: 'GuardedColumnError' })
    await document.reload()
    await document.update({ title: 'Sending back' })
    const [found] = await models.KnowledgeDocument.findAll({ include: ['chunks'] })
    assert.deepEqual([found?.title, found?.chunks?.length], ['Sending back', 1])
    await document.destroy()
    assert.equal(await models.KnowledgeChunk.count(), 0)
  })

  it('sum usage over a period without losing a digit', async () => {
    const huge = '9007199254740993'
    const day = { client_id: client.id, message_count: '2', cost_estimate: '0.000001' }
    await models.ApiUsage.bulkCreate([
      { ...day, date: '2026-01-31', tokens_input: '1' },
      { ...day, date: '2026-02-01', tokens_input: huge },
      { ...day, date: '2026-02-28', tokens_input: '4' },
      { ...day, date: '2026-03-01', tokens_input: '8' },
    ])
    assert.deepEqual(await models.ApiUsage.totals(client, '2026-02-01', '2026-02-28'), {
      conversation_count: '0',
      message_count: '4',
      tokens_input: '9007199254740997',
      tokens_output: '0',
      tokens_estimated: '0',
      tool_calls_count: '0',
      cost_estimate: '0.000002',
    })
    const nobody = await models.ApiUsage.totals({ id: randomUUID() }, '2026-02-01', '2026-02-28')
    assert.equal(nobody.message_count, '0')
    const [first] = await models.ApiUsage.findAll({ order: ['date'] })
    assert.deepEqual([first?.date, first?.tokens_input], ['2026-01-31', '1'])
  })

  it('sum usage by model, the dearest first', async () => {
    const day = { client_id: client.id, provider: 'openai' }
    await models.UsageByModel.bulkCreate([
      { ...day, date: '2026-02-01', model: 'small', turns: '3', cost_estimate: '0.1' },
      { ...day, date: '2026-02-02', model: 'small', turns: '4', cost_estimate: '0.2' },
      { ...day, date: '2026-02-02', model: 'large', turns: '1', cost_estimate: '5' },
      { ...day, date: '2026-03-02', model: 'large', turns: '1', cost_estimate: '5' },
    ])
    const totals = await models.UsageByModel.totals(client, '2026-02-01', '2026-02-28')
    assert.deepEqual(
      totals.map(({ model, turns, cost_estimate }) => [model, turns, cost_estimate]),
      [
        ['large', '1', '5.000000'],
        ['small', '7', '0.300000'],
      ],
    )
  })

  it('average ratings of the AI and of people apart, and keep contacts', async () => {
    const { visitor_id } = await makeSession(test.database, client)
    const rating = { client_id: client.id, conversation_id: randomUUID() }
    await models.Rating.bulkCreate([
      { ...rating, subject: 'ai', score: 5 },
      { ...rating, conversation_id: randomUUID(), subject: 'ai', score: 2 },
      { ...rating, subject: 'agent', score: 4, comment: 'kind' },
    ])
    await assert.rejects(models.Rating.create({ ...rating, subject: 'ai', score: 6 }))
    const day = 86_400_000
    const [from, until] = [new Date(Date.now() - day), new Date(Date.now() + day)]
    assert.deepEqual(await models.Rating.averages(client, from, until), [
      { subject: 'agent', count: 1, average: 4 },
      { subject: 'ai', count: 2, average: 3.5 },
    ])
    assert.deepEqual(await models.Rating.averages(client, until, new Date(Date.now() + 2 * day)), [])

    await models.Contact.create({ client_id: client.id, visitor_id, email: 'a@example.com' })
    const [contact] = await models.Contact.scope('newestFirst').findAll()
    assert.deepEqual([contact?.email, contact?.name], ['a@example.com', null])
  })
})
