import { parseInline, type Inline } from './inline.ts'
import { splitBlocks, type RawBlock } from './split.ts'

/** What an answer is made of: this closed list, and nothing else can come out of any input. */
export type Block =
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'heading'; level: number; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; blocks: Block[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Block[][] }
  | { kind: 'rule' }

/** Lists and quotes inside each other at most; deeper ones are paragraphs. */
const DEPTH = 5
/** A last line that is only the beginning of something. */
const JUST_BEGUN = /(^|\n)[ \t]*(?:[-*+>]|\d{1,3}[.)]|#{1,6}|`{1,2}|~{1,2})[ \t]*$/
const LIST_MARK = /^(\s*)([-*+•]|(\d{1,9})[.)])\s+/

/**
 * Reads a growing answer again and again. A block whose text is unchanged is the same object as before, so that only
 * the end of an answer is drawn anew with each token.
 */
export class MarkdownReader {
  #known: { raw: RawBlock; open: boolean; block: Block }[] = []

  /** The blocks of `text`; `open` while more may follow. */
  read(text: string, open: boolean): Block[] {
    const raws = splitBlocks(open ? text.replace(JUST_BEGUN, '') : text)
    this.#known = raws.map((raw, index) => {
      const growing = open && index === raws.length - 1
      const known = this.#known[index]
      const same = known?.raw.kind === raw.kind && known.raw.text === raw.text && known.open === growing
      return same ? known : { raw, open: growing, block: parseBlock(raw, growing, 0) }
    })
    return this.#known.map(({ block }) => block)
  }
}

function parseBlocks(text: string, open: boolean, depth: number): Block[] {
  if (depth > DEPTH) return [{ kind: 'paragraph', children: [{ kind: 'text', text }] }]
  const raws = splitBlocks(text)
  return raws.map((raw, index) => parseBlock(raw, open && index === raws.length - 1, depth))
}

function parseBlock(raw: RawBlock, open: boolean, depth: number): Block {
  switch (raw.kind) {
    case 'paragraph':
      return { kind: 'paragraph', children: parseInline(raw.text.trim(), open) }
    case 'heading': {
      const level = /^#*/.exec(raw.text.trimStart())?.[0].length ?? 1
      return { kind: 'heading', level, children: parseInline(raw.text.replace(/^[\s#]+|[\s#]+$/g, ''), open) }
    }
    case 'code':
      return { kind: 'code', text: fenced(raw.text) }
    case 'quote':
      return { kind: 'quote', blocks: parseBlocks(raw.text.replace(/^\s*> ?/gm, ''), open, depth + 1) }
    case 'list':
      return parseList(raw.text, open, depth)
    case 'rule':
      return { kind: 'rule' }
  }
}

function fenced(text: string): string {
  const lines = text.split('\n').slice(1)
  if (/^\s*(`{3,}|~{3,})\s*$/.test(lines.at(-1) ?? '')) lines.pop()
  return lines.join('\n')
}

/** Items begin where a mark stands no deeper than the first one; everything deeper is inside its item. */
function parseList(text: string, open: boolean, depth: number): Block {
  const items: string[] = []
  const first = LIST_MARK.exec(text)
  const indent = first?.[1]?.length ?? 0
  for (const line of text.split('\n')) {
    const mark = LIST_MARK.exec(line)
    if (mark && (mark[1]?.length ?? 0) <= indent + 1) items.push(line.slice(mark[0].length))
    else items.push(`${items.pop() ?? ''}\n${line.replace(/^( {1,4}|\t)/, '')}`)
  }
  return {
    kind: 'list',
    ordered: first?.[3] !== undefined,
    start: Number(first?.[3] ?? 1),
    items: items.map((item, index) => parseBlocks(item, open && index === items.length - 1, depth + 1)),
  }
}
