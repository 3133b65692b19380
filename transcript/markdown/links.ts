import { safeHref } from './href.ts'
import type { Found, Inline } from './inline.ts'
import { trimEnd } from './trim.ts'

/** Characters in the words of a link, and in its address, at most. */
const WORDS = 500
const ADDRESS = 2_048

const BARE_ADDRESS = /<?(https?:\/\/[^\s<>"'`]{1,2048})>?/iy
const ADDRESS_END = /[.,;:!?)\]}*_~]/
const WORD = /[\p{L}\p{N}]/u

/**
 * `[words](address)`, its words beginning at `start` and read by `parseWords`. An address that may not be followed
 * leaves the words; so does one that is still being written.
 */
export function readLink(
  text: string,
  start: number,
  open: boolean,
  parseWords: (text: string) => Inline[],
): Found | null {
  const words = (label: string) => withoutLinks(parseWords(label))
  const middle = text.slice(0, start + WORDS).indexOf(']', start)
  const growing = open && text.length - start < WORDS && !text.includes('\n', start)
  if (middle < 0) return growing ? { nodes: words(text.slice(start)), end: text.length } : null
  const label = text.slice(start, middle)
  if (text[middle + 1] !== '(')
    return growing && middle + 1 === text.length ? { nodes: words(label), end: text.length } : null
  const end = addressEnd(text, middle + 2)
  if (end < 0) return growing ? { nodes: words(label), end: text.length } : null
  const written = text.slice(middle + 2, end).trim()
  const title = written.search(/\s["'(]/)
  const address = title < 0 ? written : written.slice(0, title).trimEnd()
  const href = safeHref(address)
  if (href === null) return { nodes: words(label), end: end + 1 }
  const children = label.trim() === '' ? [{ kind: 'text' as const, text: address }] : words(label)
  return { nodes: [{ kind: 'link', href, children }], end: end + 1 }
}

/** An address that stands in the text by itself; the stop after it is not part of it. */
export function readBareAddress(text: string, at: number, open: boolean): Found | null {
  if (WORD.test(text[at - 1] ?? '')) return null
  BARE_ADDRESS.lastIndex = at
  const match = BARE_ADDRESS.exec(text)
  if (!match?.[1]) return null
  const bracketed = match[0].startsWith('<')
  const address = bracketed ? match[1] : trimEnd(match[1], ADDRESS_END)
  const end = at + (bracketed ? match[0].length : address.length)
  // What is still growing may become another address: it is followed only once it is whole.
  const isWhole = match[1].length < ADDRESS && !(open && at + match[0].length === text.length)
  const href = isWhole ? safeHref(address) : null
  const words: Inline = { kind: 'text', text: address }
  if (href !== null) return { nodes: [{ kind: 'link', href, children: [words] }], end }
  return bracketed ? null : { nodes: [words], end }
}

/** Where the bracket that closes the address stands; brackets inside it come in pairs. */
function addressEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + ADDRESS)
  if (!text.slice(start, limit).includes(')')) return -1
  let nested = 0
  for (let at = start; at < limit; at += 1) {
    if (text[at] === '\n') return -1
    if (text[at] === '(') nested += 1
    else if (text[at] === ')' && nested === 0) return at
    else if (text[at] === ')') nested -= 1
  }
  return -1
}

/** No link inside a link. */
function withoutLinks(nodes: Inline[]): Inline[] {
  return nodes.flatMap((node) => {
    if (node.kind === 'link') return withoutLinks(node.children)
    return 'children' in node ? { ...node, children: withoutLinks(node.children) } : node
  })
}
