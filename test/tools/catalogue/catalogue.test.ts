import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { defineModels } from '../../../models/index.ts'
import { createSecrets, SealBroken, type Secrets } from '../../../server/infra/secrets.ts'
import { createSchemaCompiler } from '../../../server/infra/validate.ts'
import { createClientToolDirectory } from '../../../server/tools/catalogue/client-tool-directory.ts'
import { createClientTools, type ClientTools } from '../../../server/tools/catalogue/client-tools.ts'
import { createToolCatalogue, type ToolCatalogue } from '../../../server/tools/catalogue/tool-catalogue.ts'
import { webhookPlace } from '../../../server/tools/catalogue/webhook-secret.ts'
import type { WebhookCall, Webhooks } from '../../../server/tools/n8n/webhooks.ts'
import type { ToolSource, UsableTool } from '../../../server/tools/usable-tool.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../../support/databases.ts'
import { makeClient, type TestClient } from '../../support/factories.ts'
import { createLogLines } from '../../support/log-lines.ts'

const ORDER_STATUS = {
  tool_name: 'get_order_status',
  description: 'Tells where an order is.',
  parameters_schema: {
    type: 'object',
    properties: { order: { type: 'string' } },
    required: ['order'],
    additionalProperties: false,
  },
  category: 'orders',
}
const URL = 'https://n8n.example/webhook/orders'
const STATUS = { tool_name: 'get_order_status' }

describe('The tools of clients', () => {
  let place: TestDatabase
  let secrets: Secrets
  let catalogue: ToolCatalogue
  let clientTools: ClientTools
  let directory: ToolSource
  let called: WebhookCall[]
  let client: TestClient
  let clock = 0
  const webhooks: Webhooks = {
    call(call) {
      called.push(call)
      return Promise.resolve({ status: 200, kind: 'empty', body: null })
    },
  }
  before(async () => {
    place = await openTestDatabase()
    const models = defineModels(place.database.sequelize)
    const compile = createSchemaCompiler()
    secrets = createSecrets({ encryption: randomBytes(32), encryptionPrevious: null })
    catalogue = createToolCatalogue(place.database, models, compile)
    const keeping = { compile, secrets, allow: ['10.0.0.7:5678'] }
    clientTools = createClientTools(place.database, models, keeping)
    directory = createClientToolDirectory({
      callbackUrl: (id) => `https://parlor.example/${id}`,
      ...{ database: place.database, secrets, webhooks },
      log: silentLog,
      now: () => clock,
    })
  })
  after(() => place.close())
  beforeEach(async () => {
    client = await makeClient(place.database)
    assert.ok((await catalogue.save(ORDER_STATUS)).ok)
    clock += 10_000
    called = []
  })

  /** The call that a tool makes of its workflow. */
  const callOf = async (tool: UsableTool | undefined) => {
    assert.ok(tool)
    const to = { client_id: client.id, session_id: 's', conversation_id: 'v' }
    const asked = {
      to,
      key: 'v.1.0.0',
      execution_id: 'e',
      given: {},
      for: { user_identifier: null, proven: false },
      timeLeft: 9,
    }
    await tool.call(asked, new AbortController().signal)
    return called.at(-1)!
  }
  const set = (changes: Record<string, unknown>, of = client) =>
    clientTools.set({ id: of.id }, STATUS, changes)
  const problem = (result: { ok: true } | { ok: false; error: { code: string; message: string } }) =>
    result.ok ? 'fine' : `${result.error.code}: ${result.error.message}`
  const rows = async (sql: string, ...bind: unknown[]) =>
    (await place.database.sequelize.query(sql, { bind }))[0] as Record<string, unknown>[]

  it('come from one catalogue, in which a name stands once', async () => {
    const changed = await catalogue.save({ ...ORDER_STATUS, description: 'Tells where a parcel is.' })
    assert.equal(changed.ok && changed.data.isNew, false)
    const listed = (await catalogue.list()).map(({ tool_name, description }) => [tool_name, description])
    assert.deepEqual(listed, [['get_order_status', 'Tells where a parcel is.']])
    const [entry] = await rows(
      `SELECT action, details->>'description' AS description FROM audit_log ORDER BY id DESC`,
    )
    assert.deepEqual(entry, { action: 'tool.saved', description: 'Tells where a parcel is.' })
  })

  it('are refused with what is wrong with them', async () => {
    for (const [changes, words] of [
      [{ tool_name: 'get order' }, /^invalid_payload: tool_name /],
      [{ tool_name: 'hand_over' }, /"hand_over" is our own/],
      [{ description: ' ' }, /^invalid_payload: description /],
      [{ parameters_schema: { type: 'array' } }, /parameters_schema\/type is not "object"/],
      [
        { parameters_schema: { type: 'object', properties: { a: { type: 'x' } } } },
        /parameters_schema\/properties\/a\/type /,
      ],
      [{ client_id: client.id }, /not known here/],
    ] as const)
      assert.match(problem(await catalogue.save({ ...ORDER_STATUS, ...changes })), words)
  })

  it('are offered to the model of a client that uses them, and of no other', async () => {
    const other = await makeClient(place.database)
    const config = { language: 'he', template: '${ENV} {{ $env.SECRET }}' }
    assert.ok(
      (await set({ n8n_webhook_url: URL, policy: 'write', idempotent: true, custom_config: config })).ok,
    )
    const [found, ...more] = (await directory.of(client.id)) as [UsableTool]
    assert.deepEqual(more, [])
    const { tool_name: name, description, parameters_schema: parameters } = ORDER_STATUS
    assert.deepEqual(found.definition, { name, description, parameters })
    assert.deepEqual([found.policy, found.idempotent, found.label], ['write', true, 'Get order status'])
    const { url, idempotent, body } = await callOf(found)
    assert.deepEqual([url, idempotent], [URL, true])
    assert.deepEqual((JSON.parse(body) as { config: unknown }).config, config)
    assert.equal(found.check({ order: 1 }), '"order" must be string.')
    assert.deepEqual(await directory.of(other.id), [])
  })

  it('are read again after five seconds', async () => {
    await set({ n8n_webhook_url: URL })
    assert.equal((await directory.of(client.id)).length, 1)
    await set({ enabled: false })
    clock += 4_999
    assert.equal((await directory.of(client.id)).length, 1)
    clock += 2
    assert.equal((await directory.of(client.id)).length, 0)
    await set({ enabled: true, label: 'Looking up your order' })
    clock += 5_001
    assert.equal((await directory.of(client.id))[0]?.label, 'Looking up your order')
  })

  it('get a secret for signing with the first of them, which is told once and kept sealed to its client', async () => {
    const first = await set({ n8n_webhook_url: URL })
    const secret = first.ok ? first.data.secret : null
    assert.match(secret ?? '', /^whsec_/)
    const again = await set({ policy: 'write' })
    assert.equal(again.ok && again.data.secret, null)
    assert.deepEqual((await callOf((await directory.of(client.id))[0])).secrets, [secret])
    const [kept] = await rows('SELECT webhook_secret FROM clients WHERE id = $1', client.id)
    const sealed = String(kept?.['webhook_secret'])
    assert.equal(secrets.open(sealed, webhookPlace(client.id)), secret)
    assert.ok(!JSON.stringify(await rows('SELECT * FROM audit_log')).includes(String(secret)))

    const other = await makeClient(place.database)
    await set({ n8n_webhook_url: URL }, other)
    await rows('UPDATE clients SET webhook_secret = $2 WHERE id = $1', other.id, sealed)
    assert.deepEqual(await directory.of(other.id), [])

    const issued = await clientTools.issueSecret({ id: client.id })
    clock += 5_001
    assert.deepEqual((await callOf((await directory.of(client.id))[0])).secrets, [
      issued.ok && issued.data.secret,
      secret,
    ])
  })

  it('are signed with the secret that a new one replaces for a day more, and with none that came before it', async () => {
    const first = await set({ n8n_webhook_url: URL })
    const told = [first.ok && first.data.secret]
    for (let times = 0; times < 2; times++) {
      const issued = await clientTools.issueSecret({ id: client.id })
      told.unshift(issued.ok && issued.data.secret)
    }
    const signing = async () => (await callOf((await directory.of(client.id))[0])).secrets
    assert.deepEqual(await signing(), told.slice(0, 2))
    const [kept] = await rows('SELECT webhook_secret_previous FROM clients WHERE id = $1', client.id)
    const sealed = String(kept?.['webhook_secret_previous'])
    assert.throws(() => secrets.open(sealed, webhookPlace(client.id)), SealBroken)
    await rows(
      `UPDATE clients SET webhook_secret_previous_until = webhook_secret_previous_until - interval '1 day' WHERE id = $1`,
      client.id,
    )
    clock += 5_001
    assert.deepEqual(await signing(), told.slice(0, 1))
  })

  it('are not set up with what cannot be used', async () => {
    for (const [changes, words] of [
      [{}, /n8n_webhook_url is needed/],
      [{ n8n_webhook_url: 'http://127.0.0.1:5678/webhook/x' }, /no public address/],
      [{ n8n_webhook_url: 'http://0x7f.1/x' }, /no public address/],
      [{ n8n_webhook_url: 'https://user:pass@n8n.example/' }, /without a user/],
      [{ n8n_webhook_url: 'file:///etc/passwd' }, /no http/],
      [{ n8n_webhook_url: URL, policy: 'admin' }, /^invalid_payload: policy /],
      [{ n8n_webhook_url: URL, tool_id: client.id }, /not known here/],
      [{ n8n_webhook_url: URL, custom_config: { a: 'x'.repeat(5_000) } }, /longer than 4096/],
      [{ n8n_webhook_url: URL, label: 'x'.repeat(81) }, /^invalid_payload: label /],
    ] as const)
      assert.match(problem(await set(changes)), words)
    assert.match(
      problem(await clientTools.set({ id: client.id }, { tool_name: 'fly' }, { n8n_webhook_url: URL })),
      /^not_found/,
    )
    assert.match(problem(await clientTools.set({ api_key: 'pk_nobody' }, STATUS, {})), /^not_found/)
    assert.ok((await set({ n8n_webhook_url: 'http://10.0.0.7:5678/webhook/x' })).ok)
  })

  it('are listed and taken away, with an entry of what they were', async () => {
    await set({ n8n_webhook_url: URL, custom_config: { api_key: 'hunter2' } })
    const listed = await clientTools.list({ api_key: client.api_key })
    assert.equal(listed.ok && listed.data.tools[0]?.tool.tool_name, 'get_order_status')
    assert.ok((await clientTools.remove({ id: client.id }, STATUS)).ok)
    assert.match(problem(await clientTools.remove({ id: client.id }, STATUS)), /^not_found/)
    const entries = await rows(
      'SELECT action, details FROM audit_log WHERE client_id = $1 ORDER BY id',
      client.id,
    )
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['client_tool.set', 'client.webhook_secret_issued', 'client_tool.removed'],
    )
    assert.ok(!JSON.stringify(entries).includes('hunter2'))
  })

  it('go with the catalogue', async () => {
    await set({ n8n_webhook_url: URL })
    assert.ok((await catalogue.remove(STATUS)).ok)
    assert.match(problem(await catalogue.remove(STATUS)), /^not_found/)
    assert.deepEqual(await directory.of(client.id), [])
  })

  it('are left out, and logged, where what is kept of them cannot be used', async () => {
    await set({ n8n_webhook_url: URL })
    await rows(`UPDATE tools SET parameters_schema = $1`, '{"type":"object","allOf":[]}')
    const lines = createLogLines()
    const careful = createClientToolDirectory({
      callbackUrl: (id) => `https://parlor.example/${id}`,
      ...{ database: place.database, secrets, webhooks },
      log: lines.logger,
    })
    assert.deepEqual(await careful.of(client.id), [])
    assert.match(JSON.stringify(lines.all), /tool_schema_broken.*get_order_status.*\/allOf/)
  })
})
