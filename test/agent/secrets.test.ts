import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { releaseCanaries } from '../support/canaries.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
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
  'messages.result.*',
  'messages_held.content',
  'messages_held.result.*',
  'knowledge_chunks.title',
  'knowledge_chunks.content',
  'knowledge_documents.url',
  'visitors.name',
  'visitors.attributes.*',
  'sessions.attributes.*',
  'conversations.attributes.*',
]

describe('What a model is told', () => {
  let place: TestDatabase
  let visitors: VisitorSession[]
  before(async () => {
    place = await openTestDatabase()
    const provider = new ScriptedProvider()
    const shop = await openShop(place.database, provider)
    visitors = await Promise.all(EVERY_VENDOR.map(() => shop.visitor()))
    for (const visitor of visitors) {
      const asked = shop.ask('Do you ship to Canada?', visitor)
      ;(await provider.calls.take()).end()
      await asked
    }
    await shop.stop()
    const holding = await releaseCanaries(place.database, READ)
    const secrets = [
      'clients.identity_secret',
      'secret_keys.key_hash',
      'client_integrations.connection_config',
    ]
    for (const column of secrets) assert.ok(holding.includes(column), column)
    assert.ok(holding.length > 60, String(holding.length))
  })
  after(() => place.close())

  for (const [index, { name, start, providerAt }] of EVERY_VENDOR.entries()) {
    it(`holds nothing of any other column of any table, asked through ${name}`, async () => {
      const vendor = await start()
      const shop = await openShop(place.database, providerAt(vendor.url))
      try {
        await shop.ask('How long do I have to return boots?', visitors[index])
        const { body, url } = await vendor.requests.take()
        const told = `${url} ${JSON.stringify(body)}`
        assert.match(told, /within \*\*30 days\*\*/)
        assert.deepEqual(told.match(/CANARY [\w.]+/g) ?? [], [])
        assert.doesNotMatch(told, /pk_demo|sk-|Bearer/)
        const environment = Object.entries(process.env).filter(([, value]) => value!.length > 12)
        for (const [variable, value] of environment) assert.ok(!told.includes(value!), variable)
      } finally {
        await shop.stop()
        await vendor.close()
      }
    })
  }
})
