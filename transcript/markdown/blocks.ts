import { parseInline, type Inline } from './inline.ts'
import { splitBlocks, type RawBlock } from './split.ts'
import { trimEnd } from './trim.ts'

/** What an answer is made of: this closed list, and nothing else can come out of any input. */
export type Block = Kind & {
  /** Whether more of it may follow. */
  open: boolean
}

type Kind =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'rule' }

/** Lists and quotes inside each other at most; deeper ones are paragraphs. */
const DEPTH = 5
/** A line that is only the beginning of something. */
const JUST_BEGUN = /^[ \t]*(?:[-*+>]|\d{1,3}[.)]|#{1,6}|`{1,2}|~{1,2})[ \t]*$/
const LIST_MARK = /^(\s*)([-*+•]|(\d{1,9})[.)])\s+/

/**
 * Reads a growing answer again and again, from where it may still change. A block whose text is unchanged is the same
 * object as before, so that only the end of an answer is drawn anew.
 */
export class MarkdownReader {
  #last: Passage | undefined

  /** The blocks of `text`; `open` while more may follow. */
  read(text: string, open: boolean): Block[] {
    const clean = text.replaceAll('\r', '')
    const line = clean.lastIndexOf('\n') + 1
    const begun = open && JUST_BEGUN.test(clean.slice(line))
    this.#last = readPassage(begun ? clean.slice(0, line) : clean, open, 0, this.#last)
    return this.#last.blocks
  }
}

/** A text, and what it was read as: that of an answer, of a quote, or of one item of a list. */
interface Passage {
  text: string
  open: boolean
  parts: Part[]
  blocks: Block[]
}

/** One block, and the passages inside it. */
interface Part {
  raw: RawBlock
  open: boolean
  block: Block
  inner: Passage[]
}

/** `last`: the passage that stood here before, which this one may continue. */
function readPassage(text: string, open: boolean, depth: number, last?: Passage): Passage {
  if (last?.text === text && last.open === open) return last
  if (depth > DEPTH)
    return {
      text,
      open,
      parts: [],
      blocks: [{ kind: 'paragraph', children: [{ kind: 'text', text }], open }],
    }
  const done = last && text.startsWith(last.text) ? countDone(last) : 0
  const from = last?.parts[done]?.raw.start ?? 0
  const raws = splitBlocks(text.slice(from))
  const read = raws.map((raw, index) => {
    const growing = open && index === raws.length - 1
    return readPart({ ...raw, start: from + raw.start }, growing, depth, last?.parts[done + index])
  })
  const parts = [...(last?.parts.slice(0, done) ?? []), ...read]
  return { text, open, parts, blocks: parts.map(({ block }) => block) }
}

/** Blocks that nothing can change any more: those after which another one has begun with a whole line. */
function countDone({ text, parts }: Passage): number {
  const lastLine = text.lastIndexOf('\n')
  return Math.max(
    0,
    parts.findLastIndex(({ raw }) => raw.start <= lastLine),
  )
}

function readPart(raw: RawBlock, open: boolean, depth: number, last?: Part): Part {
  const alike = last?.raw.kind === raw.kind ? last : undefined
  if (alike?.raw.text === raw.text && alike.open === open) return { ...alike, raw }
  const inner = textsInside(raw).map((text, index, { length }) =>
    readPassage(text, open && index === length - 1, depth + 1, alike?.inner[index]),
  )
  return { raw, open, inner, block: { ...blockOf(raw, open, inner), open } }
}

function blockOf({ kind, text }: RawBlock, open: boolean, inner: Passage[]): Kind {
  switch (kind) {
    case 'paragraph':
      return { kind, children: parseInline(text.trim(), open) }
    case 'heading': {
      const level = /^#*/.exec(text.trimStart())?.[0].length ?? 1
      const words = trimEnd(text, /[\s#]/).trimStart().slice(level)
      return { kind, level, children: parseInline(words.trimStart(), open) }
    }
    case 'code':
      return { kind, text: fenced(text) }
    case 'quote':
      return { kind, blocks: inner.flatMap(({ blocks }) => blocks) }
    case 'list': {
      const number = LIST_MARK.exec(text)?.[3]
      const items = inner.map(({ blocks }) => blocks)
      return { kind, ordered: number !== undefined, start: Number(number ?? 1), items }
    }
    case 'rule':
      return { kind }
  }
}

function textsInside({ kind, text }: RawBlock): string[] {
  if (kind === 'quote') return [text.replace(/^[ \t]*> ?/gm, '')]
  return kind === 'list' ? itemsOf(text) : []
}

/** Items begin where a mark stands no deeper than the first one; everything deeper is inside its item. */
function itemsOf(text: string): string[] {
  const items: string[] = []
  const indent = LIST_MARK.exec(text)?.[1]?.length ?? 0
  for (const line of text.split('\n')) {
    const mark = LIST_MARK.exec(line)
    if (mark && (mark[1]?.length ?? 0) <= indent + 1) items.push(line.slice(mark[0].length))
    else items.push(`${items.pop() ?? ''}\n${line.replace(/^( {1,4}|\t)/, '')}`)
  }
  return items
}

function fenced(text: string): string {
  const lines = text.split('\n').slice(1)
  if (/^\s*(`{3,}|~{3,})\s*$/.test(lines.at(-1) ?? '')) lines.pop()
  return lines.join('\n')
}
