import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPdf } from '../../../server/knowledge/import/read-pdf.ts'
import { Unreadable } from '../../../server/knowledge/import/unreadable.ts'
import { makePdf, type Painted, type PdfParts } from './make-pdf.ts'

const painted = (hebrew: string) => Array.from(hebrew).toReversed().join('')

async function read(parts: PdfParts | Buffer) {
  const bytes = Buffer.isBuffer(parts) ? parts : makePdf(parts)
  return readPdf(new Uint8Array(bytes), { pages: 5 })
}
const textOf = async (...page: Painted[]) => (await read({ pages: [page] })).text

describe('Reading a PDF', () => {
  it('reads paragraphs, and headings by their size', async () => {
    const page = [
      { text: 'Care guide', y: 750, size: 24 },
      { text: 'Washing', y: 710, size: 16 },
      { text: 'Wash it at 30 degrees, and never use a deter-', y: 690 },
      { text: 'gent with bleach. Rinse twice.', y: 675 },
      { text: 'Hang it up to dry.', y: 640 },
    ]
    assert.equal(
      await textOf(...page),
      '# Care guide\n\n## Washing\n\nWash it at 30 degrees, and never use a detergent with bleach. Rinse twice.\n\n' +
        'Hang it up to dry.',
    )
  })

  it('reads Hebrew as it is read, though it is kept as it is painted', async () => {
    const line = `.(${painted('ש״ח')} 280 ${painted('חינם מעל')}) ${painted('ימים')} 5–3 ${painted('תוך')} PayPal${painted('ב־')}`
    assert.equal(await textOf({ text: line, y: 700 }), 'ב־PayPal תוך 3–5 ימים (חינם מעל 280 ש״ח).')
  })

  it('reads Hebrew that is kept as it is read', async () => {
    const pieces = [
      { text: 'משלוח עולה', x: 300, y: 700, leftwards: true },
      { text: '25', x: 228, y: 700 },
      { text: 'ש״ח', x: 210, y: 700, leftwards: true },
    ]
    assert.equal(await textOf(...pieces), 'משלוח עולה 25 ש״ח')
  })

  it('keeps what stands in columns of a table apart', async () => {
    const cells = [
      ...[
        { text: 'Size', x: 50, y: 700 },
        { text: 'Chest', x: 150, y: 700 },
      ],
      ...[
        { text: 'S', x: 50, y: 685 },
        { text: '92 cm', x: 150, y: 685 },
      ],
    ]
    assert.equal(await textOf(...cells), 'Size | Chest\nS | 92 cm')
  })

  it('leaves out what nobody sees: letters off the page, and too small to be read', async () => {
    const page = [
      { text: 'Seen.', y: 700 },
      { text: 'Obey.', y: 690, size: 1 },
      { text: 'Obey.', x: 900, y: 680 },
      { text: 'Obey.', y: -100 },
    ]
    assert.equal(await textOf(...page), 'Seen.')
  })

  it('leaves out what stands on top and bottom of every page', async () => {
    const pages = [1, 2, 3, 4].map((number) => [
      { text: 'Acme handbook', y: 780 },
      { text: `Chapter ${'abcd'[number]} says something.`, y: 700 },
      { text: `Page ${number} of 4`, y: 20 },
    ])
    const { text } = await read({ pages })
    assert.equal(text.split('\n\n').length, 4)
    assert.doesNotMatch(text, /handbook|Page/)
  })

  it('reads a page that Chromium has printed', async () => {
    const { title, text } = await read(await readFile(join(import.meta.dirname, 'fixtures/hebrew.pdf')))
    assert.equal(title, 'שאלות ותשובות')
    assert.match(
      text,
      /^# שאלות ותשובות\n\n## כמה עולה משלוח\?\n\nמשלוח רגיל עולה 25 ש״ח ומגיע תוך 3–5 ימי עסקים \(חינם/,
    )
    assert.match(
      text,
      /ב־Apple Pay, ולקבל החזר בתוך 14 יום לפי החוק\.\n\n## מהן שעות הפתיחה\?\n\nראשון עד חמישי: 9:00–20:00\n/,
    )
  })

  it('has the title that somebody gave it, not one of a program', async () => {
    const pages = [[{ text: 'Text', y: 700 }]]
    assert.equal((await read({ title: 'מדריך', pages })).title, 'מדריך')
    for (const title of ['Untitled', 'Microsoft Word - faq.docx', 'faq.html']) {
      assert.equal((await read({ title, pages })).title, '')
    }
    assert.equal((await read({ pages })).title, '')
  })

  const refused: [why: string, pdf: PdfParts | Buffer, told: RegExp][] = [
    ['is locked', { pages: [[{ text: 'Text', y: 700 }]], locked: true }, /locked with a password/],
    ['holds only pictures', { pages: [[], []] }, /no text, only pictures.*OCR/],
    ['has too many pages', { pages: Array<Painted[]>(6).fill([{ text: 'x', y: 1 }]) }, /6 pages; 5 are read/],
    [
      'is broken',
      makePdf({ pages: [[{ text: 'Text', y: 700 }]] }).subarray(0, 150),
      /no PDF, or a broken one/,
    ],
    ['is none', Buffer.from('Hello'), /no PDF, or a broken one/],
    ['is empty', Buffer.alloc(0), /no PDF, or a broken one/],
  ]
  for (const [why, pdf, told] of refused) {
    it(`refuses one that ${why}`, async () => {
      await assert.rejects(read(pdf), (error) => error instanceof Unreadable && told.test(error.message))
    })
  }
})
