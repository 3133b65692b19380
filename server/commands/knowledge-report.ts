import type { KeptDocument } from '../knowledge/document.ts'
import type { FoundPassage } from '../knowledge/search.ts'
import type { Imported } from './import-files.ts'

/** Characters of a passage that are shown. */
const EXCERPT = 160

/** What became of one file, in a line. */
export function describeImported({ file, title, result }: Imported): string {
  if (!result.ok) return `refused    ${file.path}: ${result.error.message}`
  const { change, passages } = result.data
  return `${change.padEnd(9)}  ${file.path}: "${title}", ${count(passages, 'passage')}`
}

/** What became of all of them. */
export function summarizeImported(done: readonly Imported[]): string {
  if (done.length === 0) return 'There is nothing to import: no Markdown, text, HTML or PDF.'
  const outcomes = done.map(({ result }) => (result.ok ? result.data.change : 'refused'))
  const parts = (['added', 'replaced', 'unchanged', 'refused'] as const)
    .map((outcome) => [outcomes.filter((one) => one === outcome).length, outcome] as const)
    .filter(([number]) => number > 0)
    .map(([number, outcome]) => `${number} ${outcome}`)
  return `${count(done.length, 'file')}: ${parts.join(', ')}`
}

/** The documents of a client, one a line. */
export function describeDocuments(documents: readonly KeptDocument[]): string {
  if (documents.length === 0) return 'There are no documents.'
  return documents
    .map(({ id, kind, passages, created_at, title, url }) => {
      const day = created_at.toISOString().slice(0, 10)
      return [id, day, kind.padEnd(8), count(passages, 'passage').padStart(14), title, url ?? '']
        .join('  ')
        .trimEnd()
    })
    .join('\n')
}

/** What was found for a question, best first; a star marks what goes into a prompt. */
export function describeFound(found: readonly FoundPassage[], prompted: readonly FoundPassage[]): string {
  if (found.length === 0) return 'Nothing is found.'
  const shown = new Set(prompted.map(({ title, score }) => `${score} ${title}`))
  const lines = found.map(({ title, content, url, score }) => {
    const mark = shown.has(`${score} ${title}`) ? '*' : ' '
    const excerpt = content.replace(/\s+/g, ' ').slice(0, EXCERPT).toWellFormed()
    return `${mark} ${score.toFixed(2).padStart(6)}  ${title}\n          ${excerpt}${url ? `\n          ${url}` : ''}`
  })
  return `${lines.join('\n')}\n\n* goes into the prompt of a model`
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
