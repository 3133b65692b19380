import { readBareAddress, readLink } from './links.ts'

/** What a line of text is made of: this closed list, and nothing else can come out of any input. */
export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'break' }
  | { kind: 'strong'; children: Inline[] }
  | { kind: 'emphasis'; children: Inline[] }
  | { kind: 'strike'; children: Inline[] }
  | { kind: 'link'; href: string; children: Inline[] }

/** What begins at one place and where it ends. No nodes: these characters are not shown. */
export interface Found {
  nodes: Inline[]
  end: number
}

const MARKS = [
  { mark: '**', kind: 'strong' },
  { mark: '__', kind: 'strong' },
  { mark: '~~', kind: 'strike' },
  { mark: '*', kind: 'emphasis' },
  { mark: '_', kind: 'emphasis' },
] as const
type Mark = (typeof MARKS)[number]

/** Marks inside marks at most, and characters between a mark and its end; beyond that they are text. */
const DEPTH = 6
const SPAN = 2_000
const WORD = /[\p{L}\p{N}]/u
const ESCAPABLE = /[!-/:-@[-`{-~]/
/** Where something may begin. */
const SPECIAL = /[\n\\`[!<*_~]|h(?=ttps?:)/gi

/** How far marks were looked for without finding their end, so that each place is looked at once. */
type Unended = Map<string, number>

/**
 * Reads the marks of one paragraph. With `open`, the text is still growing: a mark without its end counts to the end
 * of the text, a half-written link shows its words, and a mark that has just begun is not shown yet, so that nothing
 * flickers when the rest arrives.
 */
export function parseInline(text: string, open: boolean, depth = 0): Inline[] {
  const nodes: Inline[] = []
  const unended: Unended = new Map()
  let plain = ''
  let at = 0
  const show = (found: Inline[]) => {
    for (const node of found) {
      if (node.kind === 'text') {
        plain += node.text
        continue
      }
      if (plain !== '') nodes.push({ kind: 'text', text: plain })
      plain = ''
      nodes.push(node)
    }
  }
  while (at < text.length) {
    const found = depth > DEPTH ? null : readNode(text, at, open, depth, unended)
    if (found) {
      show(found.nodes)
      at = found.end
      continue
    }
    if (text[at] === '\\' && ESCAPABLE.test(text[at + 1] ?? '')) at += 1
    SPECIAL.lastIndex = at + 1
    const end = SPECIAL.exec(text)?.index ?? text.length
    plain += text.slice(at, end)
    at = end
  }
  if (plain !== '') nodes.push({ kind: 'text', text: plain })
  return nodes
}

function readNode(text: string, at: number, open: boolean, depth: number, unended: Unended): Found | null {
  switch (text[at]) {
    case '\n':
      return { nodes: [{ kind: 'break' }], end: at + 1 }
    case '`':
      return readCode(text, at, open)
    case '[':
      return readLink(text, at + 1, open, (words) => parseInline(words, false, depth + 1))
    case '!':
      // An image is shown as a link: nothing may be fetched because a model said so.
      return text[at + 1] === '['
        ? readLink(text, at + 2, open, (words) => parseInline(words, false, depth + 1))
        : null
    case 'h':
    case 'H':
    case '<':
      return readBareAddress(text, at, open)
    case '*':
    case '_':
    case '~':
      return readMark(text, at, open, depth, unended)
    default:
      return null
  }
}

function readCode(text: string, at: number, open: boolean): Found | null {
  let start = at
  while (text[start] === '`') start += 1
  const end = text.indexOf(text.slice(at, start), start)
  if (end >= 0) {
    const code = text.slice(start, end)
    return { nodes: [{ kind: 'code', text: code.trim() || code }], end: end + start - at }
  }
  if (!open) return null
  return { nodes: start < text.length ? [{ kind: 'code', text: text.slice(start) }] : [], end: text.length }
}

function readMark(text: string, at: number, open: boolean, depth: number, unended: Unended): Found | null {
  const known = MARKS.find(({ mark }) => text.startsWith(mark, at))
  if (!known) return open && at + 1 === text.length ? { nodes: [], end: text.length } : null
  const start = at + known.mark.length
  if (start === text.length) return open ? { nodes: [], end: start } : null
  if (!opens(text, at, start, known)) return null
  const end = closing(text, start, known, unended)
  if (end >= 0) {
    const children = parseInline(text.slice(start, end), false, depth + 1)
    return { nodes: [{ kind: known.kind, children }], end: end + known.mark.length }
  }
  if (!open || text.length - start > SPAN) return null
  return {
    nodes: [{ kind: known.kind, children: parseInline(text.slice(start), true, depth + 1) }],
    end: text.length,
  }
}

/** A mark opens before something that is no blank; `_` only where no word is under way, as in `order_id`. */
function opens(text: string, at: number, start: number, { mark }: Mark): boolean {
  if (/\s/.test(text[start] ?? ' ')) return false
  return !mark.startsWith('_') || !WORD.test(text[at - 1] ?? '')
}

/** Where the mark's end begins, or -1. */
function closing(text: string, start: number, { mark }: Mark, unended: Unended): number {
  const limit = Math.min(text.length, start + SPAN)
  let at = text.indexOf(mark, Math.max(start + 1, unended.get(mark) ?? 0))
  while (at >= 0 && at < limit) {
    const end = at + mark.length
    const longer = text[end] === mark[0]
    if (longer && mark.length === 1) {
      at = text.indexOf(mark, at + 2)
    } else if (longer) {
      at += 1
    } else if (/[\s\\]/.test(text[at - 1] ?? '') || (mark.startsWith('_') && WORD.test(text[end] ?? ''))) {
      at = text.indexOf(mark, end)
    } else {
      return at
    }
  }
  unended.set(mark, at < 0 ? text.length : at)
  return -1
}
