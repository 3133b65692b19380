import { isHidden } from './html-hidden.ts'
import { HtmlText } from './html-text.ts'
import { BLOCKS, isElement, rawText, seenElements, seenText, textOf, type Element } from './html-tree.ts'
import { Unreadable } from './unreadable.ts'

/** Elements inside one another at most: no page that a person wrote has more. */
const DEEPEST = 400
/** An address longer than this leads to a tracker. */
const LONGEST_LINK = 300

/** What makes a table one that only puts things beside each other. */
const NO_CELLS = new Set(['table', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl'])

/** Writes the text of a page's tree as markdown, without what a person does not see. */
export class HtmlWalk {
  readonly #base: string | undefined
  readonly #text = new HtmlText()
  /** Of the heading that was last written. */
  #level = 1
  #lists = 0

  constructor(base: string | undefined) {
    this.#base = base
  }

  /** Throws `Unreadable` where elements stand too deep inside one another. */
  read(element: Element): string {
    this.#inside(element, 0)
    return this.#text.end()
  }

  #inside(parent: Element, depth: number): void {
    if (depth > DEEPEST) throw new Unreadable('The elements of this page stand too deep inside one another.')
    for (const node of parent.childNodes) {
      if (!isElement(node)) this.#text.write(textOf(node))
      else if (!isHidden(node)) this.#element(node, depth + 1)
    }
  }

  #element(element: Element, depth: number): void {
    const name = element.tagName
    const level = headingLevel(element, this.#level)
    if (level !== null) this.#heading(element, level)
    else if (name === 'br') this.#text.endLine()
    else if (name === 'pre') this.#text.quote(rawText(element))
    else if (name === 'a') this.#link(element, depth)
    else if (name === 'ul' || name === 'ol') this.#list(element, depth)
    else if (name === 'table' && isOfCells(element)) this.#table(element)
    else if (BLOCKS.has(name)) this.#block(element, depth)
    else if (name !== 'button') this.#inside(element, depth)
  }

  #block(element: Element, depth: number): void {
    this.#text.open()
    this.#inside(element, depth)
    this.#text.close()
  }

  #heading(element: Element, level: number): void {
    if (/^h\d$/.test(element.tagName)) this.#level = level
    this.#text.open(`${'#'.repeat(level)} `)
    this.#text.write(seenText(element))
    this.#text.close()
  }

  #list(element: Element, depth: number): void {
    if (this.#lists === 0) this.#text.begin()
    this.#lists += 1
    let number = 0
    for (const item of element.childNodes) {
      if (!isElement(item) || isHidden(item)) continue
      number += 1
      const indent = '  '.repeat(this.#lists - 1)
      this.#text.open(`${indent}${element.tagName === 'ol' ? `${number}.` : '-'} `, true)
      if (item.tagName === 'li') this.#inside(item, depth)
      else this.#element(item, depth)
      this.#text.close()
    }
    this.#lists -= 1
  }

  #table(element: Element): void {
    this.#text.begin()
    for (const [index, row] of rowsOf(element).entries()) {
      this.#text.open('| ', true)
      this.#text.write(`${row.map(({ text }) => text).join(' | ')} |`)
      this.#text.close()
      if (index > 0 || !row.some(({ head }) => head)) continue
      this.#text.open('| ', true)
      this.#text.write(`${row.map(() => '---').join(' | ')} |`)
      this.#text.close()
    }
  }

  #link(element: Element, depth: number): void {
    const href = element.attrs.find(({ name }) => name === 'href')?.value ?? ''
    const address = href.startsWith('#') ? null : webAddress(href, this.#base)
    const words = seenText(element)
    const holdsBlocks = [...seenElements(element)].some(
      ({ tagName }) => BLOCKS.has(tagName) || NO_CELLS.has(tagName),
    )
    if (address === null || words === '' || holdsBlocks) this.#inside(element, depth)
    else this.#text.write(words === address ? address : `[${words}](${address})`)
  }
}

/** Of a heading, or of what opens a part that is folded away: the question of a FAQ, mostly. */
function headingLevel(element: Element, last: number): number | null {
  const own = /^h([1-6])$/.exec(element.tagName)?.[1]
  if (own !== undefined) return Number(own)
  const opens = element.tagName === 'summary' || (element.tagName === 'button' && expands(element))
  const asks = element.tagName === 'dt' && /[?\u061F\uFF1F]$/.test(seenText(element))
  return opens || asks ? Math.min(last + 1, 6) : null
}

function expands({ attrs }: Element): boolean {
  return attrs.some(({ name }) => name === 'aria-expanded')
}

function isOfCells(table: Element): boolean {
  return ![...seenElements(table)].some(({ tagName }) => NO_CELLS.has(tagName))
}

function rowsOf(table: Element): { text: string; head: boolean }[][] {
  return [...seenElements(table)]
    .filter(({ tagName }) => tagName === 'tr')
    .map((row) =>
      row.childNodes
        .filter(isElement)
        .filter((cell) => ['td', 'th'].includes(cell.tagName) && !isHidden(cell))
        .map((cell) => ({ text: seenText(cell), head: cell.tagName === 'th' })),
    )
    .filter((row) => row.some(({ text }) => text !== ''))
}

function webAddress(href: string, base: string | undefined): string | null {
  if (!URL.canParse(href, base)) return null
  const url = new URL(href, base)
  return ['http:', 'https:'].includes(url.protocol) && url.href.length <= LONGEST_LINK ? url.href : null
}
