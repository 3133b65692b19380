import assert from 'node:assert/strict'
import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto'
import { SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { ACCESS_SECONDS, createAccessTokens } from '../../../server/auth/admins/access-tokens.ts'

const SECRET = 'a secret of more than thirty-two characters'
const NOW = Date.UTC(2026, 10, 23, 12)

const ACCESS = {
  admin_id: '0c1f0d7e-5f0b-4c5d-8f52-6a4f3f1f1b01',
  name: 'Dana',
  avatar_url: 'https://shop.example/dana.png',
  role: 'agent',
  client_id: '7a9d2f1c-0b1e-4c59-8a0b-94c3d7b2e615',
  family: 'c2a6d8f0-1e57-4c59-8a0b-94c3d7b2e615',
} as const

const { admin_id: sub, ...claims } = ACCESS
const issued = NOW / 1000
const GOOD = { ...claims, sub, iss: 'parlor', aud: 'parlor/admin', iat: issued, exp: issued + ACCESS_SECONDS }

function sign(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, secret = SECRET) {
  const jwt = new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
  return jwt.sign(createSecretKey(secret, 'utf8'))
}

/** Put together by hand: no library makes these. */
function forge(header: object, payload: object, signature: (text: string) => string = () => '') {
  const text = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${text}.${signature(text)}`
}

describe('Access tokens', () => {
  const tokens = createAccessTokens(SECRET, () => NOW)

  it('say who speaks, for ten minutes', async () => {
    const { token, expires_at } = await tokens.issue(ACCESS)
    assert.equal(expires_at, NOW + 600_000)
    assert.deepEqual(await tokens.verify(token), { ...ACCESS, expires_at })
    const late = createAccessTokens(SECRET, () => NOW + 600_000)
    assert.equal(await late.verify(token), null)
  })

  it("say it of the installation's own people, who may have no picture", async () => {
    const { admin_id, name, family } = ACCESS
    const access = { admin_id, name, family, client_id: null, role: 'owner' as const }
    const { token, expires_at } = await tokens.issue(access)
    assert.deepEqual(await tokens.verify(token), { ...access, expires_at })
  })

  it('look at no key but our own, whatever the header names', async () => {
    const named = { kid: '../../dev/null', jku: 'http://127.0.0.1:1/keys', jwk: { kty: 'oct', k: 'AA' } }
    assert.ok(await tokens.verify(await sign(GOOD, named)))
    assert.equal(
      await tokens.verify(await sign(GOOD, named, 'another secret of thirty-two characters')),
      null,
    )
  })

  it('are refused without a signature, under any spelling of none', async () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      assert.equal(await tokens.verify(forge({ alg, typ: 'at+jwt' }, GOOD)), null, alg)
    }
  })

  it('are refused under another algorithm, though the secret be right', async () => {
    for (const [alg, hash] of [
      ['HS384', 'sha384'],
      ['HS512', 'sha512'],
      ['RS256', 'sha256'],
    ] as const) {
      const hmac = (text: string) => createHmac(hash, SECRET).update(text).digest('base64url')
      assert.equal(await tokens.verify(forge({ alg, typ: 'at+jwt' }, GOOD, hmac)), null, alg)
    }
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const rsa = new SignJWT(GOOD).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' })
    assert.equal(await tokens.verify(await rsa.sign(privateKey)), null)
  })

  for (const [what, payload, header] of [
    ['for another audience', { ...GOOD, aud: 'parlor/widget' }, {}],
    ['for no audience', { ...GOOD, aud: undefined }, {}],
    ['by another issuer', { ...GOOD, iss: 'elsewhere' }, {}],
    ['of another type', GOOD, { typ: 'JWT' }],
    ['of no type', GOOD, { typ: undefined }],
    ['that has expired', { ...GOOD, iat: issued - 700, exp: issued - 1 }, {}],
    ['that never expires', { ...GOOD, exp: undefined }, {}],
    ['that is older than ours get', { ...GOOD, iat: issued - 700, exp: issued + 9 }, {}],
    ['of unknown age', { ...GOOD, iat: undefined }, {}],
    ['from the future', { ...GOOD, iat: issued + 60, exp: issued + 660 }, {}],
    ['that holds only later', { ...GOOD, nbf: issued + 60 }, {}],
    ['of nobody', { ...GOOD, sub: undefined }, {}],
    ['of an unknown role', { ...GOOD, role: 'root' }, {}],
    ['of no client', { ...GOOD, client_id: undefined }, {}],
    ['of no sign-in', { ...GOOD, family: undefined }, {}],
    ['with a demand that nobody knows', GOOD, { crit: ['odd'], odd: true }],
  ] as const) {
    it(`are refused ${what}`, async () => {
      const token = await sign(payload as JWTPayload, header as Partial<JWTHeaderParameters>).catch(() =>
        forge({ alg: 'HS256', typ: 'at+jwt', ...header }, payload, (text) =>
          createHmac('sha256', SECRET).update(text).digest('base64url'),
        ),
      )
      assert.equal(await tokens.verify(token), null)
    })
  }

  it('are refused when anything in them was changed', async () => {
    const { token } = await tokens.issue(ACCESS)
    const [header = '', , signature = ''] = token.split('.')
    const raised = Buffer.from(JSON.stringify({ ...GOOD, role: 'owner' })).toString('base64url')
    assert.equal(await tokens.verify(`${header}.${raised}.${signature}`), null)
    for (const wrong of ['', '.', '..', 'a.b.c', 'x'.repeat(100_000), `${token}.`, ` ${token}`]) {
      assert.equal(await tokens.verify(wrong), null, wrong.slice(0, 20))
    }
  })
})
