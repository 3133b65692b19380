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

  it('is changed where it is named and stays as it is elsewhere, with an entry in the audit log', async () => {
    await models.Client.update({ settings: { ai: { tone: 'formal' } } }, { where: { id: client.id } })
    const logo_url = 'https://cdn.shop.example/logo.png?v=2'
    const changes = { color: '#445566', logo_url, features: { rating: false, stop: true } }
    const changed = await widgets.change(client.api_key, changes)
    assert.deepEqual(changed, { ok: true, data: { ...changes, greeting: 'Hi' } })
    await widgets.change(client.api_key, { greeting: null, features: { rating: true } })
    assert.deepEqual(await widgets.read(client.api_key), {
      ok: true,
      data: { color: '#445566', logo_url, features: { rating: true, stop: true } },
    })
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
    await widgets.change(client.api_key, { features: null })
    const { data } = (await widgets.read(client.api_key)) as { data: object }
    assert.ok(!('features' in data))
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
        const refused = await widgets.change(client.api_key, { [name]: address })
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
      const refused = await widgets.change(client.api_key, changes)
      assert.equal(!refused.ok && refused.error.code, 'invalid_payload', JSON.stringify(changes))
    }
    for (const refused of [
      await widgets.change('pk_nobody', { color: '#000000' }),
      await widgets.read('pk_nobody'),
    ])
      assert.equal(!refused.ok && refused.error.code, 'not_found')
  })
})
