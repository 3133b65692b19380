import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { fitsHash, HASH_COST, hashPassword } from '../../../server/auth/admins/password-hash.ts'
import { createPasswords } from '../../../server/auth/admins/passwords.ts'

const CHEAP = { ln: 4, r: 8, p: 1 }

describe('A password hash', () => {
  it('costs what OWASP asks for, and says so', async () => {
    assert.match(await hashPassword('x', HASH_COST), /^\$scrypt\$ln=15,r=8,p=3\$[\w-]{22}\$[\w-]{43}$/)
  })

  it('is another each time, and fits its password alone, at whatever cost it was made', async () => {
    const kept = [await hashPassword('secret', CHEAP), await hashPassword('secret', { ln: 5, r: 4, p: 2 })]
    assert.notEqual(kept[0], await hashPassword('secret', CHEAP))
    for (const one of kept) {
      assert.equal(await fitsHash('secret', one), true)
      assert.equal(await fitsHash('secret ', one), false)
    }
  })

  it('agrees with the third example of RFC 7914', async () => {
    const salt = Buffer.from('SodiumChloride').toString('base64url')
    const key = Buffer.from('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2', 'hex')
    const kept = `$scrypt$ln=14,r=8,p=1$${salt}$${key.toString('base64url')}`
    assert.equal(await fitsHash('pleaseletmein', kept), true)
  })

  it('fits nothing where somebody else wrote it, however dear it would be', async () => {
    const [salt, key] = ['A'.repeat(22), 'A'.repeat(43)]
    for (const kept of [
      '',
      'x',
      '$2b$10$abc',
      `$scrypt$ln=31,r=8,p=1$${salt}$${key}`,
      `$scrypt$ln=4,r=999,p=1$${salt}$${key}`,
    ])
      assert.equal(await fitsHash('x', kept), false, kept)
  })
})

describe('Passwords', () => {
  it('cost the same where nobody has the name, and fit nobody', async () => {
    assert.deepEqual(await createPasswords({ cost: CHEAP }).verify('', null), { ok: true, data: false })
    // scrypt knows no N of 1: so it was asked to compute one.
    await assert.rejects(createPasswords({ cost: { ...CHEAP, ln: 0 } }).verify('', null), /scrypt/)
  })

  it('are computed a few at once, wait in a short line, and are refused beyond', async () => {
    const passwords = createPasswords({ cost: { ln: 10, r: 8, p: 1 }, atOnce: 2, waiting: 3 })
    const answers = await Promise.all(Array.from({ length: 8 }, () => passwords.verify('x', null)))
    assert.equal(answers.filter(({ ok }) => ok).length, 5)
    const refused = answers.find(({ ok }) => !ok)
    assert.ok(refused?.ok === false && refused.error.code === 'rate_limited')
    assert.ok((refused.error.retry_after_ms ?? 0) > 0)
    const after = await Promise.all(Array.from({ length: 5 }, () => passwords.hash('x')))
    assert.ok(
      after.every(({ ok }) => ok),
      'the line is free again',
    )
  })
})
