import assert from 'node:assert/strict'
import { demoClient, demoDocuments } from '../../migrations/seeds/demo.ts'
import { defineModels, type Models } from '../../models/index.ts'
import { seedDemo } from '../../server/seed.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

describe('the demo shop', () => {
  let test: TestDatabase
  let models: Models
  beforeEach(async () => {
    test = await openTestDatabase()
    models = defineModels(test.database.sequelize)
  })
  afterEach(() => test.close())

  function found() {
    return models.Client.findOne({
      where: { api_key: 'pk_demo' },
      include: ['documents'],
      rejectOnEmpty: true,
    })
  }

  it('is open at once, with its key, looks, origins and help pages in two languages', async () => {
    await seedDemo(test.database)
    const client = await found()
    assert.deepEqual([client.name, client.status], ['Acme Outfitters', 'active'])
    assert.deepEqual(client.branding, demoClient.branding)
    assert.deepEqual(client.allowed_origins, [...demoClient.allowed_origins])
    assert.equal(await models.KnowledgeDocument.count(), 2)
    const entries = demoDocuments.flatMap((document) => document.entries)
    assert.equal(await models.KnowledgeChunk.count(), entries.length)
    assert.ok(entries.length >= 18)
  })

  it('is there once, when several nodes start at once and again', async () => {
    await Promise.all([1, 2, 3, 4].map(() => seedDemo(test.database)))
    await seedDemo(test.database)
    assert.equal(await models.Client.count(), 1)
    assert.equal(await models.KnowledgeDocument.count(), 2)
  })

  it('stays as an operator has changed it', async () => {
    await seedDemo(test.database)
    const client = await found()
    await client.update({ name: 'My Shop', branding: { color: '#123456' }, status: 'inactive' })
    await models.KnowledgeDocument.destroy({ where: { title: 'שאלות נפוצות' } })
    await seedDemo(test.database)
    await client.reload()
    assert.deepEqual(
      [client.name, client.branding, client.status],
      ['My Shop', { color: '#123456' }, 'inactive'],
    )
    assert.equal(await models.KnowledgeDocument.count(), 1)
  })

  it('gets its help pages back when none is left', async () => {
    await seedDemo(test.database)
    await models.KnowledgeDocument.destroy({ where: {} })
    await seedDemo(test.database)
    assert.equal(await models.KnowledgeDocument.count(), 2)
  })
})
