import assert from 'node:assert/strict'
import { createHmac, createSecretKey } from 'node:crypto'
import { SignJWT } from 'jose'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { Problem } from '../../protocol/rest.ts'
import { AdminBrowser, signedIn } from '../support/admin-browser.ts'
import { cheapPasswords, makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { Person } from '../support/person.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import type { Answer } from '../http/raw-http.ts'

describe('Against the people of the business', () => {
  let app: TestApp
  before(async function () {
    this.timeout(60_000)
    app = await startApp({
      passwords: cheapPasswords(),
      env: { RATE_LIMITS: 'on', TRUSTED_PROXIES: '127.0.0.1' },
      // Within one minute and one hour, so that limits count all of it together.
      now: () => Date.UTC(2026, 10, 23),
    })
  })
  after(() => app.close())

  const browse = () => new AdminBrowser(app.url)
  const codeOf = ({ body }: Answer) => (JSON.parse(body) as Problem).code
  const from = (address: string) => ({ 'x-forwarded-for': address })

  it('7: tokens of no or another algorithm, audience, type, time or key open nothing', async () => {
    const { email, id: sub } = await makeAdmin(app.place.database)
    const browser = browse()
    const { access_token } = signedIn(await browser.signIn(email))
    const [header = '', payload = '', signature = ''] = access_token.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const sign = (changed: object, head: object = {}, secret = SHARED_SECRETS.JWT_SECRET) =>
      new SignJWT({ ...claims, ...changed })
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...head })
        .sign(createSecretKey(secret, 'utf8'))
    const confused = `${encode({ alg: 'RS256', typ: 'at+jwt' })}.${payload}`
    const hmac = createHmac('sha256', SHARED_SECRETS.JWT_SECRET).update(confused).digest('base64url')
    const now = Math.floor(Date.now() / 1000)
    const forged = {
      'alg none': `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
      'without its signature': `${header}.${payload}.`,
      'another algorithm': `${confused}.${hmac}`,
      'another payload': `${header}.${encode({ ...claims, role: 'owner' })}.${signature}`,
      'another audience': await sign({ aud: 'parlor/device' }),
      'another type': await sign({}, { typ: 'JWT' }),
      'a device': browser.cookies.get('parlor_device')!,
      expired: await sign({ iat: now - 700, exp: now - 100 }),
      'from the future': await sign({ iat: now + 300, exp: now + 900 }),
      'a key of its own': await sign({}, { jku: 'http://127.0.0.1:1/', kid: 'x' }, 'x'.repeat(40)),
      'another person': await sign({ sub: '00000000-0000-4000-8000-000000000000' }),
      'another sign-in': await sign({ family: '00000000-0000-4000-8000-000000000000' }),
      'no ids': await sign({ sub: "' OR 1=1", family: '1' }),
    }
    for (const [what, token] of Object.entries(forged)) {
      const { status, body } = await browser.me(token)
      assert.equal(status, 401, `${what}: ${body}`)
    }
    assert.equal((await browser.me(await sign({ sub }))).status, 200, 'what is right is taken')
  })

  it('8: a refresh token used twice ends the sign-in of thief and owner, and closes its sockets', async () => {
    const { email } = await makeAdmin(app.place.database, { role: 'owner' })
    const owner = browse()
    const other = browse()
    const { access_token } = signedIn(await owner.signIn(email))
    const elsewhere = signedIn(await other.signIn(email))
    const sockets = [access_token, elsewhere.access_token].map((token) => new Person(app.url, { token }))
    await Promise.all(sockets.map(({ connected }) => connected))
    const thief = owner.copy()
    signedIn(await owner.refresh())
    signedIn(await owner.refresh())
    assert.equal(codeOf(await thief.refresh()), 'unauthorized')
    await sockets[0]!.closed.take(() => true)
    assert.equal(codeOf(await owner.refresh()), 'unauthorized')
    assert.equal((await other.me(elsewhere.access_token)).status, 200, 'other sign-ins go on')
    assert.ok(sockets[1]!.socket.connected)
    sockets[1]!.socket.close()
  })

  it('10: twenty wrong passwords from as many addresses lock, and then the right one is refused too', async () => {
    const { email } = await makeAdmin(app.place.database)
    for (let i = 0; i < 20; i++) {
      const answer = await browse().signIn(email, `wrong password ${i}`, from(`198.51.100.${i}`))
      assert.equal(codeOf(answer), 'unauthorized')
    }
    assert.equal(codeOf(await browse().signIn(email, PASSWORD, from('203.0.113.1'))), 'unauthorized')
    const { Admin } = defineModels(app.place.database.sequelize)
    assert.ok((await Admin.findByEmail(email))?.isLocked())
  })

  it('10: X-Forwarded-For that the guesser writes makes no other address of it', async () => {
    const codes = new Set<string>()
    for (let i = 0; i < 40; i++) {
      const forged = from(`10.0.0.${i}, 203.0.113.77`)
      codes.add(codeOf(await browse().signIn(`${i}@nobody.example`, 'wrong password', forged)))
    }
    assert.deepEqual([...codes], ['unauthorized', 'rate_limited'])
  })

  it('10: nothing in an answer tells whether somebody has the address, or is locked', async () => {
    const known = await makeAdmin(app.place.database)
    const answers: string[] = []
    for (const email of [known.email, 'nobody@nowhere.example']) {
      for (let i = 0; i < 20; i++) {
        const address = `${email === known.email ? '192.0.2' : '203.0.113'}.${100 + i}`
        const { status, body, headers } = await browse().signIn(email, 'wrong password', from(address))
        const told = { ...(JSON.parse(body) as Problem), request_id: '' }
        answers.push(JSON.stringify([status, told, Object.keys(headers).sort(), headers['set-cookie']]))
      }
    }
    assert.equal(new Set(answers).size, 1)
  })
})
