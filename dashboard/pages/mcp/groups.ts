import type { McpToolRow } from '../../../protocol/mcp-keeping.ts'

/** How tools stand, in the order in which a person has to know it. */
export const GROUPS = ['wanting', 'offered', 'off', 'unfit', 'gone'] as const
export type Group = (typeof GROUPS)[number]

/** Whether somebody has to read it before the AI may call it. */
export function isWanting({ standing }: Pick<McpToolRow, 'standing'>): boolean {
  return standing === 'new' || standing === 'changed'
}

/** Tools by how they stand, without groups of none. */
export function groupsOf(tools: readonly McpToolRow[]): { group: Group; tools: McpToolRow[] }[] {
  const groupOf = (tool: McpToolRow): Group =>
    tool.standing === 'new' || tool.standing === 'changed' ? 'wanting' : tool.standing
  return GROUPS.map((group) => ({ group, tools: tools.filter((tool) => groupOf(tool) === group) })).filter(
    (one) => one.tools.length > 0,
  )
}

/** A line of a definition that changed: what came, went, or stayed. */
export function signOf(line: string, changed: boolean): 'came' | 'went' | 'stayed' {
  if (!changed) return 'stayed'
  return line.startsWith('+') ? 'came' : line.startsWith('-') ? 'went' : 'stayed'
}
