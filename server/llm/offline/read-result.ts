import type { ToolResult } from '../provider.ts'

/** What a tool's result comes to, for somebody who tells a person of it. */
export type Told =
  | { kind: 'data'; value: unknown }
  | { kind: 'text'; text: string }
  /** It went well, and there is nothing to tell; it goes on; nobody knows; the visitor did not want it. */
  | { kind: 'done' | 'started' | 'unknown' | 'declined' }
  /** `reason`: in the other side's words. `isMissing`: there is nothing of the kind. */
  | { kind: 'failed'; reason: string | null; isMissing: boolean }

/**
 * Reads a result as it is worded for models (`server/tools/words.ts`): data, or words to a model, which no person is to
 * read.
 */
export function readResult({ content, failed }: Pick<ToolResult, 'content' | 'failed'>): Told {
  const said = (/^<result>\n([^]*)\n<\/result>$/.exec(content)?.[1] ?? content).trim()
  if (/whether it took effect is not known|outcome of this call is unknown/i.test(said))
    return { kind: 'unknown' }
  if (DECLINED.test(said)) return { kind: 'declined' }
  if (failed) {
    const [, status, reason = null] = REASON.exec(said) ?? []
    return { kind: 'failed', reason, isMissing: status === '404' }
  }
  if (/^The work has been started and goes on;/.test(said)) return { kind: 'started' }
  if (said === '' || said === 'Done. The tool gave no details.') return { kind: 'done' }
  const value = parse(said)
  return value === undefined ? { kind: 'text', text: said } : { kind: 'data', value }
}

/** Whether it says that there is nothing of the kind. */
export function isEmpty(told: Told): boolean {
  if (told.kind === 'failed') return told.isMissing
  if (told.kind !== 'data') return false
  const { value } = told
  if (Array.isArray(value)) return value.length === 0
  if (typeof value !== 'object' || value === null) return value === null
  return Object.hasOwn(value, 'found')
    ? (value as { found: unknown }).found === false
    : Object.keys(value).length === 0
}

const REASON = /^The tool failed \(HTTP (4\d\d)\): (.+?) (?:There is no result|Whether it took effect)/s
const DECLINED = /^Not done: the visitor was asked/

function parse(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
