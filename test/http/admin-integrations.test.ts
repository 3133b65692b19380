import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { call } from '../../client/call.ts'
import { defineModels, type Models } from '../../models/index.ts'
import type { IntegrationRow } from '../../protocol/integration-keeping.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, type KeptPerson } from '../support/person.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { codeOf, dataOf } from './outcomes.ts'

const ALL = '/api/admin/clients/:client_id/integrations'
const ONE = `${ALL}/:integration_id` as const

const ORDER = {
  description: 'Tells where an order is.',
  parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  request: { method: 'GET', url: '/orders/{order}' },
}

describe('The integrations of clients, over HTTP', () => {
  let app: TestApp
  let api: StandIn
  let models: Models
  let client: TestClient
  let keeper: KeptPerson
  let made: IntegrationRow
  before(async function () {
    this.timeout(60_000)
    api = await startStandIn()
    app = await startApp({ env: { JWT_SECRET, OUTBOUND_ALLOW: api.hostAndPort } })
    models = defineModels(app.place.database.sequelize)
    api.on('/ping', json({}))
    api.on('/orders/1001', json({ status: 'shipped' }))
    api.on('/orders/1002', json({ message: 'Broken.' }, 500))
  })
  after(async () => {
    await app.close()
    await api.close()
  })
  beforeEach(async () => {
    client = await makeClient(app.place.database)
    keeper = await addPerson(app.place.database, { client, role: 'admin' })
    made = dataOf(await connect()).integration
  })

  const config = () => ({
    base_url: api.url,
    auth: { type: 'api_key', in: 'header', name: 'X-Key' },
    test_path: '/ping',
  })
  const connect = (changes: object = {}) => {
    const body = { name: 'shop', type: 'custom_api' as const, config: config(), ...changes }
    return call(app, `POST ${ALL}`, { params: { client_id: client.id }, body }, keeper)
  }
  const params = () => ({ client_id: client.id, integration_id: made.id })
  const enter = (credentials: Record<string, unknown> = { api_key: 'canary-4711' }) =>
    call(app, `PUT ${ONE}/credentials`, { params: params(), body: credentials }, keeper)
  const define = (changes: object = {}) =>
    call(
      app,
      `PUT ${ONE}/endpoints/:endpoint_name`,
      { params: { ...params(), endpoint_name: 'order' }, body: { ...ORDER, ...changes } },
      keeper,
    )
  const change = (changes: object) =>
    call(app, `PATCH ${ONE}`, { params: params(), body: { ...changes } }, keeper)
  const tryIt = (given: Record<string, unknown>, user_id?: string) => {
    const body = { function: 'order', arguments: given, ...(user_id !== undefined && { user_id }) }
    return call(app, `POST ${ONE}/try`, { params: params(), body }, keeper)
  }

  it('are connected, given credentials that nobody reads, and listed', async () => {
    assert.deepEqual([made.has_credentials, made.verdict, made.functions], [false, null, []])
    const entered = dataOf(await enter()).integration
    assert.equal(entered.has_credentials, true)
    const analyst = await addPerson(app.place.database, { client, role: 'analyst' })
    const listed = await call(app, `GET ${ALL}`, { params: { client_id: client.id } }, analyst)
    assert.deepEqual(dataOf(listed).integrations, [entered])
    assert.ok(!JSON.stringify(listed).includes('canary'))
    assert.equal(codeOf(await enter({ token: 'x' })), 'invalid_payload')
    assert.equal(codeOf(await connect()), 'invalid_payload')
  })

  it('are of types whose forms are told as JSON Schemas', async () => {
    const { types } = dataOf(await call(app, 'GET /api/admin/integration-types', {}, keeper))
    assert.deepEqual(types.map(({ type }) => type).sort(), [
      ...['custom_api', 'database', 'shopify', 'woocommerce'],
    ])
    const shopify = types.find(({ type }) => type === 'shopify')
    assert.equal(shopify?.request, null)
    assert.ok(Object.hasOwn(shopify.config['properties'] as object, 'shop'))
  })

  it('are tested, with a verdict that holds until they change', async () => {
    await enter()
    const test = async () => dataOf(await call(app, `POST ${ONE}/test`, { params: params() }, keeper)).verdict
    assert.equal((await test()).ok, true)
    const read = async () =>
      dataOf(await call(app, `GET ${ONE}`, { params: params() }, keeper)).integration.verdict
    assert.equal((await read())?.ok, true)
    dataOf(await change({ config: { ...config(), test_path: '/none' } }))
    assert.equal(await read(), null)
    assert.equal((await test()).ok, false)
  })

  it('forget credentials that were entered for another address', async () => {
    await enter()
    assert.equal(dataOf(await change({ enabled: false })).must_enter, false)
    const elsewhere = { ...config(), base_url: 'https://api.shop.example' }
    const { must_enter, integration } = dataOf(await change({ config: elsewhere }))
    assert.deepEqual([must_enter, integration.has_credentials, integration.enabled], [true, false, false])
    const forbidden = { ...config(), base_url: 'http://169.254.169.254' }
    assert.equal(codeOf(await change({ config: forbidden })), 'invalid_payload')
  })

  it('are asked by functions that are defined by hand, tried, changed and taken away', async () => {
    await enter()
    const { functions } = dataOf(await define({ label: 'Looking', cache_seconds: 60 })).integration
    const [fn] = functions
    assert.deepEqual(
      [fn?.called, fn?.label, fn?.cache_seconds, fn?.request],
      ['shop_order', 'Looking', 60, { method: 'GET', url: '/orders/{order}' }],
    )
    assert.deepEqual(dataOf(await tryIt({ order: '1001' })).data, { status: 'shipped' })
    assert.equal(codeOf(await tryIt({ order: 7 })), 'invalid_payload')
    const changed = dataOf(await define({ personal: true })).integration.functions
    assert.deepEqual([changed.length, changed[0]?.personal, changed[0]?.label], [1, true, null])
    assert.equal(dataOf(await tryIt({ order: '1001' })).problem, 'not_signed_in')
    assert.equal(dataOf(await tryIt({ order: '1001' }, 'customer-7')).ok, true)
    assert.equal(codeOf(await define({ parameters: { type: 'text' } })), 'invalid_payload')
    const gone = { params: { ...params(), endpoint_name: 'order' } }
    const removed = await call(app, `DELETE ${ONE}/endpoints/:endpoint_name`, gone, keeper)
    assert.deepEqual(dataOf(removed).integration.functions, [])
    assert.equal(codeOf(await tryIt({ order: '1001' })), 'not_found')
  })

  it('show their recent calls and failures, the newest first', async () => {
    await enter()
    dataOf(await define())
    assert.equal(dataOf(await tryIt({ order: '1001' })).ok, true)
    const failed = dataOf(await tryIt({ order: '1002' }))
    assert.deepEqual([failed.ok, failed.problem], [false, 'failing'])
    assert.match(failed.message ?? '', /Broken/)
    const { calls } = dataOf(await call(app, `GET ${ONE}/calls`, { params: params() }, keeper))
    assert.deepEqual(
      calls.map(({ function: name, problem }) => [name, problem]),
      [
        ['order', 'failing'],
        ['order', null],
      ],
    )
  })

  it('are taken away, and are nobody else’s', async () => {
    const other = await makeClient(app.place.database)
    const stranger = await addPerson(app.place.database, { client: other, role: 'owner' })
    const foreign = { params: { client_id: other.id, integration_id: made.id } }
    for (const answer of [
      await call(app, `GET ${ONE}`, foreign, stranger),
      await call(app, `PATCH ${ONE}`, { ...foreign, body: { enabled: false } }, stranger),
      await call(app, `PUT ${ONE}/credentials`, { ...foreign, body: {} }, stranger),
      await call(app, `POST ${ONE}/test`, foreign, stranger),
      await call(app, `GET ${ONE}/calls`, foreign, stranger),
      await call(app, `DELETE ${ONE}`, foreign, stranger),
    ])
      assert.equal(codeOf(answer), 'not_found')
    assert.deepEqual(dataOf(await call(app, `DELETE ${ONE}`, { params: params() }, keeper)), { id: made.id })
    assert.equal(codeOf(await call(app, `GET ${ONE}`, { params: params() }, keeper)), 'not_found')
  })

  it('leave each change and each try in the audit log, with who it was and no credential', async () => {
    await enter()
    await define()
    await tryIt({ order: '1001' })
    await change({ enabled: false })
    await call(app, `DELETE ${ONE}`, { params: params() }, keeper)
    const entries = await models.AuditEntry.findAll({ where: { client_id: client.id }, order: ['id'] })
    assert.deepEqual(
      entries.map(({ action }) => action.replace('integration.', '')),
      ['created', 'credentials_entered', 'endpoint_saved', 'tried', 'changed', 'removed'],
    )
    assert.ok(entries.every(({ actor, actor_id }) => actor === 'admin' && actor_id === keeper.id))
    assert.ok(!JSON.stringify(entries).includes('canary'))
  })
})
