import type { PdfLine } from './pdf-lines.ts'

/** Letters so much larger than the text's are a heading; so much more a heading above it. */
const HEADING = 1.12
const LARGE_HEADING = 1.6
const LONGEST_HEADING = 150
/** A gap between lines, in sizes of their letters, that parts paragraphs. */
const PARAGRAPH = 1.75
/** Shares of the pages on which a line at the top or bottom is not the text's own, from this many pages on. */
const REPEATED = 0.5
const FEWEST_PAGES = 3

/** The text of a PDF in markdown, of the lines of its pages: paragraphs, headings by their size. */
export function joinPages(pages: readonly (readonly PdfLine[])[]): string {
  const usual = usualSize(pages.flat())
  const repeated = repeatedLines(pages)
  return pages
    .map((lines) => lines.filter((line) => !repeated.has(shapeOf(line))))
    .map((lines) => joinLines(lines, usual))
    .filter((text) => text !== '')
    .join('\n\n')
}

function joinLines(lines: readonly PdfLine[], usual: number): string {
  let text = ''
  let before: PdfLine | undefined
  let wasHeading = false
  for (const line of lines) {
    const level = headingLevel(line, usual)
    const continues = before !== undefined && isNext(before, line) && level === 0
    if (level > 0 && wasHeading && before && before.size === line.size && isNext(before, line))
      text += ` ${line.text}`
    else if (level > 0) text += `\n\n${'#'.repeat(level)} ${line.text}`
    else if (continues && !wasHeading) text = joinWords(text, escapeMarks(line.text))
    else text += `\n\n${escapeMarks(line.text)}`
    before = line
    wasHeading = level > 0
  }
  return text.trim()
}

/** A word that was parted at the line's end is one again. */
function joinWords(text: string, next: string): string {
  return /\p{Ll}[-\u00AD]$/u.test(text) && /^\p{Ll}/u.test(next)
    ? text.slice(0, -1) + next
    : `${text}\n${next}`
}

function isNext(before: PdfLine, line: PdfLine): boolean {
  const step = before.y - line.y
  return step >= 0 && step <= PARAGRAPH * Math.max(before.size, line.size)
}

function headingLevel({ text, size }: PdfLine, usual: number): number {
  if (size < usual * HEADING || text.length > LONGEST_HEADING || !/\p{L}/u.test(text)) return 0
  return size >= usual * LARGE_HEADING ? 1 : 2
}

/** The size in which most of the letters are written. */
function usualSize(lines: readonly PdfLine[]): number {
  const letters = new Map<number, number>()
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length)
  }
  return [...letters].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 0
}

/** What stands at the top or bottom of most pages, but for numbers: running titles, page numbers. */
function repeatedLines(pages: readonly (readonly PdfLine[])[]): ReadonlySet<string> {
  if (pages.length < FEWEST_PAGES) return new Set()
  const counts = new Map<string, number>()
  for (const lines of pages) {
    const edges = [...lines.slice(0, 2), ...lines.slice(-2)].map(shapeOf)
    for (const shape of new Set(edges)) counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count > pages.length * REPEATED).map(([shape]) => shape))
}

function shapeOf({ text, y }: PdfLine): string {
  return `${Math.round(y)} ${text.replace(/\d+/g, '0')}`
}

function escapeMarks(line: string): string {
  return line.replace(/^(?=#{1,6}\s|```|~~~)/, '\\')
}
