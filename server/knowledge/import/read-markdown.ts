import type { ReadText } from './read-text.ts'

/** Share of the headings that must ask for the whole to be a list of questions and answers. */
const MOSTLY = 0.6

/**
 * Markdown without its front matter and comments, with the title that either of these or its only
 * heading of the first level gives it. `isFaq`: its headings are questions.
 */
export function readMarkdown(source: string): ReadText & { isFaq: boolean } {
  const { matter, body } = parted(source.replace(/\r\n?/g, '\n'))
  const text = withoutComments(body)
  const headings = [...text.matchAll(/^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$/gm)]
  const large = headings.filter(([, marks]) => marks === '#')
  const first = large.length === 1 && large[0] === headings[0] ? (large[0]?.[2] ?? '') : ''
  const others = headings.map(([, , words = '']) => words).filter((words) => words !== first)
  const questions = others.filter((words) => /[?\u061F\uFF1F]["'*_]*$/.test(words))
  return {
    title: /^title:[ \t]*["']?(.+?)["']?[ \t]*$/m.exec(matter)?.[1] ?? first,
    text,
    isFaq: questions.length > 0 && questions.length >= others.length * MOSTLY,
  }
}

function parted(source: string): { matter: string; body: string } {
  const [whole = '', matter = ''] = /^\uFEFF?---\n([^]*?)\n---[ \t]*(?:\n|$)/.exec(source) ?? []
  return { matter, body: source.slice(whole.length) }
}

/** Comments are not shown to whoever reads the page, and so not to a model. */
function withoutComments(text: string): string {
  return text.replace(/<!--[^]*?(?:-->|$)/g, '')
}
