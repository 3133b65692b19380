/** A stretch of lines that belong together. */
export interface RawBlock {
  kind: 'paragraph' | 'heading' | 'code' | 'quote' | 'list' | 'rule'
  text: string
  /** Where its first line begins, in the text that was cut. */
  start: number
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/
const HEADING = /^ {0,3}#{1,6}\s/
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/
const QUOTE = /^ {0,3}>/
const ITEM = /^\s*([-*+•]|\d{1,9}[.)])\s+/
const INDENTED = /^(\s{2,}|\t)\S/

/** Cuts an answer into blocks, line by line, in one pass. */
export function splitBlocks(text: string): RawBlock[] {
  const blocks: RawBlock[] = []
  const lines = text.split('\n')
  let [at, start] = [0, 0]
  while (at < lines.length) {
    const kind = kindOf(lines[at] ?? '')
    const end = kind === null ? at + 1 : endOf(kind, lines, at)
    const block = lines.slice(at, end).join('\n')
    if (kind !== null) blocks.push({ kind, text: block.trimEnd(), start })
    start += block.length + 1
    at = end
  }
  return blocks
}

/** What begins with this line; null for a blank one. */
function kindOf(line: string): RawBlock['kind'] | null {
  if (line.trim() === '') return null
  if (FENCE.test(line)) return 'code'
  if (HEADING.test(line)) return 'heading'
  if (RULE.test(line)) return 'rule'
  if (QUOTE.test(line)) return 'quote'
  return ITEM.test(line) ? 'list' : 'paragraph'
}

/** The first line after the block that begins at `start`. */
function endOf(kind: RawBlock['kind'], lines: string[], start: number): number {
  switch (kind) {
    case 'heading':
    case 'rule':
      return start + 1
    case 'code':
      return endOfFence(lines, start)
    case 'list':
      return endOfList(lines, start)
    case 'quote':
    case 'paragraph': {
      let at = start + 1
      while (at < lines.length && kindOf(lines[at] ?? '') === kind) at += 1
      return at
    }
  }
}

function endOfFence(lines: string[], start: number): number {
  const fence = FENCE.exec(lines[start] ?? '')?.[1] ?? '```'
  let at = start + 1
  while (at < lines.length && !lines[at]?.trimStart().startsWith(fence)) at += 1
  return Math.min(at + 1, lines.length)
}

/** A list goes on over blank lines as long as another item of its kind, or an indented line, follows. */
function endOfList(lines: string[], start: number): number {
  const numbered = /^\s*\d/.test(lines[start] ?? '')
  let end = start + 1
  for (let at = start + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const kind = kindOf(line)
    if (kind === null) continue
    const afterBlank = at > end
    const deeper = INDENTED.test(line)
    const sibling = kind === 'list' && (deeper || /^\s*\d/.test(line) === numbered)
    if (!sibling && !deeper && (afterBlank || kind !== 'paragraph')) break
    end = at + 1
  }
  return end
}
