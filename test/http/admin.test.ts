import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import type { Admin } from '../../models/admin.ts'
import { Me, SignedIn } from '../../protocol/admin-auth.ts'
import type { Problem } from '../../protocol/rest.ts'
import { AdminBrowser, signedIn } from '../support/admin-browser.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { assertFits } from '../support/told-as-promised.ts'
import type { Answer } from './raw-http.ts'

describe('Admins, over HTTP', () => {
  let app: TestApp
  let dana: Admin
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ passwords: cheapPasswords() })
    dana = await makeAdmin(app.place.database, { email: 'dana@shop.example', clientKey: 'pk_demo' })
  })
  after(() => app.close())

  const browse = () => new AdminBrowser(app.url)
  const codeOf = ({ body }: Answer) => (JSON.parse(body) as Problem).code
  const cookiesOf = ({ headers }: Answer) => headers['set-cookie'] ?? []

  it('sign in, and ask with the access token who they are', async () => {
    const browser = browse()
    const answer = await browser.signIn('DANA@shop.example')
    assert.equal(answer.headers['cache-control'], 'no-store')
    const { access_token, expires_in, admin } = signedIn(answer)
    assertFits(SignedIn, JSON.parse(answer.body), 'sign-in')
    assert.ok(expires_in > 590 && expires_in <= 600)
    assert.deepEqual(admin, {
      ...{ id: dana.id, email: 'dana@shop.example', name: 'Dana', role: 'agent', client_id: dana.client_id },
    })
    const me = await browser.me(access_token)
    assert.equal(me.status, 200)
    assertFits(Me, JSON.parse(me.body), 'me')
    assert.deepEqual(JSON.parse(me.body), { admin })
  })

  it('get cookies that no script reads, no other site sends and no other path sees', async () => {
    const [device = '', refresh = '', ...more] = cookiesOf(await browse().signIn(dana.email))
    assert.deepEqual(more, [])
    assert.match(
      refresh,
      /^parlor_refresh=[\w-]{43}; Max-Age=2592000; Path=\/api\/admin; HttpOnly; SameSite=Strict$/,
    )
    assert.match(
      device,
      /^parlor_device=[\w.-]+; Max-Age=31536000; Path=\/api\/admin\/sign-in; HttpOnly; SameSite=Strict$/,
    )
  })

  it('get them for https alone where the page came by https', async () => {
    const origin = app.url.replace('http:', 'https:')
    const cookies = cookiesOf(await browse().signIn(dana.email, PASSWORD, { origin }))
    assert.equal(cookies.length, 2)
    for (const cookie of cookies) assert.match(cookie, /; Secure/)
  })

  it('stay signed in by the cookie, and get another one each time', async () => {
    const browser = browse()
    signedIn(await browser.signIn(dana.email))
    const first = browser.cookies.get('parlor_refresh')
    const { access_token, admin } = signedIn(await browser.refresh())
    assert.equal(admin.id, dana.id)
    assert.notEqual(browser.cookies.get('parlor_refresh'), first)
    assert.equal((await browser.me(access_token)).status, 200)
  })

  it('sign out here, or everywhere, and are nobody from then on', async () => {
    const [one, two] = [browse(), browse()]
    const tokens = [signedIn(await one.signIn(dana.email)), signedIn(await two.signIn(dana.email))]
    const spare = one.copy()
    const left = await one.ask('sign-out', { method: 'POST' })
    assert.deepEqual([left.status, left.body], [200, '{}'])
    assert.ok(!one.cookies.has('parlor_refresh'))
    assert.equal(codeOf(await spare.refresh()), 'unauthorized')
    assert.equal(codeOf(await one.me(tokens[0]!.access_token)), 'unauthorized')
    assert.equal((await two.me(tokens[1]!.access_token)).status, 200)

    const three = browse()
    signedIn(await three.signIn(dana.email))
    await three.ask('sign-out?everywhere=true', { method: 'POST' })
    assert.equal(codeOf(await two.refresh()), 'unauthorized')
    assert.equal((await three.ask('sign-out', { method: 'POST' })).status, 200, 'again, with nothing to end')
  })

  it('sign in from no page of another site, and refresh and sign out from pages of ours alone', async () => {
    const browser = browse()
    signedIn(await browser.signIn(dana.email))
    const kept = browser.cookies.get('parlor_refresh')
    const foreign = ['https://evil.example', 'null', `${app.url}.evil.example`, app.url.replace(/\d+$/, '1')]
    for (const origin of foreign) {
      assert.equal(codeOf(await browse().signIn(dana.email, PASSWORD, { origin })), 'origin_not_allowed')
    }
    for (const origin of [...foreign, '']) {
      assert.equal(codeOf(await browser.refresh({ origin })), 'origin_not_allowed', origin)
      const left = await browser.ask('sign-out', { method: 'POST', headers: { origin } })
      assert.equal(codeOf(left), 'origin_not_allowed', origin)
    }
    assert.equal(browser.cookies.get('parlor_refresh'), kept)
    signedIn(await browser.refresh())
    signedIn(await browse().signIn(dana.email, PASSWORD, { origin: '' }))
  })

  it('are refused without a token, with a cookie in its place, and with anybody else’s token', async () => {
    const browser = browse()
    signedIn(await browser.signIn(dana.email))
    const refresh = browser.cookies.get('parlor_refresh')!
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${refresh}`,
      `Bearer sk_${'x'.repeat(43)}`,
      'Basic eA==',
    ]) {
      const answer = await browser.ask('me', { headers: { authorization } })
      assert.equal(codeOf(answer), 'unauthorized', authorization)
      assert.equal(answer.headers['www-authenticate'], 'Bearer')
    }
    assert.equal(codeOf(await browse().refresh()), 'unauthorized')
  })

  it('lose the cookie that is no good any more', async () => {
    const browser = browse()
    browser.cookies.set('parlor_refresh', 'x'.repeat(43))
    assert.equal(codeOf(await browser.refresh()), 'unauthorized')
    assert.ok(!browser.cookies.has('parlor_refresh'))
  })

  it('are told what is wrong with what they sent, but not what they sent', async () => {
    for (const body of [
      {},
      { email: 'x' },
      { email: 'x', password: 1 },
      { email: 'x', password: 'hunter2', role: 'owner' },
    ]) {
      const answer = await browse().ask('sign-in', { method: 'POST', body: JSON.stringify(body) })
      assert.equal(codeOf(answer), 'invalid_payload')
      assert.doesNotMatch(answer.body, /hunter2/)
    }
  })
})
