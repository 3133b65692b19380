import type { Judged, Spent } from './ask-model.ts'

/** One model's answers to all questions. */
export interface ModelReport {
  name: string
  judged: readonly Judged[]
}

/** Models side by side, and below them what was wrong with which answer. */
export function describeReports(reports: readonly ModelReport[]): string {
  const rows = [HEADS, ...reports.map(rowOf)]
  const widths = HEADS.map((_head, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const table = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
  const faults = reports.flatMap(faultsOf)
  return [...table, ...(faults.length > 0 ? ['', ...faults] : [])].join('\n')
}

const HEADS = ['model', 'passed', 'input', 'cached', 'output', 'cost', 'first word', 'whole answer']

function rowOf({ name, judged }: ModelReport): string[] {
  const sum = (part: keyof Spent) => judged.reduce((total, { spent }) => total + spent[part], 0)
  const passed = judged.filter(({ faults }) => faults.length === 0).length
  return [
    name,
    `${passed}/${judged.length}`,
    ...[String(sum('input')), String(sum('cached')), String(sum('output')), `$${sum('cost').toFixed(4)}`],
    ...[seconds(judged, 'first'), seconds(judged, 'total')],
  ]
}

/** The median. */
function seconds(judged: readonly Judged[], part: 'first' | 'total'): string {
  const times = judged.map(({ spent }) => spent[part]).sort((a, b) => a - b)
  return `${((times[Math.floor(times.length / 2)] ?? 0) / 1_000).toFixed(2)} s`
}

function faultsOf({ name, judged }: ModelReport): string[] {
  return judged
    .filter(({ faults }) => faults.length > 0)
    .map(({ question, faults, answer }) => {
      const said = answer.replace(/\s+/g, ' ')
      const quote = said.length > LONGEST_QUOTE ? `${said.slice(0, LONGEST_QUOTE)}…` : said
      return `${name}, ${question.id}: ${faults.join('; ')}\n    ${quote}`
    })
}

const LONGEST_QUOTE = 200
