import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { call } from '../../client/call.ts'
import { defineModels, type Models } from '../../models/index.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, type KeptPerson } from '../support/person.ts'
import { json, silent, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { codeOf, dataOf } from './outcomes.ts'

const ORDER_STATUS = {
  tool_name: 'get_order_status',
  description: 'Tells where an order is.',
  parameters_schema: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  category: 'orders',
}

/** What a workflow came to that told why it failed. */
const FAILED: object = { failed: 'no', sent: true }

const TOOLS = 'GET /api/admin/clients/:client_id/tools'
const NEW_TOOL = 'POST /api/admin/clients/:client_id/tools'
const ONE_TOOL = '/api/admin/clients/:client_id/tools/:tool_id'

describe('The tools of clients, over HTTP', () => {
  let app: TestApp
  let n8n: StandIn
  let models: Models
  let installation: KeptPerson
  let client: TestClient
  let keeper: KeptPerson
  let tool_id: string
  before(async function () {
    this.timeout(60_000)
    n8n = await startStandIn()
    app = await startApp({ env: { JWT_SECRET, OUTBOUND_ALLOW: n8n.hostAndPort } })
    models = defineModels(app.place.database.sequelize)
    installation = await addPerson(app.place.database, { client: null, role: 'owner' })
  })
  after(async () => {
    await app.close()
    await n8n.close()
  })
  beforeEach(async () => {
    await models.Tool.destroy({ where: { tool_name: ['get_order_status', 'other'] } })
    client = await makeClient(app.place.database)
    keeper = await addPerson(app.place.database, { client, role: 'admin' })
    const added = await call(app, 'POST /api/admin/tools', { body: ORDER_STATUS }, installation)
    tool_id = dataOf(added).tool.id
  })

  const ofClient = () => ({ client_id: client.id })
  const ofTool = () => ({ client_id: client.id, tool_id })
  const use = (more: object = {}) =>
    call(
      app,
      NEW_TOOL,
      { params: ofClient(), body: { tool_id, n8n_webhook_url: `${n8n.url}/orders`, ...more } },
      keeper,
    )
  const tryIt = (given: object, user_id?: string) =>
    call(
      app,
      `POST ${ONE_TOOL}/test`,
      { params: ofTool(), body: { arguments: { ...given }, ...(user_id !== undefined && { user_id }) } },
      keeper,
    )
  const audited = async (action: string) => {
    const entry = await models.AuditEntry.findOne({ where: { action }, order: [['id', 'DESC']] })
    return entry && [entry.actor_id, entry.client_id, JSON.stringify(entry.details)]
  }

  it('are chosen from a catalogue that the installation’s owners keep, page by page', async () => {
    const other = { ...ORDER_STATUS, tool_name: 'other', category: 'a' }
    const added = dataOf(await call(app, 'POST /api/admin/tools', { body: other }, installation))
    const first = dataOf(
      await call(app, 'GET /api/admin/tools', { query: { search: 'where an order', limit: 1 } }, keeper),
    )
    assert.deepEqual([first.tools[0]?.tool_name, first.has_more], ['other', true])
    const query = { search: 'WHERE AN ORDER', after: added.tool.id }
    const second = dataOf(await call(app, 'GET /api/admin/tools', { query }, keeper))
    assert.deepEqual([second.tools.map(({ id }) => id), second.has_more], [[tool_id], false])
    const params = { tool_id: added.tool.id }
    const change = { params, body: { description: 'Tells where a parcel is.' } }
    const changed = dataOf(await call(app, 'PATCH /api/admin/tools/:tool_id', change, installation))
    assert.deepEqual([changed.tool.description, changed.tool.category], ['Tells where a parcel is.', 'a'])
    assert.equal((await audited('tool.changed'))?.[0], installation.id)
    assert.deepEqual(dataOf(await call(app, 'DELETE /api/admin/tools/:tool_id', { params }, installation)), {
      id: added.tool.id,
    })
    assert.equal(codeOf(await call(app, 'GET /api/admin/tools/:tool_id', { params }, keeper)), 'not_found')
  })

  it('come into the catalogue with a schema that fits, and a name that nothing has', async () => {
    const add = async (changes: object) =>
      codeOf(
        await call(app, 'POST /api/admin/tools', { body: { ...ORDER_STATUS, ...changes } }, installation),
      )
    assert.equal(await add({}), 'invalid_payload')
    assert.equal(await add({ tool_name: 'hand_over' }), 'invalid_payload')
    assert.equal(await add({ tool_name: 'other', parameters_schema: { type: 'string' } }), 'invalid_payload')
    const body = { parameters_schema: { type: 'object', properties: { a: { typ: 'x' } } } }
    const change = { params: { tool_id }, body }
    const refused = await call(app, 'PATCH /api/admin/tools/:tool_id', change, installation)
    assert.match(refused.ok ? '' : refused.error.message, /^parameters_schema\/properties\/a\/typ /)
  })

  it('have their schema checked while somebody writes it, and arguments against it', async () => {
    const check = async (schema: unknown, given?: Record<string, unknown>) =>
      dataOf(
        await call(
          app,
          'POST /api/admin/schema-check',
          { body: { schema, ...(given && { arguments: given }) } },
          keeper,
        ),
      )
    const { parameters_schema: schema } = ORDER_STATUS
    assert.deepEqual(await check(schema, { order: '1' }), { fault: null, arguments_fault: null })
    assert.match((await check(schema, { order: 1 })).arguments_fault ?? '', /"order" must be string/)
    const broken = await check({ type: 'object', properties: { a: { type: 'text' } } })
    assert.equal(broken.fault?.path, '/properties/a/type')
    assert.deepEqual((await check('{')).fault, { path: '', problem: 'is no object' })
  })

  it('are used, changed, switched off and taken away by the client’s own people, in the audit log', async () => {
    const { tool, secret } = dataOf(await use({ custom_config: { shop: 'blue', api_key: 'hunter2' } }))
    assert.match(secret ?? '', /^whsec_/)
    assert.deepEqual([tool.enabled, tool.policy, tool.custom_config['shop']], [true, 'read', 'blue'])
    const listed = await call(app, TOOLS, { params: ofClient() }, await analyst())
    const { tools, signing } = dataOf(listed)
    assert.deepEqual(signing, { issued: true, previous_until: null })
    assert.equal(tools[0]?.tool.tool_name, 'get_order_status')
    assert.ok(!JSON.stringify(tools).includes('hunter2'))
    const body = { enabled: false, policy: 'confirm', label: 'Looking' } as const
    const changed = dataOf(await call(app, `PATCH ${ONE_TOOL}`, { params: ofTool(), body }, keeper))
    assert.equal(changed.secret, undefined)
    const read = dataOf(await call(app, `GET ${ONE_TOOL}`, { params: ofTool() }, keeper))
    assert.deepEqual(read.tool, { ...tool, ...body })
    assert.deepEqual((await audited('client_tool.set'))?.slice(0, 2), [keeper.id, client.id])
    assert.ok(!(await audited('client_tool.set'))?.[2]?.includes('hunter2'))
    assert.equal(codeOf(await call(app, `DELETE ${ONE_TOOL}`, { params: ofTool() }, keeper)), 'ok')
    for (const gone of [
      await call(app, `GET ${ONE_TOOL}`, { params: ofTool() }, keeper),
      await call(app, `PATCH ${ONE_TOOL}`, { params: ofTool(), body: { ...body } }, keeper),
      await call(app, `DELETE ${ONE_TOOL}`, { params: ofTool() }, keeper),
      await call(app, `GET ${ONE_TOOL}/tests`, { params: ofTool() }, keeper),
      await tryIt({ order: '1' }),
    ])
      assert.equal(codeOf(gone), 'not_found')
  })

  it('cannot be called where the operator does not allow it, nor be what is in no catalogue', async () => {
    assert.equal(codeOf(await use({ n8n_webhook_url: 'http://169.254.169.254/x' })), 'invalid_payload')
    assert.equal(codeOf(await use({ tool_id: client.id })), 'not_found')
    assert.equal(codeOf(await use({ policy: 'always' })), 'invalid_payload')
  })

  it('have another secret made for signing, and the one before it counts for a day', async () => {
    dataOf(await use())
    const rotate = 'POST /api/admin/clients/:client_id/webhook-secret/rotate'
    const { secret, signing } = dataOf(await call(app, rotate, { params: ofClient() }, keeper))
    assert.match(secret, /^whsec_/)
    const hours = (Date.parse(signing.previous_until ?? '') - Date.now()) / 3_600_000
    assert.ok(hours > 23.9 && hours <= 24)
    assert.equal((await audited('client.webhook_secret_issued'))?.[0], keeper.id)
  })

  it('are tried as a model would call them, also switched off, with what came of it and how long it took', async () => {
    dataOf(await use({ enabled: false, custom_config: { shop: 'blue' } }))
    n8n.on('/orders', json({ status: 'shipped', token: 'hunter2' }))
    const { trial } = dataOf(await tryIt({ order: '1001' }, 'customer-7'))
    const { headers, text } = await n8n.calls.take()
    const sent = JSON.parse(text) as Record<string, unknown>
    assert.deepEqual(
      [sent['arguments'], sent['visitor'], sent['config'], sent['test']],
      [{ order: '1001' }, { user_id: 'customer-7', verified: true }, { shop: 'blue' }, true],
    )
    assert.match(headers['webhook-signature'] as string, /^v1,/)
    assert.deepEqual([trial.ok, trial.by, trial.arguments], [true, 'Dana', { order: '1001' }])
    assert.equal(trial.content, '{"status":"shipped","token":"[hidden]"}')
    assert.ok(trial.execution_time_ms >= 0)
    n8n.on('/orders', json({ message: 'No such order' }, 404))
    assert.equal(dataOf(await tryIt({ order: '2' })).trial.ok, false)
    const { trials } = dataOf(await call(app, `GET ${ONE_TOOL}/tests`, { params: ofTool() }, keeper))
    assert.deepEqual(
      trials.map(({ ok }) => ok),
      [false, true],
    )
    assert.deepEqual(trials[1], trial)
    assert.deepEqual((await audited('client_tool.tried'))?.slice(0, 2), [keeper.id, client.id])
  })

  it('are not tried with what does not fit', async () => {
    dataOf(await use())
    const refused = await tryIt({ order: 5 })
    assert.match(refused.ok ? '' : refused.error.message, /"order" must be string/)
    assert.equal(await models.ToolTrial.count({ where: { client_id: client.id } }), 0)
  })

  it('keep the newest fifty of their test runs', async () => {
    dataOf(await use())
    const run = { client_id: client.id, tool_id, admin_id: null, parameters: {}, outcome: {}, success: true }
    const old = Array.from({ length: 50 }, () => ({ ...run, content: 'old', execution_time_ms: 1 }))
    await models.ToolTrial.bulkCreate(old)
    n8n.on('/orders', json({}))
    dataOf(await tryIt({ order: '1' }))
    const { trials } = dataOf(await call(app, `GET ${ONE_TOOL}/tests`, { params: ofTool() }, keeper))
    assert.deepEqual([trials.length, trials[0]?.content, trials[1]?.content], [50, '{}', 'old'])
    assert.equal(await models.ToolTrial.count({ where: { client_id: client.id } }), 50)
  })

  it('leave a log of every call, by tool and by outcome, page by page', async () => {
    const called = (tool_name: string, success: boolean | null, at: number) =>
      models.ToolExecution.create({
        ...{ client_id: client.id, conversation_id: client.id, turn: 1, step: at, call_id: '0', tool_name },
        ...{ success, n8n_response: FAILED, execution_time_ms: 5 },
        timestamp: new Date(1_700_000_000_000 + at),
      })
    await called('a', true, 1)
    await called('b', false, 2)
    await called('a', null, 3)
    const log = async (query: object) =>
      dataOf(
        await call(
          app,
          'GET /api/admin/clients/:client_id/tool-executions',
          { params: ofClient(), query },
          await analyst(),
        ),
      )
    const names = ({ executions }: Awaited<ReturnType<typeof log>>) =>
      executions.map((one) => `${one.tool_name} ${String(one.success)}`)
    const all = await log({ limit: 2 })
    assert.deepEqual([names(all), all.has_more], [['a null', 'b false'], true])
    assert.deepEqual(names(await log({ after: all.executions[1]?.id ?? '' })), ['a true'])
    assert.deepEqual(names(await log({ outcome: 'unknown' })), ['a null'])
    assert.deepEqual(names(await log({ outcome: 'failed' })), ['b false'])
    assert.deepEqual(names(await log({ tool_name: 'a' })), ['a null', 'a true'])
    const stranger = await makeClient(app.place.database)
    const theirs = await addPerson(app.place.database, { client: stranger, role: 'admin' })
    const asked = { params: { client_id: stranger.id }, query: { after: all.executions[0]?.id ?? '' } }
    const seen = await call(app, 'GET /api/admin/clients/:client_id/tool-executions', asked, theirs)
    assert.deepEqual(dataOf(seen).executions, [])
  })

  it('break nothing where whoever tries one leaves before it has answered', async () => {
    dataOf(await use())
    n8n.on('/orders', silent)
    const leave = new AbortController()
    const asked = { params: ofTool(), body: { arguments: { order: 'left' } } }
    const trying = call(app, `POST ${ONE_TOOL}/test`, asked, { ...keeper, signal: leave.signal })
    await n8n.calls.take(({ text }) => text.includes('left'))
    leave.abort(new Error('gone'))
    await assert.rejects(trying, /gone/)
    assert.equal(codeOf(await call(app, TOOLS, { params: ofClient() }, keeper)), 'ok')
  })

  const analyst = () => addPerson(app.place.database, { client, role: 'analyst' })
})
