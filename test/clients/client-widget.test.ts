import assert from 'node:assert/strict'
import { defineModels, type Models } from '../../models/index.ts'
import { createClientsWidgets, type ClientsWidgets } from '../../server/clients/client-widget.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('The widget of a client', () => {
  let held: TestDatabase
  let models: Models
  let widgets: ClientsWidgets
  let client: TestClient

  before(async () => {
    held = await openTestDatabase()
    models = defineModels(held.database.sequelize)
    widgets = createClientsWidgets(held.database, models, createSchemaCompiler())
  })
  after(() => held.close())
  beforeEach(async () => {
    client = await makeClient(held.database, { branding: { color: '#112233', greeting: 'Hi' } })
  })

  const change = async (changes: object) => {
    const changed = await widgets.change({ api_key: client.api_key }, changes)
    return changed.ok ? { ok: true as const, data: changed.data.settings } : changed
  }
  const read = async () => {
    const told = await widgets.read({ id: client.id })
    assert.ok(told.ok)
    return told.data.settings
  }

  it('is changed where it is named and stays as it is elsewhere, with an entry in the audit log', async () => {
    await models.Client.update({ settings: { ai: { tone: 'formal' } } }, { where: { id: client.id } })
    const logo_url = 'https://cdn.shop.example/logo.png?v=2'
    const changes = { color: '#445566', logo_url, features: { rating: false, stop: true } }
    const changed = await change(changes)
    assert.deepEqual(changed, { ok: true, data: { ...changes, greeting: 'Hi' } })
    await change({ greeting: null, features: { rating: true } })
    const features = { rating: true, stop: true }
    assert.deepEqual(await read(), { color: '#445566', logo_url, features })
    const { settings } = await models.Client.findByPk(client.id, { rejectOnEmpty: true })
    assert.deepEqual(settings['ai'], { tone: 'formal' })
    const [entry] = await models.AuditEntry.findAll({ where: { client_id: client.id }, order: ['id'] })
    assert.deepEqual(
      [entry?.action, entry?.details],
      [
        'client.widget_changed',
        { before: { color: '#112233', logo_url: null, features: null }, after: changes },
      ],
    )
    await change({ features: null })
    assert.ok(!('features' in (await read())))
  })

  it('is shown as it would be, and stays as it is', async () => {
    await change({ features: { rating: false } })
    const name = { id: client.id }
    const preview = await widgets.preview(name, {
      color: '#445566',
      greeting: null,
      features: { stop: false },
    })
    assert.ok(preview.ok)
    assert.deepEqual(preview.data.settings, { color: '#445566', features: { rating: false, stop: false } })
    assert.deepEqual(await read(), { color: '#112233', greeting: 'Hi', features: { rating: false } })
    const refused = await widgets.preview(name, { color: 'red' })
    assert.equal(!refused.ok && refused.error.code, 'invalid_payload')
  })

  it('takes pictures and pages by https only, from hosts that no policy takes for anything else', async () => {
    const wrong = [
      'http://shop.example/a.png',
      'javascript:alert(1)',
      'data:image/png;base64,AA',
      '//shop.example/a.png',
    ]
    wrong.push(
      'https://a;sandbox/',
      'https://user:secret@shop.example/',
      'https://localhost/',
      'https://[::1]/',
    )
    wrong.push(
      "https://x'unsafe-inline'.example/",
      'https://a,b.example/',
      'https://*.example/',
      `https://a.b/${'x'.repeat(1_000)}`,
    )
    for (const address of wrong)
      for (const name of ['logo_url', 'agent_avatar', 'privacy_url']) {
        const refused = await change({ [name]: address })
        assert.equal(!refused.ok && refused.error.code, 'invalid_payload', address)
      }
  })

  it('takes nothing that it does not know, nor of a client that is unknown', async () => {
    for (const changes of [
      { color: 'red' },
      { position: 'top' },
      { suggestions: ['a', ' '] },
      { features: { handoff: false } },
      { features: { rating: 'no' } },
      { script: 'x' },
    ]) {
      const refused = await change(changes)
      assert.equal(!refused.ok && refused.error.code, 'invalid_payload', JSON.stringify(changes))
    }
    for (const refused of [
      await widgets.change({ api_key: 'pk_nobody' }, { color: '#000000' }),
      await widgets.read({ api_key: 'pk_nobody' }),
    ])
      assert.equal(!refused.ok && refused.error.code, 'not_found')
  })
})
