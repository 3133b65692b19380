import { parseFragment, type DefaultTreeAdapterMap } from 'parse5'
import { visibleText } from '../../infra/visible-text.ts'

/** Characters of HTML that are read: parsing holds everybody up, and this much takes some milliseconds. */
const MOST_READ = 32_768

/** The text of a piece of HTML, paragraphs on lines of their own; cut where it is longer than `longest` characters. */
export function plainText(html: string, longest: number): string {
  const text = visibleText(textIn(parseFragment(html.slice(0, MOST_READ)).childNodes))
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[ \n]*/g, '\n')
    .trim()
  return text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…`.toWellFormed() : text
}

type Node = DefaultTreeAdapterMap['childNode']

/** Walks without calling itself: how deep a shop's HTML nests is up to the shop. */
function textIn(nodes: readonly Node[]): string {
  const waiting = [...nodes].reverse()
  let text = ''
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if ('value' in node) text += node.value.replace(/\s+/g, ' ')
    if (!('tagName' in node) || UNSEEN.has(node.tagName)) continue
    if (BLOCKS.has(node.tagName)) text += '\n'
    for (let index = node.childNodes.length - 1; index >= 0; index--) {
      const child = node.childNodes[index]
      if (child) waiting.push(child)
    }
  }
  return text
}

const UNSEEN: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe'])

const BLOCKS: ReadonlySet<string> = new Set([
  ...['p', 'div', 'br', 'li', 'tr', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'section', 'table', 'ul', 'ol', 'hr'],
])
