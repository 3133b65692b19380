import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseFragment } from 'parse5'
import { snippetFor } from '../../protocol/snippet.ts'

const OURS = { origin: 'https://chat.example.com', clientKey: 'pk_...' }

describe('The snippet', () => {
  it('is one tag with the key in its address, for tools drop attributes', () => {
    assert.equal(
      snippetFor({ origin: 'https://chat.example.com', clientKey: 'pk_1' }),
      '<script src="https://chat.example.com/widget.js?key=pk_1" async></script>',
    )
  })

  it('says what is set, and nothing else', () => {
    assert.equal(
      snippetFor({ ...OURS, locale: 'he-IL', theme: 'dark', position: 'left', hideLauncher: true }),
      '<script src="https://chat.example.com/widget.js?key=pk_..." data-locale="he-IL" data-theme="dark" ' +
        'data-position="left" data-hide-launcher async></script>',
    )
  })

  it('is one tag whatever it is given', () => {
    const nasty = '"></script><script>alert(1)</script>&amp;'
    const page = parseFragment(snippetFor({ ...OURS, clientKey: nasty, locale: nasty, nonce: nasty }))
    const [script, ...others] = page.childNodes
    assert.deepEqual(others, [])
    assert.ok(script && 'attrs' in script)
    const told = new Map(script.attrs.map(({ name, value }) => [name, value]))
    assert.deepEqual([...told.keys()], ['src', 'data-locale', 'nonce', 'async'])
    assert.equal(told.get('data-locale'), nasty)
    assert.equal(new URL(told.get('src')!).searchParams.get('key'), nasty)
  })

  for (const [doc, ...wanted] of [
    ['README.md', {}],
    ['docs/embedding.md', {}, { untouched: true }, { nonce: '...' }],
  ] as const) {
    it(`is the one in ${doc}`, () => {
      const text = readFileSync(join(import.meta.dirname, '../..', doc), 'utf8')
      for (const more of wanted) assert.ok(text.includes(`\n${snippetFor({ ...OURS, ...more })}\n`))
    })
  }
})
