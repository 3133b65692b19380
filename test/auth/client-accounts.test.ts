import assert from 'node:assert/strict'
import { defineModels, type Models } from '../../models/index.ts'
import { createClientAccounts, type ClientAccounts } from '../../server/auth/client-accounts.ts'
import { createClientDirectory } from '../../server/auth/client-directory.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'

describe('The account of a client', () => {
  let held: TestDatabase
  let models: Models
  let accounts: ClientAccounts

  before(async function () {
    this.timeout(60_000)
    held = await openTestDatabase()
    models = defineModels(held.database.sequelize)
    accounts = createClientAccounts(held.database, models)
  })
  after(() => held.close())

  const known = (key: string) => createClientDirectory(held.database).findByKey(key)
  async function create() {
    const made = await accounts.create({ name: 'Blue Bakery', allowed_origins: ['https://bakery.example'] })
    assert.ok(made.ok)
    return made.data
  }

  it('is made with a key of its own, for the sites that it names', async () => {
    const made = await accounts.create({
      name: 'Corner Books',
      domain: 'books.example',
      allowed_origins: ['https://books.example', 'http://localhost:*'],
      locale: 'he',
    })
    assert.ok(made.ok)
    assert.match(made.data.api_key, /^pk_[\w-]{24}$/)
    const client = await known(made.data.api_key)
    assert.deepEqual(client?.allowed_origins, ['https://books.example', 'http://localhost:*'])
    assert.deepEqual([client.name, client.locale, client.plan_type], ['Corner Books', 'he', 'free'])
  })

  it('is not made for what is no site', async () => {
    const made = await accounts.create({
      name: 'X',
      allowed_origins: ['https://a.example', 'https://*.b.example'],
    })
    assert.deepEqual([made.ok, !made.ok && made.error.code], [false, 'invalid_payload'])
    assert.match(!made.ok ? made.error.message : '', /"https:\/\/\*\.b\.example"/)
  })

  it('is shut and opened again', async () => {
    const { api_key } = await create()
    assert.ok((await accounts.setActive({ api_key }, false)).ok)
    assert.equal(await known(api_key), null)
    assert.ok((await accounts.setActive({ api_key }, true)).ok)
    assert.equal((await known(api_key))?.api_key, api_key)
  })

  it('gets another key, and the old one names nobody', async () => {
    const { api_key } = await create()
    const rotated = await accounts.rotateKey({ api_key })
    assert.ok(rotated.ok)
    assert.notEqual(rotated.data.api_key, api_key)
    assert.equal(await known(api_key), null)
    assert.equal((await known(rotated.data.api_key))?.name, 'Blue Bakery')
  })

  it('changes in what is named, the sites that may speak for it among that', async () => {
    const { api_key } = await create()
    assert.ok((await accounts.change({ api_key }, { allowed_origins: ['https://new.example'] })).ok)
    assert.deepEqual((await known(api_key))?.allowed_origins, ['https://new.example'])
    assert.equal((await accounts.change({ api_key }, { allowed_origins: ['new.example'] })).ok, false)
    assert.deepEqual((await known(api_key))?.allowed_origins, ['https://new.example'])
  })

  it('is unknown where no client has the key, and every deed is told in the audit log', async () => {
    const missing = await accounts.setActive({ api_key: 'pk_nobody' }, false)
    assert.equal(!missing.ok && missing.error.code, 'not_found')
    const { id, api_key } = await create()
    await accounts.setActive({ api_key }, false)
    await accounts.rotateKey({ api_key })
    const entries = await models.AuditEntry.findAll({ where: { client_id: id }, order: ['id'] })
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['client.created', 'client.deactivated', 'client.key_rotated'],
    )
  })
})
