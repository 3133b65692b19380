import type { McpTool } from '../../../models/mcp-tool.ts'
import { fitSchema } from './fit-schema.ts'

/** How a tool of a server stands with the client's model, in words for the person who approves. */
export type Standing =
  | { kind: 'offered' | 'switched off' | 'gone' | 'new, wants approval' | 'changed, wants approval' }
  | { kind: 'cannot be offered'; problem: string }

export function standingOf(tool: McpTool): Standing {
  const { listed, hash, approved_hash, enabled, input_schema } = tool
  if (!listed) return { kind: 'gone' }
  const fitted = fitSchema(input_schema)
  if (!fitted.ok)
    return { kind: 'cannot be offered', problem: `its input schema${fitted.path} ${fitted.problem}` }
  if (approved_hash === null) return { kind: 'new, wants approval' }
  if (approved_hash !== hash) return { kind: 'changed, wants approval' }
  return { kind: enabled ? 'offered' : 'switched off' }
}
