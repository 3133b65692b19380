import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { cutAtSentence, shortenMiddle } from '../../server/conversation/shorten.ts'
import { estimateTokens } from '../../server/llm/tokens.ts'

/** Prose in two scripts, with characters of two units. */
const prose = fc
  .array(
    fc.constantFrom('boots. ', 'שלום ', '😀', 'size 42, ', 'לא? ', '\n', 'e\u0301t\u00e9! ', 'a'.repeat(50)),
    {
      maxLength: 400,
    },
  )
  .map((words) => words.join(''))

describe('A long message', () => {
  it('that fits stays as it is', () => {
    assert.equal(shortenMiddle('Hello there', 100), 'Hello there')
  })

  it('loses its middle, and says how much', () => {
    const text = `Begin. ${'word '.repeat(5_000)}The end.`
    const short = shortenMiddle(text, 500)
    assert.match(short, /^Begin\. word/)
    assert.match(short, /word The end\.$/)
    const [mark, left] = /\n\[\.\.\. (\d+) characters left out \.\.\.\]\n/.exec(short) ?? []
    assert.equal(short.length - (mark?.length ?? 0) + Number(left), text.length)
    assert.ok(estimateTokens(short) <= 500)
    assert.ok(estimateTokens(short) > 400)
  })

  it('never becomes longer than it may, nor loses half a character, whatever it says', () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 20, max: 300 }), (text, tokens) => {
        const short = shortenMiddle(text, tokens)
        assert.ok(short === text || estimateTokens(short) <= tokens)
        assert.ok(short.isWellFormed())
      }),
      { seed: 2026, numRuns: 300 },
    )
  })
})

describe('A long summary', () => {
  it('ends with a sentence', () => {
    const sentences = Array.from({ length: 200 }, (_, index) => `The price of number ${index} is 3.50 euros.`)
    const cut = cutAtSentence(sentences.join(' '), 400)
    assert.match(cut, /is 3\.50 euros\.$/)
    assert.ok(estimateTokens(cut) <= 400 && estimateTokens(cut) > 350)
    assert.equal(cutAtSentence(' Short. ', 400), 'Short.')
  })

  it('ends with a word where it is one sentence', () => {
    const cut = cutAtSentence('word '.repeat(2_000), 100)
    assert.match(cut, /word…$/)
    assert.ok(estimateTokens(cut) <= 101)
  })

  it('never becomes longer than it may, nor loses half a character, whatever it says', () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 5, max: 200 }), (text, tokens) => {
        const cut = cutAtSentence(text, tokens)
        assert.ok(estimateTokens(cut) <= tokens + 2, `${estimateTokens(cut)} of ${tokens}`)
        assert.ok(cut.isWellFormed())
      }),
      { seed: 2026, numRuns: 300 },
    )
  })
})
