import { parse } from 'parse5'
import { childNamed, seenElements, seenText, type Element } from './html-tree.ts'
import { HtmlWalk } from './html-walk.ts'
import type { ReadText } from './read-text.ts'

/**
 * The text of a page as a person sees it, in markdown: headings, lists, tables and links, of its main part where it
 * says which that is. `base` is the page's address, for its links. Throws `Unreadable`.
 */
export function readHtml(html: string, base?: string): ReadText {
  const page = childNamed(parse(html).childNodes, 'html')
  const body = childNamed(page?.childNodes, 'body')
  if (!body) return { title: '', text: '' }
  const main = mainPart(body)
  const text = new HtmlWalk(base).read(main)
  const heading = [...seenElements(main)].find(({ tagName }) => tagName === 'h1')
  const title = childNamed(childNamed(page?.childNodes, 'head')?.childNodes, 'title')
  return { title: (heading && seenText(heading)) || (title ? seenText(title) : ''), text }
}

/** `<main>`, else the only `<article>`, where they say something; else everything. */
function mainPart(body: Element): Element {
  const elements = [...seenElements(body)]
  const main = elements.find(({ tagName, attrs }) => tagName === 'main' || attrs.some(isMainRole))
  const articles = elements.filter(({ tagName }) => tagName === 'article')
  const part = main ?? (articles.length === 1 ? articles[0] : undefined)
  return part && seenText(part) !== '' ? part : body
}

function isMainRole({ name, value }: { name: string; value: string }): boolean {
  return name === 'role' && value.toLowerCase() === 'main'
}
