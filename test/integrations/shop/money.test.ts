import assert from 'node:assert/strict'
import { moneyOf } from '../../../server/integrations/shop/money.ts'

describe('An amount of a shop', () => {
  it('is written as its currency is, and never rounded', () => {
    const amount = (text: string, currency: string | null) => moneyOf(text, currency)?.amount ?? null
    assert.deepEqual(
      ['19.9', '19', '19.900', '19.905', '0.0', '-5'].map((text) => amount(text, 'ILS')),
      ['19.90', '19.00', '19.90', '19.905', '0.00', '-5.00'],
    )
    assert.deepEqual([amount('1500.0', 'JPY'), amount('1500', 'JPY')], ['1500', '1500'])
    assert.deepEqual(
      [amount('4.2', 'KWD'), amount('4.2', null), amount('4.2', 'no')],
      ['4.200', '4.20', '4.20'],
    )
    assert.equal(amount('9007199254740993.1', 'USD'), null)
    assert.equal(amount('123456789012345.12', 'USD'), '123456789012345.12')
    for (const none of ['', '1,299.00', 'NaN', '1e3', '٣', ' 5', '5 ILS'])
      assert.equal(amount(none, 'ILS'), null, none)
  })
})
