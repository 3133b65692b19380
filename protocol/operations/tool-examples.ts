import type { CatalogueTool } from '../catalogue.ts'
import type { ToolExecutionRow, ToolTrial } from '../tool-runs.ts'
import { CONVERSATION } from './examples.ts'

/** What the shop's model may call, for the examples in the API's document. */

export const CATALOGUE_TOOL: CatalogueTool = {
  id: '2b8f6d1e-4c07-4f5a-9e3b-7a1c0d5f8e24',
  tool_name: 'get_order_status',
  description: 'Tells where an order is. Call it when the visitor asks for an order and gives its number.',
  parameters_schema: {
    type: 'object',
    properties: { order: { type: 'string', description: 'Such as 1001.', maxLength: 20 } },
    required: ['order'],
    additionalProperties: false,
  },
  category: 'orders',
  created_at: '2026-11-23T09:30:00.000Z',
}

const { tool_name } = CATALOGUE_TOOL

const OUTCOME = { status: 200, kind: 'json', body: { status: 'shipped' } }

export const TOOL_TRIAL: ToolTrial = {
  ...{ id: '9e1f7c3a-58b2-4d6e-a0c4-3b7d2f6e9a15', tool_name },
  arguments: { order: '1001' },
  ...{ ok: true, outcome: OUTCOME, content: '{"status":"shipped"}', execution_time_ms: 212 },
  ...{ at: '2026-11-23T09:30:00.000Z', by: 'Dana' },
}

export const EXECUTION: ToolExecutionRow = {
  ...{ id: 'f4a0d6b8-1c93-4e57-b2d1-6c8e0a7f5d39', tool_name, conversation_id: CONVERSATION.id, turn: 1 },
  arguments: { order: '1001' },
  ...{ outcome: OUTCOME, success: true, execution_time_ms: 187, at: '2026-11-23T09:30:01.000Z' },
}
