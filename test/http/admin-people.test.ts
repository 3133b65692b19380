import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { Colleague, ColleagueTold, PeoplePage } from '../../protocol/people.ts'
import type { AdminRole } from '../../protocol/roles.ts'
import { AdminBrowser } from '../support/admin-browser.ts'
import { cheapPasswords } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'

interface Asked {
  by?: KeptPerson
  body?: unknown
  method?: string
}

describe('The people of the business, over HTTP', () => {
  let app: TestApp
  let demo: { id: string }
  let owner: KeptPerson
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET }, passwords: cheapPasswords() })
    demo = await demoClient(app.place.database)
    owner = await somebody('owner', null)
  })
  after(() => app.close())

  const somebody = (role: AdminRole, client: { id: string } | null = demo) =>
    addPerson(app.place.database, { client, role })

  async function ask<T>(path: string, { by = owner, body, method = 'POST' }: Asked = {}): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/people${path}`, {
      ...{ method, headers: { authorization: `Bearer ${by.token}` } },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const codeOf = async (path: string, asked: Asked) =>
    (await ask<{ code?: string }>(path, asked)).code ?? 'ok'
  const newcomer = (email: string, more: object = {}) => ({
    ...{ email, name: 'Noa', role: 'agent', client_id: demo.id },
    ...more,
  })

  it('come in by a password that is told once, and are listed without it', async () => {
    const made = await ask<ColleagueTold>('', { body: newcomer('noa@shop.example') })
    const signedIn = await new AdminBrowser(app.url).signIn('noa@shop.example', made.password)
    assert.equal(signedIn.status, 200)
    const { people } = await ask<PeoplePage>(`?client_id=${demo.id}`, { method: 'GET' })
    assert.deepEqual(people[0], made.person)
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    const entry = await AuditEntry.findOne({ where: { action: 'admin.created' }, order: [['id', 'DESC']] })
    assert.deepEqual([entry?.actor_id, entry?.client_id], [owner.id, demo.id])
    assert.ok(!JSON.stringify(entry?.details).includes(made.password ?? '?'))
  })

  it('are shut out and let in, signed out, and given another password', async () => {
    const { person } = await ask<ColleagueTold>('', { body: newcomer('gal@shop.example') })
    const state = async (verb: string) =>
      (await ask<{ person: Colleague }>(`/${person.id}/${verb}`)).person.state
    assert.deepEqual([await state('disable'), await state('enable')], ['disabled', 'enabled'])
    assert.equal(await codeOf(`/${person.id}/disable`, {}), 'ok')
    assert.equal(await state('enable'), 'enabled')
    const set = await ask<ColleagueTold>(`/${person.id}/password`, { body: {} })
    const browser = new AdminBrowser(app.url)
    assert.equal((await browser.signIn('gal@shop.example', set.password)).status, 200)
    assert.deepEqual(await ask(`/${person.id}/sign-out`), { ended: 1 })
    assert.equal((await browser.refresh()).status, 401)
    assert.equal(await codeOf(`/${person.id}/unlock`, {}), 'ok')
  })

  it('keep those of their own client, and find nobody else', async () => {
    const keeper = await somebody('admin')
    const [colleague, ofInstallation] = [await somebody('agent'), await somebody('agent', null)]
    assert.equal(await codeOf(`/${colleague.id}/disable`, { by: keeper }), 'ok')
    for (const id of [ofInstallation.id, owner.id, 'nonsense', '00000000-0000-4000-8000-000000000000'])
      assert.equal(await codeOf(`/${id}/disable`, { by: keeper }), 'not_found', id)
    const elsewhere = newcomer('eve@shop.example', { client_id: null })
    assert.equal(await codeOf('', { by: keeper, body: elsewhere }), 'not_found')
    const { people } = await ask<PeoplePage>('', { by: keeper, method: 'GET' })
    assert.ok(people.every(({ client_id }) => client_id === demo.id))
  })

  it('give nobody a role above their own, and touch nobody who has one', async () => {
    const [keeper, above, below] = [await somebody('admin'), await somebody('owner'), await somebody('agent')]
    const change = (id: string, role: AdminRole) =>
      codeOf(`/${id}`, { by: keeper, method: 'PATCH', body: { role } })
    assert.equal(await change(below.id, 'admin'), 'ok')
    assert.equal(await change(below.id, 'owner'), 'role_insufficient')
    assert.equal(await change(above.id, 'analyst'), 'role_insufficient')
    for (const verb of ['disable', 'sign-out', 'unlock'])
      assert.equal(await codeOf(`/${above.id}/${verb}`, { by: keeper }), 'role_insufficient')
    const wish = newcomer('mal@shop.example', { role: 'owner' })
    assert.equal(await codeOf('', { by: keeper, body: wish }), 'role_insufficient')
    for (const extra of [{ client_id: null }, { disabled_at: null }, { password_hash: 'x' }])
      assert.equal(
        await codeOf(`/${below.id}`, { by: keeper, method: 'PATCH', body: extra }),
        'invalid_payload',
      )
  })

  it('neither shut themselves out nor change their own role', async () => {
    assert.equal(await codeOf(`/${owner.id}/disable`, {}), 'role_insufficient')
    assert.equal(
      await codeOf(`/${owner.id}`, { method: 'PATCH', body: { role: 'agent' } }),
      'role_insufficient',
    )
    assert.equal(await codeOf(`/${owner.id}`, { method: 'PATCH', body: { name: 'Ada' } }), 'ok')
  })

  it('do not shut each other out at once', async () => {
    const [one, two] = [await somebody('owner'), await somebody('owner')]
    const codes = await Promise.all([
      codeOf(`/${two.id}/disable`, { by: one }),
      codeOf(`/${one.id}/disable`, { by: two }),
    ])
    assert.deepEqual(codes.sort(), ['ok', 'unauthorized'])
  })
})
