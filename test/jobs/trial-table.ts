import type { Step, TrialFigures } from './retention-trial.ts'

/** What a trial took, as the table of docs/retention.md. */
export function describeTrial({ made, steps, passes, pages }: TrialFigures): string {
  const days = daysAmong(steps)
  const usage = steps.filter(({ what }) => what === 'usage_rows_set')
  const ofDays = new Set(days.flatMap(({ parts }) => parts))
  const rest = steps.filter((step) => !ofDays.has(step) && !usage.includes(step))
  const longest = Math.max(...days.map(({ ms }) => ms))
  const { before, after } = pages
  const rows = [
    ['making the history', seconds(made)],
    [
      `dropping ${String(days.length)} days of ${number(sum(days, 'count'))} messages`,
      seconds(sum(days, 'ms')),
    ],
    ['the longest of these days', `${longest.toFixed(0)} ms`],
    ['setting and closing usage, again in each pass', seconds(sum(usage, 'ms'))],
    [`removing ${number(sum(rest, 'count'))} other rows, in batches`, seconds(sum(rest, 'ms'))],
    ['all passes together, those that were killed too', seconds(passes)],
    [
      'a page of history before, the middle of 100',
      `${before.ms.toFixed(2)} ms, ${String(before.blocks)} blocks`,
    ],
    ['a page of history after', `${after.ms.toFixed(2)} ms, ${String(after.blocks)} blocks`],
  ]
  return ['| what | took |', '|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n')
}

interface Dropped {
  count: number
  ms: number
  parts: readonly Step[]
}

/** A day that is dropped tells what of it is held, and then what is gone. */
function daysAmong(steps: readonly Step[]): Dropped[] {
  return steps.flatMap((step, place) => {
    const before = steps[place - 1]
    if (step.what !== 'messages' || before?.what !== 'messages_held') return []
    return [{ count: step.count, ms: before.ms + step.ms, parts: [before, step] }]
  })
}

function sum(steps: readonly { count: number; ms: number }[], of: 'count' | 'ms'): number {
  return steps.reduce((all, step) => all + step[of], 0)
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

function number(count: number): string {
  return count.toLocaleString('en')
}
