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

  const change = (changes: object) => clients.change(client.api_key, changes)
  const row = () => models.Client.findByPk(client.id, { rejectOnEmpty: true })

  it('is as the installation has it, before anything is set', async () => {
    assert.deepEqual(await clients.read(client.api_key), { ok: true, data: { settings: {}, ignored: [] } })
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
    assert.deepEqual(await clients.read(client.api_key), { ok: true, data: { settings, ignored: [] } })
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
    const read = await clients.read(client.api_key)
    assert.deepEqual(read, {
      ok: true,
      data: { settings: { tone: 'formal' }, ignored: ['language', 'model', 'mood', 'parameters'] },
    })
    await change({ knowledge: false })
    const { model, settings } = await row()
    assert.deepEqual([model, settings], [null, { ai: { tone: 'formal', knowledge: false } }])
  })

  it('survives settings that are no settings at all', async () => {
    for (const ai of [null, 7, 'x', [], [1]]) {
      await models.Client.update({ settings: { ai } }, { where: { id: client.id } })
      const read = await clients.read(client.api_key)
      assert.deepEqual(read.ok && read.data.settings, {})
    }
  })

  it('of two changes at once loses neither', async () => {
    await Promise.all([change({ tone: 'formal' }), change({ language: 'he' }), change({ knowledge: false })])
    const read = await clients.read(client.api_key)
    assert.deepEqual(read.ok && read.data.settings, { tone: 'formal', language: 'he', knowledge: false })
  })

  it('is not found under a key that no client has', async () => {
    const [read, changed] = [
      await clients.read('pk_nobody'),
      await clients.change('pk_nobody', { tone: 'formal' }),
    ]
    for (const result of [read, changed]) assert.equal(!result.ok && result.error.code, 'not_found')
  })
})
