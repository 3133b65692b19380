import assert from 'node:assert/strict'
import { defineModels, type Models } from '../../models/index.ts'
import { createClientsAi, type ClientsAi } from '../../server/clients/client-ai.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('The AI of a client', () => {
  let place: TestDatabase
  let models: Models
  let clients: ClientsAi
  let client: TestClient

  before(async () => {
    place = await openTestDatabase()
    models = defineModels(place.database.sequelize)
    const parts = { compile: createSchemaCompiler(), providers: ['claude', 'ollama', 'offline'] }
    clients = createClientsAi(place.database, models, parts)
  })
  after(() => place.close())
  beforeEach(async () => {
    client = await makeClient(place.database)
  })

  const change = async (changes: object) => {
    const changed = await clients.change({ api_key: client.api_key }, changes)
    return changed.ok ? { ok: true as const, data: changed.data.settings } : changed
  }
  const read = async () => {
    const told = await clients.read({ id: client.id })
    assert.ok(told.ok)
    const { settings, ignored } = told.data
    return { settings, ignored }
  }
  const row = () => models.Client.findByPk(client.id, { rejectOnEmpty: true })

  it('is as the installation has it, before anything is set', async () => {
    assert.deepEqual(await read(), { settings: {}, ignored: [] })
  })

  it('keeps provider and model in their columns and the rest in settings, whose other parts stay', async () => {
    await models.Client.update({ settings: { widget: { sound: false } } }, { where: { id: client.id } })
    const changed = await change({ provider: 'claude', model: 'claude-sonnet-5-5', tone: 'formal' })
    assert.equal(changed.ok, true)
    const { provider, model, settings } = await row()
    assert.deepEqual([provider, model], ['claude', 'claude-sonnet-5-5'])
    assert.deepEqual(settings, { widget: { sound: false }, ai: { tone: 'formal' } })
  })

  it('changes what is named, part by part, and takes away what is null', async () => {
    await change({ tone: 'formal', language: 'he', parameters: { effort: 'low', temperature: 0.5 } })
    const changed = await change({ language: null, parameters: { effort: null, context_tokens: 8192 } })
    const settings = { tone: 'formal', parameters: { temperature: 0.5, context_tokens: 8192 } }
    assert.deepEqual(changed, { ok: true, data: settings })
    assert.deepEqual(await read(), { settings, ignored: [] })
    await change({ handoff: { offered: false, wait_minutes: 10 } })
    const less = await change({ handoff: { offered: null }, parameters: null })
    assert.deepEqual(less, { ok: true, data: { tone: 'formal', handoff: { wait_minutes: 10 } } })
  })

  it('tells the audit log each change, before and after', async () => {
    await change({ tone: 'formal' })
    await change({ tone: null, prompt: 'Mention the Trail Club.' })
    const entries = await models.AuditEntry.findAll({ where: { client_id: client.id }, order: ['id'] })
    assert.deepEqual(
      entries.map(({ actor, action, details }) => ({ actor, action, details })),
      [
        {
          actor: 'system',
          action: 'client.ai_changed',
          details: { before: { tone: null }, after: { tone: 'formal' } },
        },
        {
          actor: 'system',
          action: 'client.ai_changed',
          details: {
            before: { tone: 'formal', prompt: null },
            after: { tone: null, prompt: 'Mention the Trail Club.' },
          },
        },
      ],
    )
  })

  it('refuses what does not fit, names the place, and changes nothing', async () => {
    await change({ tone: 'formal' })
    const wrong: [object, RegExp][] = [
      [{ provider: 'skynet' }, /no provider "skynet", only claude, ollama, offline/],
      [{ fallbacks: [{ provider: 'skynet' }] }, /no provider "skynet"/],
      [{ model: 'two words' }, /^model is not of the expected form/],
      [{ prompt: 'x'.repeat(4_001) }, /^prompt must NOT have more than 4000 characters/],
      [{ tone: ' ' }, /^tone is blank/],
      [{ language: 'klingonish' }, /^language is neither auto nor a language, such as he or pt-BR/],
      [{ time_zone: 'Mars/Olympus' }, /^time_zone is no time zone, such as Asia\/Jerusalem/],
      [{ parameters: { temperature: 3 } }, /^parameters\.temperature must be <= 2/],
      [{ parameters: { top_p: 1 } }, /^parameters has properties that are not known here/],
      [{ knowledge: 'maybe' }, /^knowledge must be boolean/],
      [{ api_key: 'pk_mine' }, /properties that are not known here/],
    ]
    for (const [changes, told] of wrong) {
      const refused = await change(changes)
      assert.match(refused.ok ? 'accepted' : refused.error.message, told)
    }
    const { provider, settings } = await row()
    assert.deepEqual([provider, settings], [null, { ai: { tone: 'formal' } }])
    assert.equal(await models.AuditEntry.count({ where: { client_id: client.id } }), 1)
  })

  it('is read as far as it can be used, and the next change takes the rest away', async () => {
    const ai = { tone: 'formal', language: 7, mood: 'sunny', parameters: { effort: 'heroic' } }
    await models.Client.update({ settings: { ai }, model: 'not a model' }, { where: { id: client.id } })
    assert.deepEqual(await read(), {
      settings: { tone: 'formal' },
      ignored: ['language', 'model', 'mood', 'parameters'],
    })
    await change({ knowledge: false })
    const { model, settings } = await row()
    assert.deepEqual([model, settings], [null, { ai: { tone: 'formal', knowledge: false } }])
  })

  it('survives settings that are no settings at all', async () => {
    for (const ai of [null, 7, 'x', [], [1]]) {
      await models.Client.update({ settings: { ai } }, { where: { id: client.id } })
      assert.deepEqual((await read()).settings, {})
    }
  })

  it('of two changes at once loses neither', async () => {
    await Promise.all([change({ tone: 'formal' }), change({ language: 'he' }), change({ knowledge: false })])
    const { settings } = await read()
    assert.deepEqual(settings, { tone: 'formal', language: 'he', knowledge: false })
  })

  it('is not found under a key that no client has', async () => {
    const nobody = { api_key: 'pk_nobody' }
    for (const result of [
      await clients.read(nobody),
      await clients.change(nobody, { tone: 'formal' }),
      await clients.changeBusiness(nobody, { phone: '1' }),
    ])
      assert.equal(!result.ok && result.error.code, 'not_found')
  })

  it('may tell facts of the business, of which people change what they can write', async () => {
    const business_info = { phone: '03-5550100', hours: { sunday: '9-17' }, timezone: 'Asia/Jerusalem' }
    await models.Client.update({ business_info }, { where: { id: client.id } })
    const by = { actor: 'admin' as const, actor_id: '8d3f6a51-7c42-4e0b-9a1d-2f5b8c7e6d90' }
    const changed = await clients.changeBusiness(
      { id: client.id },
      { phone: null, email: 'hi@shop.example' },
      by,
    )
    assert.deepEqual(changed.ok && changed.data.business, { email: 'hi@shop.example' })
    const { hours, timezone } = business_info
    assert.deepEqual((await row()).business_info, { hours, timezone, email: 'hi@shop.example' })
    const entry = await models.AuditEntry.findOne({ where: { action: 'client.business_changed' } })
    assert.deepEqual(entry?.details, {
      before: { phone: '03-5550100', email: null },
      after: { phone: null, email: 'hi@shop.example' },
    })
    assert.equal(entry.actor_id, by.actor_id)
  })
})
