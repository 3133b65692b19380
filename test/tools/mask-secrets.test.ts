import assert from 'node:assert/strict'
import { maskSecrets } from '../../server/tools/mask-secrets.ts'

describe('Masking secrets', () => {
  it('hides what stands under the name of a credential, at any depth', () => {
    const names = [
      'password',
      'api_key',
      'apiKey',
      'X-Api-Key',
      'accessToken',
      'refresh_token',
      'client_secret',
    ]
    for (const name of [...names, 'Authorization', 'cookie', 'card_number', 'cvv', 'token', 'private_key']) {
      assert.deepEqual(
        maskSecrets({ a: [{ [name]: 'hunter2hunter2' }] }),
        { a: [{ [name]: '[hidden]' }] },
        name,
      )
    }
  })

  it('hides what has the form of one, within a text', () => {
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
    for (const secret of [
      `Bearer ${'a1'.repeat(16)}`,
      jwt,
      'sk_live_0123456789abcdef',
      'whsec_MfKQ9r8GKYqrTwjUPD8I',
    ])
      assert.equal(maskSecrets(`used ${secret} here`), 'used [hidden] here')
    assert.equal(maskSecrets('Authorization: Basic dTpw'), 'Authorization: [hidden]')
    assert.equal(maskSecrets('postgres://shop:hunter2@db/x'), 'postgres://shop:[hidden]@db/x')
  })

  it('leaves all else as it was', () => {
    const order = {
      ...{
        order: '1001',
        status: 'shipped',
        total: 59.9,
        paid: true,
        note: null,
        token_count: 3,
        keywords: ['a'],
      },
      plan: 'Basic membership-2-persons-included, secretary desk, https://shop.example/t?x=1',
      items: [{ name: 'Bearer of good news', passwordless: 'yes', mail: 'a@b.example' }],
    }
    assert.deepEqual(maskSecrets(order), order)
  })

  it('keeps nothing that Postgres or UTF-8 cannot hold, and no prototype', () => {
    const read: unknown = JSON.parse('{"a\\u0000":"x\\ud800y\\u0000","__proto__":{"admin":true},"n":1e999}')
    const masked = maskSecrets(read) as Record<string, unknown>
    assert.equal(JSON.stringify(masked), '{"a":"x\ufffdy","__proto__":{"admin":true},"n":null}')
    assert.equal(Object.getPrototypeOf(masked), Object.prototype)
    assert.equal(masked['admin'], undefined)
  })

  it('ends with what is nested endlessly', () => {
    const deep: unknown = JSON.parse('['.repeat(30_000) + ']'.repeat(30_000))
    assert.ok(JSON.stringify(maskSecrets(deep)).length < 100)
  })
})
