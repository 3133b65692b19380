import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { SignInsTold } from '../../protocol/account.ts'
import type { Me } from '../../protocol/admin-auth.ts'
import { AdminBrowser, signedIn } from '../support/admin-browser.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'

const NEXT = 'a wholly other password'

describe('One’s own account', () => {
  let app: TestApp
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ passwords: cheapPasswords() })
  })
  after(() => app.close())

  const signIn = async (email: string) => {
    const browser = new AdminBrowser(app.url)
    const { access_token: token, admin } = signedIn(await browser.signIn(email))
    const ask = async <T>(method: string, path: string, body?: object) => {
      const headers = { authorization: `Bearer ${token}` }
      const more = body && { body: JSON.stringify(body) }
      return JSON.parse((await browser.ask(path, { method, headers, ...more })).body) as T
    }
    return { browser, admin, ask }
  }
  const codeOf = async (asked: Promise<{ code?: string }>) => (await asked).code ?? 'ok'

  it('has a name and a picture, which nobody else changes', async () => {
    const { email } = await makeAdmin(app.place.database)
    const { ask, admin } = await signIn(email)
    const avatar_url = 'https://cdn.shop.example/noa.png'
    const changed = await ask<Me>('PATCH', 'me', { name: 'Noa', avatar_url })
    assert.deepEqual(changed.admin, { ...admin, name: 'Noa', avatar_url })
    assert.deepEqual((await ask<Me>('PATCH', 'me', { avatar_url: null })).admin, { ...admin, name: 'Noa' })
    for (const wrong of [{}, { role: 'owner' }, { avatar_url: 'javascript:1' }, { email: 'a@b.c' }])
      assert.equal(await codeOf(ask('PATCH', 'me', wrong)), 'invalid_payload')
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    const where = { action: 'admin.profile_changed', actor_id: admin.id }
    assert.equal(await AuditEntry.count({ where }), 2)
  })

  it('changes its password with the present one, and ends every other sign-in', async () => {
    const { email } = await makeAdmin(app.place.database)
    const [here, there] = [await signIn(email), await signIn(email)]
    const list = await here.ask<SignInsTold>('GET', 'me/sign-ins')
    assert.deepEqual(list.sign_ins.map(({ current }) => current).sort(), [false, true])
    const change = (current_password: string, password = NEXT) =>
      here.ask<{ code?: string; ended?: number }>('POST', 'me/password', { current_password, password })
    assert.equal(await codeOf(change('not the password at all')), 'password_wrong')
    assert.equal(await codeOf(change(PASSWORD, 'short')), 'invalid_payload')
    assert.deepEqual(await change(PASSWORD), { ended: 1 })
    assert.equal((await there.browser.refresh()).status, 401)
    assert.equal((await here.browser.refresh()).status, 200)
    assert.equal((await new AdminBrowser(app.url).signIn(email, NEXT)).status, 200)
    assert.equal((await new AdminBrowser(app.url).signIn(email, PASSWORD)).status, 401)
  })
})
