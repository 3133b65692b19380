import type { Block } from './blocks.ts'
import type { Inline } from './inline.ts'

/** The words of an answer without its marks, as one line: for those who hear it. */
export function plainText(blocks: readonly Block[]): string {
  return blocks.map(ofBlock).filter(Boolean).join(' ')
}

function ofBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return ofInline(block.children)
    case 'code':
      return block.text
    case 'quote':
      return plainText(block.blocks)
    case 'list':
      return block.items.map(plainText).join(' ')
    case 'rule':
      return ''
  }
}

function ofInline(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'break') return ' '
      return 'text' in node ? node.text : ofInline(node.children)
    })
    .join('')
}
