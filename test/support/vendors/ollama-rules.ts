import type { ChatRequest, Message } from 'ollama'
import type { StandInModel } from './ollama-models.ts'
import type { VendorFailure } from './reply.ts'

/** Why the real server would refuse this request, or null. Only what our requests could get wrong. */
export function whyRefused(body: ChatRequest, model: StandInModel | undefined): VendorFailure | null {
  if (!body.model) return { status: 400, message: 'model is required' }
  if (!model) return { status: 404, message: `model '${body.model}' not found` }
  return whyIncapable(body, model) ?? whyUnreadable(body.messages ?? [], model)
}

function whyIncapable({ model: name, tools, think }: ChatRequest, model: StandInModel): VendorFailure | null {
  const can = (what: string) => model.capabilities.includes(what)
  if (!can('completion')) return { status: 400, message: `"${name}" does not support chat` }
  if (tools?.length && !can('tools'))
    return { status: 400, message: `registry.ollama.ai/library/${name} does not support tools` }
  if (think && !can('thinking')) return { status: 400, message: `"${name}" does not support thinking` }
  return null
}

function whyUnreadable(messages: readonly Message[], { strict = false }: StandInModel): VendorFailure | null {
  const given = messages.flatMap((message) => message.tool_calls ?? []).map((call) => call.function.arguments)
  if (given.some((one) => typeof one !== 'object')) {
    const message = 'json: cannot unmarshal string into Go struct field ToolCallFunction.arguments'
    return { status: 400, message }
  }
  const turns = messages.filter(({ role }, index) => role !== 'system' || index > 0)
  const alternates = turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'))
  if (!strict || alternates) return null
  return { status: 500, message: 'Conversation roles must alternate user/assistant/user/assistant/...' }
}
