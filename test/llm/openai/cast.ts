import type { ModelMessage, ToolDefinition } from '../../../server/llm/provider.ts'
import { onResponses } from '../../support/vendors/openai.ts'

/** A function whose schema the vendor can hold its models to. */
export const FIND: ToolDefinition = {
  name: 'find_order',
  description: 'Finds an order.',
  parameters: {
    type: 'object',
    properties: { number: { type: 'string' } },
    required: ['number'],
    additionalProperties: false,
  },
}

export const HOURS: ToolDefinition = {
  name: 'opening_hours',
  description: 'Tells.',
  parameters: { properties: {} },
}

export function resultOf(call_id: string, content: string): ModelMessage {
  return { role: 'tool', results: [{ call_id, name: 'find_order', content, failed: false }] }
}

/** Thinks, says what it is about to do, and does it. */
export const thinkingThenCalls = onResponses(async (reply) => {
  await reply.begin()
  await reply.think('Z0FBQUE=')
  await reply.message('Let me look.', 'commentary')
  await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":', '"A-1"}'] })
  await reply.end('tools')
})
