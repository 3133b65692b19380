import assert from 'node:assert/strict'
import { changesBetween } from '../../dashboard/parts/changes.ts'
import { aiChanges, aiValues, isNumberFor } from '../../dashboard/pages/clients/ai-form.ts'
import { tidyOrigins, wrongOrigin } from '../../dashboard/pages/clients/client-form.ts'

describe('Forms about a client', () => {
  it('send what has changed, and null for what has become empty', () => {
    const kept = { name: 'Acme', domain: 'acme.example', locale: '' }
    assert.deepEqual(changesBetween(kept, { ...kept, domain: '', locale: 'he' }), {
      domain: null,
      locale: 'he',
    })
    assert.deepEqual(changesBetween(kept, { ...kept }), {})
  })

  it('take the address of a page for its site, and name what is none', () => {
    assert.equal(tidyOrigins('https://shop.example/cart?x=1\nshop.example\n'), 'https://shop.example')
    assert.equal(wrongOrigin('https://shop.example\nhttp://localhost:*'), null)
    assert.equal(wrongOrigin('https://shop.example\nshop example'), 'shop example')
  })

  it('send the parts of a model’s parameters that have changed, as numbers', () => {
    const kept = aiValues({ settings: { parameters: { temperature: 1, effort: 'low' }, tone: 'formal' } })
    const wanted = { ...kept, temperature: '', max_output_tokens: '512', tone: '', cache: false }
    assert.deepEqual(aiChanges(kept, wanted), {
      ...{ tone: null, cache: false },
      parameters: { temperature: null, max_output_tokens: 512 },
    })
    assert.ok(isNumberFor('temperature', '0.5') && !isNumberFor('context_tokens', '2048.5'))
  })
})
