import { thinkingOf } from './native.ts'
import type { CallForm } from './messages.ts'

/** Calls and results as messages of their own, for models that have functions. */
export function nativeForm(model: string): CallForm {
  return {
    explain: () => '',
    step(step) {
      const thinking = thinkingOf(step, model)
      const tool_calls = step.calls.map(({ id, name, arguments: given }, index) => ({
        id,
        function: { index, name, arguments: given ?? {} },
      }))
      return { role: 'assistant', content: step.text, ...(thinking && { thinking }), tool_calls }
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
