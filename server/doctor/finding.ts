/** What a check came to. A `problem` keeps the server from starting or serving, a `warning` does not. */
export interface Finding {
  state: 'ok' | 'warning' | 'problem'
  /** What was looked at, in a word or two. */
  part: string
  /** What is so and, where it is not well, what to do. One line, without secrets. */
  text: string
}

/** Findings about one part. */
export type Findings = Record<Finding['state'], (text: string) => Finding>

export function findingsOf(part: string): Findings {
  const find = (state: Finding['state']) => (text: string) => ({ state, part, text })
  return { ok: find('ok'), warning: find('warning'), problem: find('problem') }
}

/** One finding as a line for people. */
export function describeFinding({ state, part, text }: Finding): string {
  return `${state.padEnd(8)} ${part.padEnd(13)} ${text}`
}

/** The last line: how many of them want something done. */
export function summarize(findings: readonly Finding[]): string {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const [problems, warnings] = [count('problem'), count('warning')]
  if (problems + warnings === 0) return 'All is well.'
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}
