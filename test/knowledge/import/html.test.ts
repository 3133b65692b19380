import assert from 'node:assert/strict'
import fc from 'fast-check'
import { readHtml } from '../../../server/knowledge/import/read-html.ts'
import { Unreadable } from '../../../server/knowledge/import/unreadable.ts'

const text = (html: string, base?: string) => readHtml(html, base).text

describe('Reading a page', () => {
  it('keeps headings, paragraphs and lines', () => {
    const html =
      '<h1>Help\n  centre</h1><p>Hello <b>you</b>,<br>and\n\nwelcome.</p><div>One<div>Two</div>Three</div>'
    assert.equal(text(html), '# Help centre\n\nHello you,\nand welcome.\n\nOne\n\nTwo\n\nThree')
  })

  it('keeps lists, one inside another', () => {
    const html =
      '<p>Sizes:<ul><li>S<ul><li>slim</li><li>wide</li></ul></li><li><p>M</p></li></ul><ol><li>a<li>b</ol>'
    assert.equal(text(html), 'Sizes:\n\n- S\n  - slim\n  - wide\n- M\n\n1. a\n2. b')
  })

  it('keeps tables as rows, and tables that only place things as what stands in them', () => {
    const html = '<table><tr><th>Size<th>Chest<tr><td>S<td><p>92&nbsp;cm</p></table>'
    assert.equal(text(html).replaceAll('\u00A0', ' '), '| Size | Chest |\n| --- | --- |\n| S | 92 cm |')
    assert.equal(
      text(`<table><tr><td><h2>Left</h2>one<td>${html}</table>`).match(/^## Left\n\none\n\n\| Size/)?.length,
      1,
    )
  })

  it('keeps links that lead somewhere, by the address of the page', () => {
    const html =
      '<a href="/returns">returns</a> <a href="https://x.example/">https://x.example/</a> ' +
      '<a href="javascript:alert(1)">run</a> <a href="#top">top</a> <a href="mailto:a@b.example">a@b.example</a>'
    assert.equal(
      text(html, 'https://shop.example/help/'),
      '[returns](https://shop.example/returns) https://x.example/ run top a@b.example',
    )
    assert.equal(text('<a href="/returns">returns</a>'), 'returns')
  })

  it('takes the questions of a FAQ for headings, whatever unfolds them', () => {
    const html =
      '<h2>FAQ</h2><details><summary>Do you ship abroad?</summary>Yes.</details>' +
      '<h3><button>Open?</button></h3><div>Daily.</div><button aria-expanded="false">Paid how?</button><p>By card.</p>' +
      '<dl><dt>Returns?</dt><dd>30 days.</dd><dt>Weight</dt><dd>2 kg</dd></dl>'
    assert.equal(
      text(html),
      '## FAQ\n\n### Do you ship abroad?\n\nYes.\n\n### Open?\n\nDaily.\n\n#### Paid how?\n\nBy card.\n\n' +
        '#### Returns?\n\n30 days.\n\nWeight\n\n2 kg',
    )
  })

  it('keeps code as it is, and takes nothing else for a heading or for code', () => {
    assert.equal(text('<pre>a  b\n c</pre>'), '```\na  b\n c\n```')
    assert.equal(text('<p># one</p><p>``` two'), '\\# one\n\n\\``` two')
  })

  it('reads the main part of a page that says which it is', () => {
    const around = (part: string) =>
      `<header>Logo</header><nav>Home</nav>${part}<aside>Ads</aside><footer>2026</footer>`
    for (const part of ['<main>Text</main>', '<div role="main">Text</div>', '<article>Text</article>']) {
      assert.equal(text(around(part)), 'Text')
    }
    assert.equal(text(around('<main> </main><p>Text</p>')), 'Logo\n\nText\n\nAds')
    assert.equal(text('<article>One</article><article>Two</article>'), 'One\n\nTwo')
  })

  it('is called by its heading, else by its title', () => {
    assert.equal(readHtml('<title>Help | Shop</title><h1>Help <i>centre</i></h1>').title, 'Help centre')
    assert.equal(readHtml('<title> Help |\n Shop </title><h2>Help</h2>').title, 'Help | Shop')
    assert.equal(readHtml('Text').title, '')
  })

  const unseen = [
    '<script>X</script>',
    '<style>X</style>',
    '<noscript>X</noscript>',
    '<template>X</template>',
    '<iframe srcdoc="X">X</iframe>',
    '<svg><text>X</text></svg>',
    '<textarea>X</textarea><select><option>X</select><button>X</button>',
    '<nav>X</nav><div role=navigation>X</div><div role="dialog">X</div><dialog>X</dialog>',
    '<!-- X -->',
    '<p hidden>X',
    '<p aria-hidden="true">X</p>',
    '<span class="note sr-only">X</span>',
    '<img alt="X"><input value="X">',
    ...[
      ...[
        'display:none',
        'DISPLAY : NONE !important',
        'visibility: hidden',
        'opacity:0',
        'opacity: .0',
        'font-size:0',
      ],
      ...['font-size: 0px', 'font-size:1px', 'font-size:.01em', 'color: transparent', 'color:rgba(0,0,0,0)'],
      ...[
        'position:absolute;left:-9999px',
        'text-indent:-999em',
        'clip: rect(0 0 0 0)',
        'height:0;overflow:hidden',
      ],
      ...['max-height:0', 'width: 0px', 'transform: scale(0)', 'mso-hide:all', 'display:/**/none'],
    ].map((style) => `<div style="${style}">X<p>X</p></div>`),
  ]
  for (const html of unseen) {
    it(`leaves out what nobody sees: ${html}`, () =>
      assert.equal(text(`<p>Seen</p>${html}<p>End</p>`), 'Seen\n\nEnd'))
  }

  const seen = [
    ...['<p style="font-size:12px">X', '<p style="opacity:0.9">X', '<p style="color:#fff;background:#000">X'],
    ...[
      '<p style="height:100px">X',
      '<div hidden="until-found">X',
      '<details><p>X</details>',
      '<dialog open>X',
    ],
    ...[
      '<p style="left:-10px">X',
      '<p style="line-height:0.9;max-height:0.5em">X',
      '<p aria-hidden="false">X',
    ],
  ]
  for (const html of seen) it(`keeps what is seen: ${html}`, () => assert.equal(text(html), 'X'))

  it('refuses a page whose elements nobody nested', () => {
    assert.throws(() => text('<div>'.repeat(5_000) + 'X'), Unreadable)
  })

  it('reads anything that calls itself a page', () => {
    const piece = fc.constantFrom(
      ...[
        '<p>',
        '</p>',
        '<table>',
        '<tr>',
        '<td>',
        '<ul>',
        '<li>',
        '<a href=/x>',
        '</a>',
        '<h2>',
        '<summary>',
        '<pre>',
      ],
      ...[
        '<svg>',
        '<math>',
        '<template>',
        '<!--',
        '-->',
        '<b style="',
        '">',
        '<button>',
        'x',
        ' ',
        '&#0;',
        '&amp',
        '<',
      ],
    )
    const page = fc.oneof(
      fc.array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(page, (html) => {
        const read = readHtml(html, 'https://shop.example/')
        assert.equal(read.text, read.text.trim())
        assert.doesNotMatch(read.text, /\n{3}/)
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})
