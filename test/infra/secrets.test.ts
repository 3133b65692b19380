import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { createSecrets, SealBroken, type SealedPlace } from '../../server/infra/secrets.ts'

const PLACE: SealedPlace = { table: 'clients', column: 'identity_secret', id: 'a' }

describe('A sealed value', () => {
  const current = randomBytes(32)
  const secrets = createSecrets({ encryption: current, encryptionPrevious: null })

  it('opens in its place as what it was, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        assert.equal(secrets.open(secrets.seal(value, PLACE), PLACE), value)
      }),
    )
  })

  it('shows nothing of itself, not even that it is the same as another', () => {
    const [one, other] = [secrets.seal('canary-secret', PLACE), secrets.seal('canary-secret', PLACE)]
    assert.notEqual(one, other)
    assert.doesNotMatch(Buffer.from(one.split('.')[2] ?? '', 'base64url').toString('latin1'), /canary/)
  })

  for (const elsewhere of [{ id: 'b' }, { column: 'name' }, { table: 'admins' }]) {
    it(`does not open in another ${Object.keys(elsewhere).join()}`, () => {
      const sealed = secrets.seal('a secret', PLACE)
      assert.throws(() => secrets.open(sealed, { ...PLACE, ...elsewhere }), SealBroken)
    })
  }

  it('does not open when any of it was altered', () => {
    const sealed = secrets.seal('a secret', PLACE)
    for (let at = 0; at < sealed.length; at++) {
      // The last character of base64 may hold bits that mean nothing.
      const other = sealed[at] === 'A' ? 'Q' : 'A'
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1)
      assert.throws(() => secrets.open(altered, PLACE), SealBroken, `at ${at}`)
    }
  })

  it('does not open when it is none', () => {
    for (const text of ['', 'plain', 'v1..', 'v1.x.y', `${secrets.seal('x', PLACE)}.more`]) {
      assert.throws(() => secrets.open(text, PLACE), SealBroken, text)
    }
  })

  it('opens with the key before, which seals nothing any more, and with no other', () => {
    const next = createSecrets({ encryption: randomBytes(32), encryptionPrevious: current })
    const sealed = secrets.seal('a secret', PLACE)
    assert.equal(next.open(sealed, PLACE), 'a secret')
    assert.equal(next.isCurrent(sealed), false)
    const again = next.seal('a secret', PLACE)
    assert.equal(next.isCurrent(again), true)
    assert.throws(() => secrets.open(again, PLACE), /ENCRYPTION_KEY is another one/)
  })

  it('tells neither the value nor the key when it cannot be opened', () => {
    const sealed = secrets.seal('canary-secret', PLACE)
    assert.throws(
      () => secrets.open(sealed, { ...PLACE, id: 'b' }),
      (error: Error) => !error.message.includes('canary') && !error.message.includes(sealed),
    )
  })
})
