/** Characters of one passage: short enough to be read as an answer, long enough to hold one. */
export const PASSAGE_LENGTH = { target: 900, most: 1_400 } as const

/** One piece of a document as it is kept and quoted. */
export interface PassageText {
  title: string
  content: string
}

/**
 * Cuts plain text or markdown into passages of at most `PASSAGE_LENGTH.most` characters. A passage never crosses a
 * heading and is titled by the headings above it, or by `title` where there is none.
 */
export function chunk(title: string, text: string, kind: 'text' | 'markdown'): PassageText[] {
  const sections = kind === 'markdown' ? readSections(title, text) : [{ title, lines: text.split('\n') }]
  return sections.flatMap((section) =>
    gather(readParagraphs(section.lines)).map((content) => ({ title: section.title, content })),
  )
}

interface Section {
  title: string
  lines: string[]
}

function readSections(documentTitle: string, text: string): Section[] {
  const headings: string[] = []
  const sections: Section[] = [{ title: documentTitle, lines: [] }]
  let fenced = false
  for (const line of text.split('\n')) {
    if (/^\s{0,3}(?:```|~~~)/.test(line)) fenced = !fenced
    const [, marks, words] = (fenced ? null : /^\s{0,3}(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line)) ?? []
    if (marks === undefined || words === undefined) {
      sections.at(-1)?.lines.push(line)
      continue
    }
    headings.length = Math.min(headings.length, marks.length - 1)
    headings[marks.length - 1] = words
    const path = headings.filter((heading) => heading && heading !== documentTitle)
    sections.push({ title: path.join(' › ') || documentTitle, lines: [] })
  }
  return sections
}

function readParagraphs(lines: string[]): string[] {
  return lines
    .join('\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .flatMap(cut)
}

/** Joins neighbouring paragraphs as long as they stay short together. */
function gather(paragraphs: string[]): string[] {
  const passages: string[] = []
  for (const paragraph of paragraphs) {
    const last = passages.at(-1)
    if (last !== undefined && last.length + paragraph.length + 2 <= PASSAGE_LENGTH.target) {
      passages[passages.length - 1] = `${last}\n\n${paragraph}`
    } else {
      passages.push(paragraph)
    }
  }
  return passages
}

/** Cuts one long paragraph: after a sentence where one ends, else between words, else between characters. */
function cut(paragraph: string): string[] {
  const pieces: string[] = []
  let rest = paragraph
  while (rest.length > PASSAGE_LENGTH.most) {
    const end = placeToCut(rest.slice(0, PASSAGE_LENGTH.most))
    pieces.push(rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
  }
  return rest === '' ? pieces : [...pieces, rest]
}

function placeToCut(text: string): number {
  const earliest = text.length / 3
  const sentence = Math.max(...['. ', '! ', '? ', '\n'].map((end) => text.lastIndexOf(end) + 1))
  if (sentence > earliest) return sentence
  const blank = text.lastIndexOf(' ')
  if (blank > earliest) return blank
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length
}
