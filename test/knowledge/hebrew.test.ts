import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hebrewForms } from '../../server/knowledge/hebrew.ts'

describe('Hebrew words', () => {
  function meet(a: string, b: string): boolean {
    return hebrewForms(a).some((form) => hebrewForms(b).includes(form))
  }

  it('are the same word with and without each letter that may be glued to them', () => {
    for (const letter of 'משהוכלב') assert.ok(meet(`${letter}חנות`, 'חנות'), letter)
  })

  it('are the same word under every usual pile of prefixes', () => {
    for (const pile of [
      'וה',
      'שה',
      'מה',
      'כש',
      'לכש',
      'ול',
      'וב',
      'ומ',
      'כשה',
      'וכש',
      'ושב',
      'שב',
      'ולכש',
      'שמה',
    ]) {
      assert.ok(meet(`${pile}חנות`, 'חנות'), pile)
    }
  })

  it('are the same word in the plural and before another noun', () => {
    assert.ok(meet('משלוחימ', 'המשלוח'))
    assert.ok(meet('במידות', 'מידה'))
    assert.ok(meet('הזמנות', 'ההזמנה'))
    assert.ok(meet('הזמנת', 'הזמנה'))
  })

  it('are not cut down to two letters', () => {
    assert.deepEqual(hebrewForms('שבת'), ['שבת'])
    assert.equal(meet('הבד', 'בד'), false)
    for (const form of ['מהיר', 'בגד', 'כלב', 'לוח'].flatMap(hebrewForms)) assert.ok(form.length >= 3, form)
  })

  it('keep apart what is not the same', () => {
    assert.equal(meet('משלוח', 'תשלומ'), false)
    assert.equal(meet('מידה', 'מדיניות'), false)
  })

  it('stay few, short and themselves, whatever they are', () => {
    const letters = fc.constantFrom(...Array.from('אבגדהוזחטיכלמנסעפצקרשת'))
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 64 }), (word) => {
        const forms = hebrewForms(word)
        assert.ok(forms.includes(word) && forms.length <= 14)
        for (const form of forms) assert.ok(word.includes(form))
      }),
      { seed: 7 },
    )
  })
})
