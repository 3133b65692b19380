import { CANARY } from './answers.ts'

/** What servers wrote into their logs. */
export interface LogSummary {
  breaches: string[]
  /** Lines by level and message, the most frequent first. */
  counts: [line: string, times: number][]
}

/** Looks for what may not be in a log: what somebody said, secrets, errors, and lines that no program can read. */
export function readLogs(said: readonly string[], secrets: readonly string[]): LogSummary {
  const breaches = new Set<string>()
  const counts = new Map<string, number>()
  for (const line of said.join('\n').split('\n')) {
    const told = describe(line)
    if (told === null) continue
    counts.set(told, (counts.get(told) ?? 0) + 1)
    if ([CANARY, ...secrets].some((secret) => line.includes(secret)))
      breaches.add(`the log tells a secret: ${told}`)
    if (/^(error|fatal|unread)/.test(told)) breaches.add(`the log has ${told}: ${line.slice(0, 600)}`)
  }
  return { breaches: [...breaches], counts: [...counts].sort((a, b) => b[1] - a[1]) }
}

/** Null for what people read: the block of addresses, and empty lines. */
function describe(line: string): string | null {
  if (line === '' || line.startsWith('  ')) return null
  try {
    const { level, msg } = JSON.parse(line) as { level: string; msg: string }
    return `${level}  ${msg}`
  } catch {
    return `unread  ${line.slice(0, 60)}`
  }
}
