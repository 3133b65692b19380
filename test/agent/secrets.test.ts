import assert from 'node:assert/strict'
import { releaseCanaries } from '../support/canaries.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { openShop } from '../support/shop.ts'
import { EVERY_VENDOR } from '../support/vendors/every-vendor.ts'

/** What a model may read. Of an object only what stands in it already, unless it may read whatever stands there (`*`). */
const READ = [
  'clients.name',
  'clients.domain',
  'clients.branding',
  'clients.business_info',
  'clients.settings',
  'clients.provider',
  'clients.model',
  'clients.api_key',
  'conversations.summary',
  'conversations.locale',
  'messages.content',
  'knowledge_chunks.title',
  'knowledge_chunks.content',
  'knowledge_documents.url',
  'visitors.name',
  'visitors.attributes.*',
]

describe('What a model is told', () => {
  for (const { name, start, providerAt } of EVERY_VENDOR) {
    it(`holds nothing of any other column of any table, asked through ${name}`, async () => {
      const place: TestDatabase = await openTestDatabase()
      const vendor = await start()
      const shop = await openShop(place.database, providerAt(vendor.url))
      try {
        const visitor = await shop.visitor()
        await shop.ask('Do you ship to Canada?', visitor)
        const holding = await releaseCanaries(place.database, READ)
        for (const column of [
          'clients.identity_secret',
          'secret_keys.key_hash',
          'client_integrations.connection_config',
        ])
          assert.ok(holding.includes(column), column)
        assert.ok(holding.length > 60, String(holding.length))

        await shop.ask('How long do I have to return boots?', visitor)
        const { body, url } = vendor.requests.all.at(-1)!
        const told = `${url} ${JSON.stringify(body)}`
        assert.match(told, /within \*\*30 days\*\*/)
        assert.deepEqual(told.match(/CANARY [\w.]+/g) ?? [], [])
        assert.doesNotMatch(told, /pk_demo|sk-|Bearer/)
        const environment = Object.entries(process.env).filter(([, value]) => value!.length > 12)
        for (const [variable, value] of environment) assert.ok(!told.includes(value!), variable)
      } finally {
        await shop.stop()
        await vendor.close()
        await place.close()
      }
    })
  }
})
