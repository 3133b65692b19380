import type { ToolCall, ToolResult } from '../../llm/provider.ts'
import { argumentsFault } from './arguments.ts'

/** Runs a call; see `AgentTools`. */
export type RunCall = (call: ToolCall, key: string, signal: AbortSignal) => Promise<ToolResult>

/** Calls of one turn with the same name and arguments that are made. */
export const IDENTICAL_CALLS = 3

/**
 * Runs calls of one turn, but none that is built to hurt, and none for the fourth time. What is not run is a failure that
 * the model reads. Calls that an earlier attempt made count too, since they are run anew in their order.
 */
export function guardCalls(run: RunCall): RunCall {
  const made = new Map<string, number>()
  return (call, key, signal) => {
    const refusal = refusalOf(call)
    if (refusal === null) return run(call, key, signal)
    return Promise.resolve({ call_id: call.id, name: call.name, content: refusal, failed: true })
  }

  function refusalOf({ name, arguments: given }: ToolCall): string | null {
    const fault = given && argumentsFault(given)
    if (fault) return fault
    const same = JSON.stringify([name, given])
    const times = (made.get(same) ?? 0) + 1
    made.set(same, times)
    return times > IDENTICAL_CALLS
      ? `Not run: this was called ${String(IDENTICAL_CALLS)} times with the same arguments. Answer with what you have.`
      : null
  }
}
