import type { ToolResult } from './provider.ts'

/** A result for each of these calls: vendors want all of them, and a call beyond the turn's limit was never run. */
export function resultsOf(
  called: readonly { id: string; name: string }[],
  results: readonly ToolResult[],
): ToolResult[] {
  const missing = called.filter(({ id }) => !results.some((result) => result.call_id === id))
  const notRun = missing.map(({ id, name }) => ({
    call_id: id,
    name,
    content: 'Not run: too many calls.',
    failed: true,
  }))
  return [...results, ...notRun]
}
