import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { INTEGRATION_LIMITS } from '../../protocol/integrations.ts'
import { reseal } from '../../server/infra/reseal.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { credentialsPlace } from '../../server/integrations/open-integration.ts'
import { createRecordCall } from '../../server/integrations/recent-calls.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { dataOf, openIntegrationStage, orderEndpoint, refusalIn, type IntegrationStage } from './stage.ts'

describe('Integrations of a client', () => {
  let place: TestDatabase
  let standIn: StandIn
  let stage: IntegrationStage
  let key: string
  let config: Record<string, unknown>
  const { signal } = new AbortController()
  before(async () => {
    place = await openTestDatabase()
    standIn = await startStandIn()
    stage = openIntegrationStage(place.database, [standIn.hostAndPort])
  })
  after(async () => {
    await place.close()
    await standIn.close()
  })
  beforeEach(async () => {
    key = (await makeClient(place.database)).api_key
    config = { base_url: standIn.url, auth: { type: 'bearer' }, test_path: '/ping' }
  })

  const connect = (name = 'shop', changes: object = {}) =>
    stage.integrations.create({ api_key: key }, { name, type: 'custom_api', config, ...changes })
  const rowOf = async (name = 'shop') => {
    const listed = dataOf(await stage.integrations.list({ api_key: key }))
    const row = listed.find((one) => one.name === name)
    assert.ok(row)
    return row
  }
  const auditOf = async () => {
    const rows = await stage.models.AuditEntry.findAll({ order: ['id'] })
    return JSON.stringify(rows.map(({ action, details }) => [action, details]))
  }

  it('are connected, listed, switched, and taken away, each with an entry in the audit log', async () => {
    dataOf(await connect())
    const headers = { 'X-Api-Key': 'hunter2hunter2' }
    dataOf(
      await stage.integrations.change(
        { api_key: key },
        { name: 'shop' },
        { enabled: false, config: { ...config, headers } },
      ),
    )
    dataOf(await stage.endpoints.save({ api_key: key }, { name: 'shop' }, orderEndpoint()))
    const { name, enabled, version, endpoints, credentials } = await rowOf()
    assert.deepEqual([name, enabled, version, credentials], ['shop', false, 3, null])
    assert.deepEqual(
      endpoints?.map((one) => [one.endpoint_name, one.method, one.endpoint_url, one.cache_seconds]),
      [['order', 'GET', '/orders/{order}', INTEGRATION_LIMITS.usualCache]],
    )
    dataOf(await stage.endpoints.remove({ api_key: key }, { name: 'shop' }, 'order'))
    dataOf(await stage.integrations.remove({ api_key: key }, { name: 'shop' }))
    assert.deepEqual(dataOf(await stage.integrations.list({ api_key: key })), [])
    const audit = await auditOf()
    for (const action of ['created', 'changed', 'endpoint_saved', 'endpoint_removed', 'removed'])
      assert.match(audit, new RegExp(`"integration.${action}"`))
    assert.doesNotMatch(audit, /hunter2/)
  })

  it('are refused with what is wrong', async () => {
    const faults: [object, RegExp][] = [
      [{ name: 'my shop' }, /name is not of the expected form/],
      [{ type: 'ftp' }, /type must be equal to one of/],
      [{ config: { base_url: standIn.url, password: 'x' } }, /not known here/],
      [{ config: { base_url: standIn.url, auth: { type: 'magic' } } }, /auth.type must be equal/],
      [{ config: { base_url: standIn.url, auth: { type: 'api_key', in: 'header' } } }, /auth.name is needed/],
      [{ config: { base_url: standIn.url, auth: { type: 'basic', name: 'x' } } }, /auth.name means nothing/],
      [{ config: { base_url: standIn.url, auth: { type: 'oauth2' } } }, /auth.token_url is needed/],
      [{ config: { base_url: standIn.url, headers: { Authorization: 'x' } } }, /may not hold Authorization/],
      [{ config: { base_url: standIn.url, headers: { 'X-A': 'a\r\nb' } } }, /not of the expected form/],
      [{ config: { base_url: `${standIn.url}?a=b` } }, /base_url ends before/],
      [{ config: { base_url: 'https://127.0.0.1' } }, /base_url is no public address/],
      [
        { config: { base_url: standIn.url, auth: { type: 'oauth2', token_url: 'http://169.254.169.254/' } } },
        /auth\.token_url is no public address/,
      ],
      [{ config: { base_url: 'http://api.example' } }, /base_url has to be https/],
      [
        { config: { base_url: standIn.url, test_path: 'https://evil.example' } },
        /test_path: .* no whole address/,
      ],
    ]
    for (const [changes, words] of faults)
      assert.match(refusalIn(await connect('shop', changes)), words, JSON.stringify(changes))
    dataOf(await connect())
    assert.match(refusalIn(await connect()), /has an integration "shop"/)
    for (let made = 1; made < INTEGRATION_LIMITS.perClient; made++) dataOf(await connect(`s${made}`))
    assert.match(refusalIn(await connect('more')), /10 integrations at most/)
    assert.match(
      refusalIn(await stage.integrations.list({ api_key: 'pk_nobody' })),
      /not_found: There is no such client/,
    )
    for (const refused of [
      await stage.integrations.change({ api_key: key }, { name: 'none' }, {}),
      await stage.integrations.enter({ api_key: key }, { name: 'none' }, {}),
      await stage.integrations.remove({ api_key: key }, { name: 'none' }),
      await stage.endpoints.save({ api_key: key }, { name: 'none' }, orderEndpoint()),
      await stage.endpoints.remove({ api_key: key }, { name: 'shop' }, 'none'),
      await stage.trials.test({ api_key: key }, { name: 'none' }, signal),
      await stage.trials.recent({ api_key: key }, { name: 'none' }),
    ])
      assert.match(refusalIn(refused), /^not_found/)
  })

  it('of one client are nothing to another', async () => {
    dataOf(await connect())
    const other = (await makeClient(place.database)).api_key
    assert.deepEqual(dataOf(await stage.integrations.list({ api_key: other })), [])
    assert.match(
      refusalIn(await stage.integrations.enter({ api_key: other }, { name: 'shop' }, { token: 'abcdefgh' })),
      /not_found/,
    )
    assert.match(
      refusalIn(await stage.trials.test({ api_key: other }, { name: 'shop' }, signal)),
      /not_found/,
    )
  })

  it('keep credentials sealed for their row, and take only those that fit', async () => {
    dataOf(await connect())
    dataOf(await connect('other'))
    assert.match(
      refusalIn(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { api_key: 'x' })),
      /the credentials are token, and nothing else/,
    )
    assert.match(
      refusalIn(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'a\nb' })),
      /token is not of the expected form/,
    )
    assert.match(
      refusalIn(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, 'token')),
      /must be object/,
    )
    dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'canary-4711' }))
    const row = await rowOf()
    assert.doesNotMatch(JSON.stringify(row), /canary/)
    assert.doesNotMatch(await auditOf(), /canary/)
    const sealed = row.credentials ?? ''
    assert.equal(stage.secrets.open(sealed, credentialsPlace(row.id)), '{"token":"canary-4711"}')

    standIn.on('/ping', json({}))
    assert.equal(dataOf(await stage.trials.test({ api_key: key }, { name: 'shop' }, signal)).ok, true)
    // Moved to another row it opens for nobody, and is offered to no model.
    await (await rowOf('other')).update({ credentials: sealed })
    dataOf(await stage.endpoints.save({ api_key: key }, { name: 'other' }, orderEndpoint()))
    const moved = dataOf(await stage.trials.test({ api_key: key }, { name: 'other' }, signal))
    assert.match(moved.message, /credentials are not entered/)
    const { client_id } = row
    assert.deepEqual(await stage.tools().of(client_id), [])
  })

  it('have their credentials sealed anew when the key is another', async () => {
    const [old, current] = [randomBytes(32), randomBytes(32)]
    const earlier = createSecrets({ encryption: old, encryptionPrevious: null })
    const later = createSecrets({ encryption: current, encryptionPrevious: old })
    dataOf(await connect())
    const row = await rowOf()
    await row.update({ credentials: earlier.seal('{}', credentialsPlace(row.id)) })
    const done = await reseal(place.database, later, credentialsPlace(''))
    assert.ok(done.sealedAnew === 1)
    assert.ok(later.isCurrent((await rowOf()).credentials ?? ''))
  })

  it('forget credentials when they would be told to somebody else, or fit no more, and only then', async () => {
    dataOf(await connect())
    const change = async (changes: object) => {
      const { mustEnter } = dataOf(
        await stage.integrations.change(
          { api_key: key },
          { name: 'shop' },
          { config: { ...config, ...changes } },
        ),
      )
      return [mustEnter, (await rowOf()).credentials === null]
    }
    const enter = async () =>
      dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'canary-4711' }))
    await enter()
    assert.deepEqual(await change({ base_url: `${standIn.url}/v2`, headers: { 'x-a': 'b' } }), [false, false])
    assert.deepEqual(
      dataOf(await stage.integrations.change({ api_key: key }, { name: 'shop' }, { enabled: true })),
      {
        mustEnter: false,
      },
    )
    assert.deepEqual(await change({ base_url: 'https://evil.example' }), [true, true])
    assert.deepEqual(await change({}), [false, true])
    await enter()
    assert.deepEqual(await change({ base_url: standIn.url.replace('http:', 'https:') }), [true, true])
    await change({})
    await enter()
    assert.deepEqual(await change({ auth: { type: 'basic' } }), [true, true])
    const oauth = { type: 'oauth2', token_url: `${standIn.url}/token` }
    await change({ auth: oauth })
    dataOf(
      await stage.integrations.enter(
        { api_key: key },
        { name: 'shop' },
        { client_id: 'a', client_secret: 'b' },
      ),
    )
    assert.deepEqual(await change({ auth: { ...oauth, scope: 'x' } }), [false, false])
    assert.deepEqual(await change({ auth: { ...oauth, token_url: 'https://evil.example/token' } }), [
      true,
      true,
    ])
  })

  it('are asked nothing any more that was meant for another address', async () => {
    const hidden = await startStandIn()
    try {
      dataOf(await connect())
      dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'canary-4711' }))
      dataOf(await stage.endpoints.save({ api_key: key }, { name: 'shop' }, orderEndpoint()))
      const allow = [standIn.hostAndPort, hidden.hostAndPort]
      const both = openIntegrationStage(place.database, allow)
      dataOf(
        await both.integrations.change(
          { api_key: key },
          { name: 'shop' },
          { config: { ...config, base_url: hidden.url } },
        ),
      )
      const fetched = dataOf(
        await both.trials.ask(
          { api_key: key },
          { name: 'shop' },
          { function: 'order', given: { order: '1' }, user: null },
          signal,
        ),
      )
      assert.deepEqual([!fetched.ok && fetched.problem, hidden.connections], ['unauthorized', 0])
    } finally {
      await hidden.close()
    }
  })

  it('are tested with a verdict that is kept until they change', async () => {
    dataOf(await connect())
    standIn.on('/ping', json({ error: 'who is canary-4711?' }, 401))
    dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'canary-4711' }))
    const verdict = dataOf(await stage.trials.test({ api_key: key }, { name: 'shop' }, signal))
    assert.deepEqual(verdict, {
      ok: false,
      message: 'It does not take the credentials (HTTP 401): who is [hidden]? Enter those that it takes.',
    })
    assert.deepEqual([(await rowOf()).last_verdict?.ok, (await rowOf()).last_sync_test], [false, null])
    standIn.on('/ping', json({}))
    assert.equal(dataOf(await stage.trials.test({ api_key: key }, { name: 'shop' }, signal)).ok, true)
    assert.ok((await rowOf()).last_sync_test instanceof Date)
    dataOf(await stage.integrations.change({ api_key: key }, { name: 'shop' }, { config }))
    assert.equal((await rowOf()).last_verdict, null)
  })

  it('have functions that are refused with what is wrong, and told apart from all others', async () => {
    dataOf(await connect('a'))
    dataOf(await connect('a_b'))
    dataOf(await connect('hand'))
    const save = (name: string, changes: Record<string, unknown>) =>
      stage.endpoints.save({ api_key: key }, { name: name }, orderEndpoint(changes))
    const faults: [string, Record<string, unknown>, RegExp][] = [
      [
        'a',
        { parameters: { type: 'object', properties: { order: { typ: 'string' } } } },
        /parameters\/properties\/order\/typ is a keyword/,
      ],
      ['a', { request: { method: 'GET', url: '/x', cookie: 'y' } }, /request: The payload has properties/],
      ['a', { request: { method: 'GET', url: 'https://evil.example' } }, /no whole address/],
      ['a', { cache_seconds: 601 }, /cache_seconds must be <= 600/],
      ['a', { name: 'x y' }, /name is not of the expected form/],
      ['hand', { name: 'over' }, /"hand_over" is the name of another function/],
    ]
    for (const [name, changes, words] of faults) assert.match(refusalIn(await save(name, changes)), words)
    const described = { description: 'Tells of stock.', parameters_schema: { type: 'object' } }
    const tool = await stage.models.Tool.create({ tool_name: 'a_stock', ...described })
    const { client_id } = await rowOf('a')
    await stage.models.ClientTool.create({ client_id, tool_id: tool.id })
    assert.match(refusalIn(await save('a', { name: 'stock' })), /"a_stock" is the name of another function/)
    dataOf(await save('a', { name: 'b_c' }))
    assert.match(refusalIn(await save('a_b', { name: 'c' })), /"a_b_c" is the name of another function/)
    assert.deepEqual(dataOf(await save('a', { name: 'b_c', policy: 'write' })), { isNew: false })
    const long = `n${'x'.repeat(31)}`
    dataOf(await connect(long))
    assert.match(refusalIn(await save(long, { name: 'y'.repeat(40) })), /longer than 64 characters/)
    const keyed = { base_url: standIn.url, auth: { type: 'api_key', in: 'query', name: 'key' } }
    const asksKey = { request: { method: 'GET', url: '/orders', query: { Key: 'x' } } }
    dataOf(await save('a_b', asksKey))
    assert.match(
      refusalIn(await stage.integrations.change({ api_key: key }, { name: 'a_b' }, { config: keyed })),
      /order: key is where the API key is sent/,
    )
  })

  it('keep their newest calls and failures, and no more, without what was asked or answered', async () => {
    dataOf(await connect())
    dataOf(await stage.endpoints.save({ api_key: key }, { name: 'shop' }, orderEndpoint()))
    dataOf(await stage.integrations.enter({ api_key: key }, { name: 'shop' }, { token: 'canary-4711' }))
    const ask = (given: object) =>
      stage.trials.ask(
        { api_key: key },
        { name: 'shop' },
        { function: 'order', given: { ...given }, user: null },
        signal,
      )
    standIn.on('/orders/1001', json({ error: 'canary-4711 is no good' }, 403))
    standIn.on('/orders/1002', json({ name: 'Jane Roe' }))
    assert.match(refusalIn(await ask({ order: 1001 })), /"order" must be string/)
    dataOf(await ask({ order: '1001' }))
    dataOf(await ask({ order: '1002' }))
    dataOf(await ask({ order: '1002' }))
    const recent = dataOf(await stage.trials.recent({ api_key: key }, { name: 'shop' }))
    assert.deepEqual(
      recent.map(({ function_name, problem, message, cached }) => [function_name, problem, message, cached]),
      [
        ['order', null, null, true],
        ['order', null, null, false],
        [
          'order',
          'forbidden',
          'The credentials are not allowed to see or do this (HTTP 403): [hidden] is no good.',
          false,
        ],
      ],
    )
    const { id } = await rowOf()
    const record = createRecordCall({ database: place.database, log: silentLog })
    const well = { function_name: 'order', problem: null, message: null, cached: false, ms: 1.4 }
    for (let calls = 0; calls < 105; calls++) await record(id, well)
    const kept = dataOf(await stage.trials.recent({ api_key: key }, { name: 'shop' }))
    assert.equal(kept.filter(({ problem }) => problem === null).length, INTEGRATION_LIMITS.calls)
    assert.equal(kept.filter(({ problem }) => problem === 'forbidden').length, 1)
    dataOf(await stage.integrations.remove({ api_key: key }, { name: 'shop' }))
    await record(id, well)
    assert.equal(await stage.models.IntegrationCall.count({ where: { integration_id: id } }), 0)
  })
})
