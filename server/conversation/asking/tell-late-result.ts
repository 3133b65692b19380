import type { LateResult } from '../../../models/message.ts'
import type { ModelMessage, ToolCall } from '../../llm/provider.ts'
import { createResultReader } from './result-reader.ts'

/**
 * Tells a model what a call brought after it had been answered, as an exchange of its own where it came: there models
 * expect what others wrote. `seq` is its message's.
 */
export function tellLateResult(seq: number, result: LateResult): ModelMessage[] {
  const { tool: name, arguments: given, content, failed } = result
  const call: ToolCall = { id: callId(seq), name, arguments: given }
  const read = createResultReader()
  return [
    { role: 'assistant', text: '', step: { text: '', calls: [call] } },
    { role: 'tool', results: [read({ call_id: call.id, name, content, failed })] },
  ]
}

/** Nine letters or digits, as the templates of some models want them; each `seq` has its own. */
function callId(seq: number): string {
  return `late${seq.toString(36).padStart(5, '0').slice(-5)}`
}
