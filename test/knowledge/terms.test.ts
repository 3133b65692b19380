import assert from 'node:assert/strict'
import fc from 'fast-check'
import { indexText, queryTerms } from '../../server/knowledge/terms.ts'

describe('terms', () => {
  it('part English from everything else', () => {
    assert.deepEqual(indexText('Free Shipping! משלוח חינם, Москва'), {
      english: 'free shipping',
      simple: 'משלוח שלוח חינמ москва',
    })
  })

  it('of a question leave out what says nothing, in both languages', () => {
    assert.deepEqual(queryTerms("Hi, what's the tent? I don't know").english.asked, ['tent'])
    assert.deepEqual(queryTerms('שלום, מה האוהל של זה בבקשה?').simple.asked, ['האוהל | אוהל'])
    const nothing = { asked: [], wide: [] }
    assert.deepEqual(queryTerms('is it? את של!'), { english: nothing, simple: nothing })
  })

  it('of a question leave out Hebrew words that say nothing, whatever is glued to them', () => {
    assert.deepEqual(queryTerms('ולכמה? שאני, ומתי, שאפשר').simple.asked, [])
  })

  it('of a question hold what stands for a word too, apart from what was asked', () => {
    const { english, simple } = queryTerms('guarantees למשלוחים')
    assert.deepEqual(english, { asked: ['guarantees'], wide: ['guarantees | warranty | guarantee'] })
    assert.match(simple.wide[0] ?? '', /^למשלוחימ \| .* \| שליח \| שליחות$/)
    assert.doesNotMatch(simple.asked[0] ?? '', /שליח/)
  })

  it('of a question count words that stand for one another once', () => {
    const { english, simple } = queryTerms('can I call or phone you, אפשר להתקשר בטלפון?')
    assert.deepEqual(english.asked, ['call | phone'])
    assert.equal(simple.asked.length, 1)
  })

  it('are the same with niqqud, final letters, geresh and presentation forms as without', () => {
    const plain = queryTerms('שבת שלומים צק שח גינס')
    assert.deepEqual(queryTerms("שַׁבָּת שלומים צ׳ק ש״ח ג'ינס"), plain)
    assert.deepEqual(queryTerms('שלומימ'), queryTerms('שלומים'))
    assert.deepEqual(queryTerms('\uFB2Aבת').simple.asked, ['שבת'])
  })

  it('part Hebrew words at a maqaf and a prefix from digits', () => {
    assert.equal(indexText('בית־ספר').simple, 'בית ספר')
    assert.deepEqual(indexText('ב־65 ש״ח'), { english: '65', simple: 'שח' })
  })

  it('are the same with accents and in capitals', () => {
    assert.deepEqual(queryTerms('CAFÉ İzmir ﬁshing').english.asked, ['cafe', 'izmir', 'fishing'])
  })

  it('are at most 32 different words, none longer than 64 letters', () => {
    const words = Array.from({ length: 100 }, (_, index) => `word${index}`)
    assert.equal(queryTerms([...words, ...words].join(' ')).english.asked.length, 32)
    assert.deepEqual(queryTerms(`${'x'.repeat(65)} ${'y'.repeat(64)}`).english.asked, ['y'.repeat(64)])
  })

  it('hold nothing but letters, digits and our own bars, whatever is asked', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({
        unit: fc.constantFrom(...Array.from(`&|!()<->:*'"\\%_$;\0 אבמשםxy12\u05B0`)),
        maxLength: 200,
      }),
    )
    fc.assert(
      fc.property(anything, (text) => {
        const { english, simple } = queryTerms(text)
        for (const { asked, wide } of [english, simple]) {
          assert.equal(asked.length, wide.length)
          for (const term of [...asked, ...wide]) assert.match(term, /^[\p{L}\p{N}]+( \| [\p{L}\p{N}]+)*$/u)
        }
        for (const term of english.wide) assert.match(term, /^[a-z0-9 |]+$/)
      }),
      { seed: 7, numRuns: 1_000 },
    )
  })
})
