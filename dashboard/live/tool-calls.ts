import type { AdminData, AdminEvents } from '../../protocol/admin.ts'
import type { TurnTold } from '../../protocol/conversations.ts'

export type ObservedTool = AdminData<'conversation:watch'>['tools_running'][number]
export type ToolCallEnd = Omit<Parameters<AdminEvents['tool:end']>[0], 'conversation_id'>

/** One call of a tool, as far as it was heard. */
export interface ToolCall extends ObservedTool {
  /** `left`: its end was not heard, and it runs no more. */
  readonly state: 'running' | 'ok' | 'failed' | 'left'
  readonly result?: unknown
  readonly duration_ms?: number
}

/** The calls, with one that has begun; told again, it is the same. */
export function beginCall(calls: readonly ToolCall[], tool: ObservedTool): readonly ToolCall[] {
  const known = calls.find(({ call_id }) => call_id === tool.call_id)
  if (known) return known.state === 'left' ? replace(calls, { ...known, state: 'running' }) : calls
  return [...calls, { ...tool, state: 'running' }]
}

/** The calls, with what came of one. That of a call whose beginning was missed is let be. */
export function endCall(calls: readonly ToolCall[], end: ToolCallEnd): readonly ToolCall[] {
  const call = calls.find(({ call_id }) => call_id === end.call_id)
  if (!call) return calls
  const { ok, duration_ms, result } = end
  return replace(calls, { ...call, state: ok ? 'ok' : 'failed', duration_ms, result })
}

/** The calls, of which only these still run. */
export function leaveCalls(
  calls: readonly ToolCall[],
  running: readonly Pick<ObservedTool, 'call_id'>[],
): readonly ToolCall[] {
  const isLeft = ({ state, call_id }: ToolCall) =>
    state === 'running' && !running.some((one) => one.call_id === call_id)
  return calls.some(isLeft) ? calls.map((call) => (isLeft(call) ? { ...call, state: 'left' } : call)) : calls
}

/** The calls, with those that are kept and were not heard of; of one that is known, how it ended. */
export function mergeCalls(calls: readonly ToolCall[], kept: readonly ToolCall[]): readonly ToolCall[] {
  const known = new Map(calls.map((call) => [call.call_id, call]))
  for (const call of kept) {
    const heard = known.get(call.call_id)
    if (!heard || heard.state === 'left')
      known.set(call.call_id, { ...call, label: heard?.label ?? call.label })
  }
  return [...known.values()]
}

/** What is kept of a turn's calls, as if they had been heard. */
export function callsOfTurn({
  number,
  state,
  calls,
}: Pick<TurnTold, 'number' | 'state' | 'calls'>): ToolCall[] {
  return calls.map(({ call_id, name, arguments: given, result, ok, duration_ms }) => ({
    ...{ turn: number, call_id, name, label: '', arguments: given, result },
    state: ok === null ? (state === 'running' ? 'running' : 'left') : ok ? 'ok' : 'failed',
    ...(duration_ms !== null && { duration_ms }),
  }))
}

function replace(calls: readonly ToolCall[], call: ToolCall): readonly ToolCall[] {
  return calls.map((one) => (one.call_id === call.call_id ? call : one))
}
