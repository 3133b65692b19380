import type { Block } from './blocks.ts'
import type { Inline } from './inline.ts'

/** The words of an answer without its marks, as one line: for those who hear it. */
export function plainText(blocks: readonly Block[]): string {
  return ofBlocks(blocks, true)
}

/** The words of one block, without code: what tells its language. */
export function wordsOfBlock(block: Block): string {
  return ofBlock(block, false)
}

function ofBlocks(blocks: readonly Block[], withCode: boolean): string {
  return blocks
    .map((block) => ofBlock(block, withCode))
    .filter(Boolean)
    .join(' ')
}

function ofBlock(block: Block, withCode: boolean): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return ofInline(block.children, withCode)
    case 'code':
      return withCode ? block.text : ''
    case 'quote':
      return ofBlocks(block.blocks, withCode)
    case 'list':
      return block.items.map((item) => ofBlocks(item, withCode)).join(' ')
    case 'rule':
      return ''
  }
}

function ofInline(nodes: readonly Inline[], withCode: boolean): string {
  return nodes
    .map((node) => {
      if (node.kind === 'break' || (node.kind === 'code' && !withCode)) return ' '
      return 'text' in node ? node.text : ofInline(node.children, withCode)
    })
    .join('')
}
