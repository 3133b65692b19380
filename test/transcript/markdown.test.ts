import assert from 'node:assert/strict'
import fc from 'fast-check'
import { MarkdownReader, type Block } from '../../transcript/markdown/blocks.ts'
import { safeHref } from '../../transcript/markdown/href.ts'
import type { Inline } from '../../transcript/markdown/inline.ts'
import { plainText } from '../../transcript/markdown/plain.ts'

const BLOCKS = new Set(['paragraph', 'heading', 'code', 'quote', 'list', 'rule'])
const INLINES = new Set(['text', 'code', 'break', 'strong', 'emphasis', 'strike', 'link'])

const SAMPLE = `# Returns

You have **60 *whole* days** to ~~ask~~ return, see [our page](https://acme.example/a_(b)) or \`BACK60\`.

1. Open *My account*
2. Choose **Return**
   - print the label
   - drop the parcel

> Worn is fine,
> we repair.

\`\`\`js
const days = 60

\`\`\`
---
https://acme.example/help.`

/** What a reader that tries again and again would take minutes for. */
const HOSTILE = [
  ...[
    '*',
    '_',
    '[',
    '`',
    '**a ',
    '__a ',
    '[a](',
    '[a](b "',
    '[[a](b)](',
    '> ',
    '- ',
    '- a\n',
    '<h',
    '![',
    '~~x',
  ],
  ...[
    '\\',
    'h',
    'https://a.b/',
    'http://:',
    '```\n```\n',
    '```a\n',
    '*a**b***c',
    '`` a ` ',
    '1. - > ',
    '\n- ',
  ],
].map((mark) => mark.repeat(30_000 / mark.length))
HOSTILE.push(
  `# a${' '.repeat(30_000)}b`,
  `http://a${')'.repeat(30_000)}a`,
  `[a](b${' '.repeat(30_000)}c)`,
  `-${' -'.repeat(15_000)} x`,
  `- a${'\n'.repeat(30_000)}x`,
  `${'>'.repeat(10_000)} deep`,
  Array.from({ length: 10_000 }, (_, depth) => `${' '.repeat(Math.min(depth * 2, 60))}- x`).join('\n'),
)

/** Pieces of which markdown is made, and pieces that have broken others. */
const piece = fc.oneof(
  fc.constantFrom(
    '**',
    '*',
    '_',
    '__',
    '~~',
    '`',
    '```',
    '[',
    ']',
    '(',
    ')',
    '](',
    '![',
    '<',
    '>',
    '\n',
    '\n\n',
  ),
  fc.constantFrom(
    '- ',
    '1. ',
    '# ',
    '> ',
    '   ',
    '\t',
    '\\',
    '---',
    '\r\n',
    '|',
    'h',
    'http',
    'https://a.b/c',
  ),
  fc.constantFrom('javascript:alert(1)', 'data:text/html,x', 'שלום', '👋🏽', '\u202e', '\0', 'word', ' '),
  fc.string({ maxLength: 6 }),
)

describe('markdown', () => {
  it('reads what models write', () => {
    const [heading, words, list, quote, code, rule, last] = read(SAMPLE)
    assert.equal(heading?.kind === 'heading' && heading.level, 1)
    assert.equal(words && plainText([words]), 'You have 60 whole days to ask return, see our page or BACK60.')
    assert.deepEqual(hrefsOf(words ? [words] : []), ['https://acme.example/a_(b)'])
    assert.ok(list?.kind === 'list' && list.ordered)
    assert.equal(list.items.length, 2)
    assert.equal(list.items[1]?.[1]?.kind, 'list')
    assert.equal(quote && plainText([quote]), 'Worn is fine, we repair.')
    assert.ok(code?.kind === 'code' && code.text === 'const days = 60\n')
    assert.equal(rule?.kind, 'rule')
    assert.deepEqual(hrefsOf(last ? [last] : []), ['https://acme.example/help'])
  })

  it('leaves names with underscores, sums and escaped marks alone', () => {
    for (const text of ['order_id and user_name', '5 * 6 * 7', 'a ** b', 'snake_case_'])
      assert.equal(plainText(read(text)), text)
    assert.equal(plainText(read('\\*not\\* bold')), '*not* bold')
  })

  it('follows only addresses of four kinds', () => {
    for (const address of ['https://a.b/', 'http://a.b/', 'mailto:a@b.c', 'tel:+972'])
      assert.notEqual(safeHref(address), null)
    for (const address of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'java\nscript:alert(1)',
      'java\tscript:alert(1)',
      '\u0001javascript:alert(1)',
      ' javascript:alert(1)',
      'data:text/html,<script>alert(1)</script>',
      'vbscript:x',
      'file:///etc/passwd',
      'blob:https://a.b/x',
      '//evil.example',
      '/relative',
      'http:// space',
      '',
    ])
      assert.equal(safeHref(address), null, address)
  })

  it('makes payloads into words', () => {
    for (const payload of [
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '[click](javascript:alert(1))',
      '![x](javascript:alert(1))',
      '<a href="javascript:alert(1)">x</a>',
      '[a](data:text/html;base64,PHNjcmlwdD4=)',
      '<javascript:alert(1)>',
      '[x](https://a.b" onmouseover="alert(1))',
    ]) {
      for (const href of hrefsOf(read(payload))) assert.match(href, /^https:\/\/a\.b/)
      checkKinds(read(payload))
    }
  })

  it('shows an image as a link, so that nothing is fetched', () => {
    const blocks = read('![a cat](https://tracker.example/pixel.png)')
    assert.deepEqual(hrefsOf(blocks), ['https://tracker.example/pixel.png'])
    assert.equal(plainText(blocks), 'a cat')
  })

  it('never fails, and makes nothing but its closed list, the same as from a fresh start, at any prefix', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const text = pieces.join('')
        const reader = new MarkdownReader()
        for (let end = 0; end <= text.length; end += 1) {
          const blocks = reader.read(text.slice(0, end), true)
          checkKinds(blocks)
          assert.deepEqual(blocks, new MarkdownReader().read(text.slice(0, end), true))
        }
        assert.deepEqual(reader.read(text, false), read(text))
      }),
      { seed: 2026, numRuns: 400 },
    )
  })

  it('ends the same, however the text came in', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const reader = new MarkdownReader()
        let text = ''
        for (const each of pieces) reader.read((text += each), true)
        assert.deepEqual(reader.read(text, false), read(text))
      }),
      { seed: 2026, numRuns: 400 },
    )
  })

  it('shows no half-written mark while an answer grows', () => {
    for (let end = 1; end <= SAMPLE.length; end += 1) {
      const shown = plainText(new MarkdownReader().read(SAMPLE.slice(0, end), true))
      assert.doesNotMatch(
        shown,
        /\*|~~|`|\[|\]|^#/m,
        JSON.stringify(SAMPLE.slice(Math.max(0, end - 20), end)),
      )
    }
  })

  it('draws a finished block once: it stays the same while the rest grows', () => {
    const reader = new MarkdownReader()
    const [first] = reader.read('One.\n\nTw', true)
    const [again, second] = reader.read('One.\n\nTwo **and', true)
    assert.equal(again, first)
    assert.equal(second?.kind, 'paragraph')
  })

  it('keeps what is finished inside a list that grows, and reads on where it may still change', () => {
    const reader = new MarkdownReader()
    const before = reader.read('One.\n\n- a\n- b\n  - c\n  - d', true)
    const after = reader.read('One.\n\n- a\n- b\n  - c\n  - d **e**\n- f', true)
    const [list, longer] = [before[1], after[1]]
    assert.ok(list?.kind === 'list' && longer?.kind === 'list')
    assert.equal(after[0], before[0])
    assert.equal(longer.items[0], list.items[0])
    assert.equal(longer.items[1]?.[0], list.items[1]?.[0])
    assert.equal(longer.items.length, 3)
  })

  it('reads long and hostile texts in time, however deep they are', () => {
    for (const text of HOSTILE) {
      const began = performance.now()
      for (const open of [true, false]) assert.ok(depthOf(new MarkdownReader().read(text, open)) <= 16)
      assert.ok(performance.now() - began < 4_000, JSON.stringify(text.slice(0, 20)))
    }
  })
})

/** How many elements stand inside each other at most. */
function depthOf(nodes: readonly (Block | Inline)[]): number {
  const depths = nodes.map((node) => {
    if ('children' in node) return depthOf(node.children)
    if (node.kind === 'quote') return depthOf(node.blocks)
    return node.kind === 'list' ? 1 + Math.max(...node.items.map(depthOf)) : 0
  })
  return 1 + Math.max(0, ...depths)
}

function read(text: string): Block[] {
  return new MarkdownReader().read(text, false)
}

function checkKinds(blocks: readonly Block[]): void {
  for (const block of blocks) {
    assert.ok(BLOCKS.has(block.kind))
    if ('children' in block) block.children.forEach(checkInline)
    if (block.kind === 'quote') checkKinds(block.blocks)
    if (block.kind === 'list') block.items.forEach(checkKinds)
  }
}

function checkInline(node: Inline): void {
  assert.ok(INLINES.has(node.kind))
  if (node.kind === 'link') assert.match(node.href, /^(https?|mailto|tel):/)
  if ('children' in node) node.children.forEach(checkInline)
}

function hrefsOf(blocks: readonly Block[]): string[] {
  const found: string[] = []
  const visit = (node: Inline) => {
    if (node.kind === 'link') found.push(node.href)
    if ('children' in node) node.children.forEach(visit)
  }
  for (const block of blocks) {
    if ('children' in block) block.children.forEach(visit)
    if (block.kind === 'quote') found.push(...hrefsOf(block.blocks))
    if (block.kind === 'list') found.push(...block.items.flatMap(hrefsOf))
  }
  return found
}
