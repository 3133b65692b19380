import type { ToolConfirm } from '../../protocol/widget.ts'

/** The questions that wait, with one more; told again, it is the same. */
export function ask(waiting: readonly ToolConfirm[], question: ToolConfirm): readonly ToolConfirm[] {
  return [...waiting.filter(({ call_id }) => call_id !== question.call_id), question]
}

/** Those that still wait: their turn goes on, and it is the AI that has the conversation. */
export function stillWaiting(
  waiting: readonly ToolConfirm[],
  { endedTurn, state }: { endedTurn: number; state: string | undefined },
): readonly ToolConfirm[] {
  const left = state === 'ai' ? waiting.filter(({ turn }) => turn > endedTurn) : []
  return left.length === waiting.length ? waiting : left
}
