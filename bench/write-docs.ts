import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asMarkdown, type Report } from './report.ts'

const DOCS = join(import.meta.dirname, '../docs')
const [BEGIN, END] = ['<!-- measured -->', '<!-- /measured -->']

/** Puts the tables between the marks of docs/performance.md, and everything that was found into performance.json. */
export function writeDocs(report: Report): void {
  const path = join(DOCS, 'performance.md')
  const page = readFileSync(path, 'utf8')
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (from === -1 || to === -1) throw new Error(`docs/performance.md has no ${BEGIN} ... ${END}`)
  writeFileSync(path, `${page.slice(0, from)}${BEGIN}\n\n${asMarkdown(report)}\n\n${page.slice(to)}`)
  writeFileSync(join(DOCS, 'performance.json'), `${JSON.stringify(report, null, 2)}\n`)
}
