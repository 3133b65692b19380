import { TOOL_LIMITS } from '../../../protocol/tools.ts'
import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { visibleText } from '../../infra/visible-text.ts'

/** Characters of a name that every vendor takes. */
const LONGEST_NAME = 64

/** The name under which a model knows a tool of a server: `shop_get_order`. Two tools may come to the same one. */
export function offeredName(server: string, tool: string): string {
  return `${server}_${tool.replace(/[^A-Za-z0-9_-]/g, '_')}`.slice(0, LONGEST_NAME)
}

/** A description as a model reads it: what a person would see of it, and no more than of any other tool. */
export function offeredDescription(description: string): string {
  const text = withoutTemplateTokens(visibleText(description)).trim()
  return text.slice(0, TOOL_LIMITS.description).toWellFormed()
}
