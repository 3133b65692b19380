import assert from 'node:assert/strict'
import { shopperOf } from '../../../server/integrations/shop/shopper.ts'

describe('Who asks for orders', () => {
  it('is whom the business has proved, in the form that it said, or nobody', () => {
    assert.deepEqual(shopperOf('7001', 'customer_id'), { customer_id: '7001' })
    assert.deepEqual(shopperOf(' Dana@Example.com ', 'email'), { email: 'dana@example.com' })
    for (const id of [null, '', '0', '007', '7 OR 1', '7.0', '٧', '1'.repeat(21), 'dana@example.com'])
      assert.equal(shopperOf(id, 'customer_id'), null, String(id))
    for (const id of [
      null,
      '',
      '7001',
      'a@b@c',
      'a b@c',
      '"a"@c',
      "a'@c",
      'a\\@c',
      'a@c OR email:d@e',
      `${'a'.repeat(65)}@c`,
    ])
      assert.equal(shopperOf(id, 'email'), null, String(id))
    for (const id of ['7001', 'dana@example.com']) assert.equal(shopperOf(id, undefined), null)
  })
})
