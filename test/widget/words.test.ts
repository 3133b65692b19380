import assert from 'node:assert/strict'
import { lengthOf, sendable } from '../../widget/frame/message-text.ts'
import { wordsFor } from '../../widget/frame/words/index.ts'
import { en } from '../../widget/frame/words/en.ts'
import { he } from '../../widget/frame/words/he.ts'
import { directionOf } from '../../widget/locale.ts'

describe('the words of the chat', () => {
  it('are those of the first wanted language that exists', () => {
    assert.equal(wordsFor(['fr-FR', 'he-IL', 'en']).words, he)
    assert.equal(wordsFor(['fr-FR', 'he-IL', 'en']).locale, 'he-IL')
    assert.equal(wordsFor(['iw']).words, he)
    assert.equal(wordsFor(['fr', '']).words, en)
    assert.equal(wordsFor([]).locale, 'en')
  })

  it('are complete in every language', () => {
    assert.deepEqual(Object.keys(he), Object.keys(en))
    for (const value of Object.values(he)) assert.ok(typeof value === 'function' || value.trim() !== '')
  })

  it('run the way their language does', () => {
    assert.equal(directionOf('he-IL'), 'rtl')
    assert.equal(directionOf('AR'), 'rtl')
    assert.equal(directionOf('en'), 'ltr')
  })
})

describe('what a visitor types', () => {
  it('is sent without what the server refuses', () => {
    assert.equal(sendable('  hi\0 \ud83d there \n'), 'hi  there')
    assert.equal(sendable('👋🏽'), '👋🏽')
    assert.equal(sendable(' \n\t '), '')
  })

  it('is counted in code points, as the server counts', () => {
    assert.equal(lengthOf('👋🏽!'), 3)
    assert.equal(lengthOf('שלום'), 4)
  })
})
