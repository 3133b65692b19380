import assert from 'node:assert/strict'
import { readMarkdown } from '../../../server/knowledge/import/read-markdown.ts'

describe('Reading Markdown', () => {
  it('takes its title from its only large heading, or from its front matter', () => {
    assert.equal(readMarkdown('# Returns #\n\nText.').title, 'Returns')
    assert.equal(readMarkdown('---\ntitle: "Our returns"\ntags: [a]\n---\n# Returns').title, 'Our returns')
    assert.equal(readMarkdown('# One\n\n# Two').title, '')
    assert.equal(readMarkdown('Text.\n\n## Small').title, '')
  })

  it('leaves out front matter and comments', () => {
    const { text } = readMarkdown(
      '---\r\ntitle: T\r\n---\r\nOne <!-- hidden\nstill --> two.\n\n<!-- never closed',
    )
    assert.equal(text.trim(), 'One  two.')
  })

  it('keeps a rule that begins the text', () => {
    assert.equal(readMarkdown('---\nText without an end').text, '---\nText without an end')
  })

  it('knows a list of questions by its headings', () => {
    assert.equal(readMarkdown('# FAQ\n\n## How?\nSo.\n\n## מתי?\nעכשיו.').isFaq, true)
    assert.equal(readMarkdown('# How?\nSo.\n\n# When?\nNow.').isFaq, true)
    assert.equal(readMarkdown('# Guide\n\n## Washing\nSo.\n\n## Storing\nNow.\n\n## Why?\nYes.').isFaq, false)
    assert.equal(readMarkdown('# Guide\n\nText.').isFaq, false)
  })
})
