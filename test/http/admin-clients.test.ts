import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { ClientAccount, ClientsPage, ClientTold } from '../../protocol/clients.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'

describe('Clients, over HTTP', () => {
  let app: TestApp
  let owner: KeptPerson
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET } })
    owner = await addPerson(app.place.database, { client: null, role: 'owner' })
  })
  after(() => app.close())

  async function ask<T>(path: string, { method = 'GET', body, by = owner }: Asked = {}): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/clients${path}`, {
      ...{ method, headers: { authorization: `Bearer ${by.token}` } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }

  async function create(name: string): Promise<ClientAccount> {
    const body = { name, allowed_origins: ['https://a.example'], domain: `${name}.example` }
    const { client } = await ask<ClientTold>('', { method: 'POST', body })
    return client
  }

  it('are made with a key of their own, told by whom, and read again', async () => {
    const made = await create('bakery')
    assert.match(made.api_key, /^pk_[\w-]{24}$/)
    assert.deepEqual((await ask<ClientTold>(`/${made.id}`)).client, made)
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    const entry = await AuditEntry.findOne({ where: { client_id: made.id } })
    assert.deepEqual([entry?.action, entry?.actor, entry?.actor_id], ['client.created', 'admin', owner.id])
  })

  it('are listed the newest first, page by page, and found by name, domain and key', async () => {
    const made = []
    for (const name of ['paged one', 'paged two', 'paged three']) made.push(await create(name))
    const first = await ask<ClientsPage>('?search=PAGED&limit=2')
    assert.deepEqual(
      first.clients.map(({ name }) => name),
      ['paged three', 'paged two'],
    )
    assert.ok(first.has_more)
    const next = await ask<ClientsPage>(`?search=PAGED&limit=2&after=${first.clients[1]!.id}`)
    assert.deepEqual([next.clients.map(({ name }) => name), next.has_more], [['paged one'], false])
    const byKey = await ask<ClientsPage>(`?search=${made[0]!.api_key}`)
    assert.deepEqual(byKey.clients, [made[0]])
    assert.deepEqual((await ask<ClientsPage>('?search=%25')).clients, [])
  })

  it('are changed in what is named, shut, opened, and given another key', async () => {
    const { id, api_key } = await create('mill')
    const changed = await ask<ClientTold>(`/${id}`, { method: 'PATCH', body: { locale: 'he', domain: null } })
    assert.deepEqual(
      [changed.client.name, changed.client.locale, changed.client.domain],
      ['mill', 'he', null],
    )
    const refused = await ask<{ code: string; message: string }>(`/${id}`, {
      ...{ method: 'PATCH', body: { allowed_origins: ['https://ok.example', 'https://*.nowhere'] } },
    })
    assert.equal(refused.code, 'invalid_payload')
    assert.match(refused.message, /"https:\/\/\*\.nowhere"/)
    const verbs = ['deactivate', 'activate', 'rotate-key']
    const told = []
    for (const verb of verbs) told.push((await ask<ClientTold>(`/${id}/${verb}`, { method: 'POST' })).client)
    assert.deepEqual(
      told.map(({ status }) => status),
      ['inactive', 'active', 'active'],
    )
    assert.notEqual(told[2]!.api_key, api_key)
  })

  it('are one for the people of one', async () => {
    const { database } = app.place
    const demo = await demoClient(database)
    const by = await addPerson(database, { client: demo, role: 'analyst' })
    const { clients, has_more } = await ask<ClientsPage>('', { by })
    assert.deepEqual([clients.map(({ id }) => id), has_more], [[demo.id], false])
  })

  it('are unknown where nobody has made them', async () => {
    const nobody = '/00000000-0000-4000-8000-000000000000'
    for (const [path, method] of [
      [nobody, 'GET'],
      [`${nobody}/deactivate`, 'POST'],
    ] as const)
      assert.equal((await ask<{ code: string }>(path, { method })).code, 'not_found')
  })
})

interface Asked {
  method?: string
  body?: unknown
  by?: KeptPerson
}
