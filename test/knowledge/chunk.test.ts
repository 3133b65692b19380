import assert from 'node:assert/strict'
import fc from 'fast-check'
import { chunk, PASSAGE_LENGTH } from '../../server/knowledge/chunk.ts'

describe('cutting a document into passages', () => {
  it('keeps a short text whole, under its own title', () => {
    assert.deepEqual(chunk('About us', 'We sell tents.\n\nAnd boots.\n', 'text'), [
      { title: 'About us', content: 'We sell tents.\n\nAnd boots.' },
    ])
  })

  it('never crosses a heading of markdown, and titles passages by the headings above them', () => {
    const text =
      '# Help\n\nHello.\n\n## Returns ##\nThirty days.\n\n### Abroad\nSixty days.\n\n## Sizes\nTrue to size.'
    assert.deepEqual(chunk('Help', text, 'markdown'), [
      { title: 'Help', content: 'Hello.' },
      { title: 'Returns', content: 'Thirty days.' },
      { title: 'Returns › Abroad', content: 'Sixty days.' },
      { title: 'Sizes', content: 'True to size.' },
    ])
  })

  it('takes a number sign for a heading only where it is one', () => {
    const text = 'We are #1.\n\n```\n# not a heading\n```\n\n#also not'
    assert.deepEqual(
      chunk('T', text, 'markdown').map(({ title }) => title),
      ['T'],
    )
    assert.equal(chunk('T', '# Plain', 'text')[0]?.content, '# Plain')
  })

  it('leaves out headings that nothing follows', () => {
    assert.deepEqual(chunk('T', '# One\n\n# Two\nText.', 'markdown'), [{ title: 'Two', content: 'Text.' }])
    assert.deepEqual(chunk('T', ' \n\n ', 'text'), [])
  })

  it('joins short paragraphs and cuts long ones after a sentence', () => {
    const sentence = 'A tent keeps you dry when it rains and warm when the wind blows. '
    const passages = chunk('T', `Short.\n\nAlso short.\n\n${sentence.repeat(60)}`, 'text')
    assert.equal(passages[0]?.content, 'Short.\n\nAlso short.')
    assert.ok(passages.length >= 4)
    for (const { content } of passages) assert.match(content, /\.$/)
  })

  it('cuts between characters where there is nothing else, never through one', () => {
    for (const before of ['', 'a']) {
      const text = before + '😀'.repeat(2_000)
      const passages = chunk('T', text, 'text').map(({ content }) => content)
      assert.equal(passages.join(''), text)
      assert.ok(passages.length === 3 && passages.every((content) => content.isWellFormed()))
    }
  })

  it('loses nothing, keeps the order and stays within bounds, whatever the text', () => {
    const long = fc.array(
      fc.constantFrom('word', ' ', '\n', '\n\n', '. ', 'x'.repeat(700), '😀', 'שלום', '# h\n'),
      {
        maxLength: 200,
      },
    )
    const text = fc.oneof(
      long.map((parts) => parts.join('')),
      fc.string({ unit: 'binary', maxLength: 5_000 }),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('text' as const, 'markdown' as const), (input, kind) => {
        const passages = chunk('T', input, kind)
        for (const { title, content } of passages) {
          assert.ok(title !== '' && content.trim() !== '' && content.length <= PASSAGE_LENGTH.most)
          if (input.isWellFormed()) assert.ok(content.isWellFormed())
        }
        if (kind === 'text') {
          const letters = (parts: string[]) => parts.join('').replace(/\s/g, '')
          assert.equal(letters(passages.map(({ content }) => content)), letters([input]))
        }
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
