import bidiFactory, { type Bidi } from 'bidi-js'

/** A piece of text where it stands on a page, in points; `y` grows upwards. */
export interface PlacedText {
  text: string
  x: number
  y: number
  width: number
  /** In which direction PDF.js has read it. */
  direction: 'ltr' | 'rtl'
  /** Height of its letters. */
  size: number
}

export interface PdfLine {
  text: string
  y: number
  size: number
}

/** Pieces of one line stand on one height, give or take this share of their size. */
const SAME_LINE = 0.45
/** Shares of the letters' size: a gap that parts words, and one that parts the columns of a table. */
const BLANK = 0.18
const COLUMN = 1.8
/** Nobody reads smaller letters than these, in points. */
const SMALLEST = 2.5

// The package's types are those of its ESM form; Node takes the other one, whose export is the function itself.
const bidi = (bidiFactory as unknown as () => Bidi)()

/**
 * The lines of a page, in the order in which its pieces come, each as it is read. Pieces are laid out as they stand
 * on paper and then brought into reading order: a PDF keeps Hebrew as it is painted, from the left.
 */
export function readLines(pieces: readonly PlacedText[]): PdfLine[] {
  const lines: PlacedText[][] = []
  for (const piece of pieces) {
    // Blanks are measured, not read: PDF.js writes one for a gap of any width.
    if (piece.size < SMALLEST || piece.text.trim() === '') continue
    const line = lines.at(-1)
    const last = line?.at(-1)
    if (line && last && Math.abs(last.y - piece.y) <= SAME_LINE * Math.max(last.size, piece.size))
      line.push(piece)
    else lines.push([piece])
  }
  return lines.map(readLine).filter(({ text }) => text !== '')
}

function readLine(pieces: readonly PlacedText[]): PdfLine {
  const letters = pieces.map(({ text }) => text).join('')
  const direction = isMainlyRightToLeft(letters) ? 'rtl' : 'ltr'
  const size = Math.max(...pieces.map((piece) => piece.size))
  let painted = ''
  let end = -Infinity
  for (const piece of pieces.toSorted((a, b) => a.x - b.x)) {
    painted += gap(piece.x - end, piece.size, painted) + asPainted(piece)
    end = piece.x + piece.width
  }
  const text = inReadingOrder(painted, direction).replace(/\s+/g, ' ').replaceAll(COLUMN_MARK, ' | ').trim()
  return { text: text.replace(/ *\| */g, ' | '), y: pieces[0]?.y ?? 0, size }
}

/** A separator of the bidirectional algorithm: what stands in different columns is not one run. */
const COLUMN_MARK = '\u001F'

function gap(width: number, size: number, before: string): string {
  if (before === '' || width < BLANK * size) return ''
  if (width > COLUMN * size) return COLUMN_MARK
  return before.endsWith(' ') ? '' : ' '
}

/**
 * PDF.js has put the letters of each piece into reading order, by rules of its own: what is neither Latin-1, Hebrew nor
 * Arabic runs from left to right, and brackets are not paired. By the same rules they are put back.
 */
function asPainted({ text, direction }: PlacedText): string {
  if (!HEBREW_OR_ARABIC.test(text)) return text
  const simple = text.replace(/[^\0-\xFF\u0590-\u08FF]/g, 'x').replace(/[()[\]{}]/g, '!')
  return bidi
    .getReorderedIndices(simple, bidi.getEmbeddingLevels(simple, direction))
    .map((index) => text[index])
    .join('')
}

const HEBREW_OR_ARABIC = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/

function isMainlyRightToLeft(text: string): boolean {
  const right = text.match(/[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g)?.length ?? 0
  return right * 2 > (text.match(/\p{L}/gu)?.length ?? 0)
}

/** Turns painted order into reading order: reversing runs is its own inverse. */
function inReadingOrder(text: string, direction: 'ltr' | 'rtl'): string {
  if (direction === 'ltr' && !HEBREW_OR_ARABIC.test(text)) return text
  return bidi.getReorderedString(text, bidi.getEmbeddingLevels(text, direction))
}
