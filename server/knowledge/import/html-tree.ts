import type { DefaultTreeAdapterMap } from 'parse5'
import { isHidden } from './html-hidden.ts'

export type Element = DefaultTreeAdapterMap['element']
export type Node = DefaultTreeAdapterMap['childNode']

/** What begins a line of its own. */
export const BLOCKS: ReadonlySet<string> = new Set([
  ...[
    'address',
    'article',
    'aside',
    'blockquote',
    'body',
    'center',
    'dd',
    'details',
    'dialog',
    'div',
    'dl',
    'dt',
  ],
  ...['fieldset', 'figcaption', 'figure', 'footer', 'form', 'header', 'hr', 'legend', 'main', 'p', 'section'],
  ...['caption', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'br', 'li'],
])

/** Every node inside an element that a person sees, in the page's order. */
export function* seenNodes(parent: Element): Generator<Node> {
  const waiting: Iterator<Node>[] = [parent.childNodes.values()]
  for (let nodes = waiting.at(-1); nodes; nodes = waiting.at(-1)) {
    const next = nodes.next()
    if (next.done) {
      waiting.pop()
      continue
    }
    const node = next.value
    if (isElement(node) && isHidden(node)) continue
    yield node
    if (isElement(node)) waiting.push(node.childNodes.values())
  }
}

export function* seenElements(parent: Element): Generator<Element> {
  for (const node of seenNodes(parent)) if (isElement(node)) yield node
}

/** The text of an element as one line, without what a person does not see. */
export function seenText(element: Element): string {
  let text = ''
  for (const node of seenNodes(element)) {
    if (isElement(node) && BLOCKS.has(node.tagName)) text += ' '
    else text += textOf(node)
  }
  return text.replace(/\s+/g, ' ').trim()
}

/** Its text with its own blanks and line ends. */
export function rawText(element: Element): string {
  return Array.from(seenNodes(element), textOf).join('')
}

export function isElement(node: Node): node is Element {
  return 'tagName' in node
}

/** The characters of a text node; of any other none. */
export function textOf(node: Node): string {
  return node.nodeName === '#text' && 'value' in node ? node.value : ''
}

export function childNamed(nodes: readonly Node[] | undefined, name: string): Element | undefined {
  return nodes?.filter(isElement).find(({ tagName }) => tagName === name)
}
