import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { SecretKeyIssued, SecretKeysTold } from '../../protocol/secret-keys.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'

describe('Secret keys, over HTTP', () => {
  let app: TestApp
  let demo: { id: string }
  let keeper: KeptPerson
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET } })
    demo = await demoClient(app.place.database)
    keeper = await addPerson(app.place.database, { client: demo, role: 'admin' })
  })
  after(() => app.close())

  async function ask<T>(path: string, body?: object, method = 'POST'): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/clients/${demo.id}/secret-keys${path}`, {
      ...{ method, headers: { authorization: `Bearer ${keeper.token}` } },
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const list = async () => (await ask<SecretKeysTold>('', undefined, 'GET')).keys

  it('are told once, work at once, and are listed by their first characters', async () => {
    const { key, secret_key } = await ask<SecretKeyIssued>('', { name: 'Backend' })
    const documents = `${app.url}/api/v1/knowledge/documents`
    assert.equal((await fetch(documents, { headers: { authorization: `Bearer ${key}` } })).status, 200)
    const listed = (await list()).find(({ id }) => id === secret_key.id)
    assert.deepEqual([listed?.name, listed?.prefix], ['Backend', key.slice(0, 10)])
    assert.ok(!JSON.stringify(await list()).includes(key))
  })

  it('are rotated with some grace, and revoked once', async () => {
    const { secret_key } = await ask<SecretKeyIssued>('', { name: 'Cron' })
    const rotated = await ask<SecretKeyIssued>(`/${secret_key.id}/rotate`, { grace_minutes: 60 })
    assert.notEqual(rotated.secret_key.id, secret_key.id)
    const old = (await list()).find(({ id }) => id === secret_key.id)
    assert.ok(Date.parse(old?.revoked_at ?? '') > Date.now() + 50 * 60_000)
    const { id } = rotated.secret_key
    assert.ok((await ask<{ secret_key: object }>(`/${id}/revoke`)).secret_key)
    assert.equal((await ask<{ code: string }>(`/${id}/revoke`)).code, 'not_found')
  })

  it('of another client are not found', async () => {
    const { database } = app.place
    const owner = await addPerson(database, { client: null, role: 'owner' })
    const made = await fetch(`${app.url}/api/admin/clients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}` },
      body: JSON.stringify({ name: 'Others', allowed_origins: [] }),
    })
    const { client } = (await made.json()) as { client: { id: string } }
    const theirs = await fetch(`${app.url}/api/admin/clients/${client.id}/secret-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}` },
      body: JSON.stringify({ name: 'Theirs' }),
    })
    const { secret_key } = (await theirs.json()) as SecretKeyIssued
    assert.equal((await ask<{ code: string }>(`/${secret_key.id}/revoke`)).code, 'not_found')
    assert.equal((await ask<{ code: string }>(`/${secret_key.id}/rotate`, {})).code, 'not_found')
  })
})
