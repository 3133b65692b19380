import assert from 'node:assert/strict'
import type { ToolOutcome } from '../../../server/tools/outcome.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { makeClient } from '../../support/factories.ts'
import { dataOf, openIntegrationStage, refusalIn, type IntegrationStage } from '../stage.ts'

describe('A database as an integration', () => {
  const { signal } = new AbortController()
  let place: TestDatabase
  let stage: IntegrationStage
  let client: { id: string; api_key: string }
  before(async () => {
    place = await openTestDatabase()
    const url = new URL(place.url ?? '')
    const [host, port] = [url.hostname, Number(url.port || 5432)]
    stage = openIntegrationStage(place.database, [`${host}:${port}`])
    client = await makeClient(place.database)
    await place.database.sequelize.query(
      `CREATE TABLE shop_orders (number text, customer text, total numeric);
       INSERT INTO shop_orders VALUES ('1001', 'customer-7', 12.50), ('1002', 'customer-8', 99)`,
    )
    const config = { engine: 'postgres', host, port, database: url.pathname.slice(1), user: url.username }
    const open = { ...config, sslmode: 'disable' }
    dataOf(
      await stage.integrations.create(
        { api_key: client.api_key },
        { name: 'erp', type: 'database', config: open },
      ),
    )
    dataOf(
      await stage.integrations.enter(
        { api_key: client.api_key },
        { name: 'erp' },
        { password: url.password || 'any-password' },
      ),
    )
  })
  after(() => place.close())

  const save = (name: string, query: string, changes: object = {}) => {
    const properties = query.includes(':order') ? { order: { type: 'string', maxLength: 20 } } : {}
    const endpoint = {
      name,
      description: 'Tells.',
      parameters: { type: 'object', properties },
      request: { query },
    }
    return stage.endpoints.save(
      { api_key: client.api_key },
      { name: 'erp' },
      { ...endpoint, cache_seconds: 0, ...changes },
    )
  }
  const call = async (name: string, user_identifier: string | null, proven: boolean, given = {}) => {
    const tool = (await stage.tools().of(client.id)).find(
      ({ definition }) => definition.name === `erp_${name}`,
    )
    assert.ok(tool, name)
    const to = { client_id: client.id, session_id: crypto.randomUUID(), conversation_id: crypto.randomUUID() }
    const asked = {
      to,
      key: 'k',
      execution_id: crypto.randomUUID(),
      given,
      for: { user_identifier, proven },
      timeLeft: 30_000,
    }
    return (await tool.call(asked, signal)) as ToolOutcome & {
      body?: unknown
      failed?: string
      refused?: string
    }
  }

  it('is tried, and asked by models of those who have proved who they are alone', async () => {
    const { ok, message } = dataOf(
      await stage.trials.test({ api_key: client.api_key }, { name: 'erp' }, signal),
    )
    assert.deepEqual([ok, /^PostgreSQL \d/.test(message)], [true, true])
    const query =
      'SELECT number, total FROM shop_orders WHERE customer = :visitor.user_id AND (:order::text IS NULL OR number = :order)'
    dataOf(await save('orders', query))
    const found = await call('orders', 'customer-7', true)
    assert.deepEqual(found.body, { rows: [{ number: '1001', total: '12.50' }] })
    const forged = { order: `1002' OR customer = 'customer-8` }
    assert.deepEqual((await call('orders', 'customer-7', true, forged)).body, { rows: [] })
    for (const claimed of [null, 'customer-7'])
      assert.match((await call('orders', claimed, false)).refused ?? '', /the visitor is not signed in/)
  })

  it('tells the model of a query that does not fit, and what is wrong with it the business alone', async () => {
    dataOf(await save('broken', 'SELECT numbr FROM shop_orders'))
    const { failed = '' } = await call('broken', null, false)
    assert.match(failed, /The question does not fit the database/)
    assert.doesNotMatch(failed, /numbr|shop_orders|SELECT/)
    const [recent] = dataOf(await stage.trials.recent({ api_key: client.api_key }, { name: 'erp' }))
    assert.match(recent?.message ?? '', /column "numbr" does not exist \(line 1, column 8\)/)
  })

  it('keeps no function that could do more than read', async () => {
    for (const query of ['DELETE FROM shop_orders', 'SELECT 1; DELETE FROM shop_orders', 'SELECT :other'])
      assert.match(refusalIn(await save('evil', query)), /^invalid_payload: .*The query /)
    assert.match(refusalIn(await save('evil', 'SELECT 1', { policy: 'write' })), /policy may not be "write"/)
  })

  it('has to be given the password again where somebody else could learn it', async () => {
    const [row] = dataOf(await stage.integrations.list({ api_key: client.api_key }))
    const moved = { ...row?.connection_config, host: 'db.evil.example', sslmode: 'require' }
    const { mustEnter } = dataOf(
      await stage.integrations.change({ api_key: client.api_key }, { name: 'erp' }, { config: moved }),
    )
    assert.equal(mustEnter, true)
    const trial = await stage.trials.test({ api_key: client.api_key }, { name: 'erp' }, signal)
    assert.match(trial.ok ? trial.data.message : trial.error.message, /password|credentials/i)
  })
})
