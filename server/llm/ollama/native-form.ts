import { nativeBlocks } from '../native-step.ts'
import type { CallForm } from './messages.ts'
import { VENDOR } from './wire.ts'

/** Calls and results as messages of their own, for models that have functions. */
export function nativeForm(model: string): CallForm {
  return {
    explain: () => '',
    step(step) {
      const [thinking] = nativeBlocks(step, VENDOR, model) ?? []
      const tool_calls = step.calls.map(({ id, name, arguments: given }, index) => ({
        id,
        function: { index, name, arguments: given ?? {} },
      }))
      return {
        role: 'assistant',
        content: step.text,
        ...(typeof thinking === 'string' && { thinking }),
        tool_calls,
      }
    },
    results: (results) =>
      results.map(({ call_id, name, content, failed }) => ({
        role: 'tool',
        tool_name: name,
        tool_call_id: call_id,
        content: failed ? `The call failed: ${content}` : content,
      })),
  }
}
