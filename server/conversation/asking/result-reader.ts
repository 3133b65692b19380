import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { visibleText } from '../../infra/visible-text.ts'
import type { ToolResult } from '../../llm/provider.ts'
import { estimateTokens } from '../../llm/tokens.ts'
import { shortenMiddle } from '../shorten.ts'

/** Tokens, by our estimate, of one result, and of all results of a turn, that a model reads. */
export const RESULT_TOKENS = { one: 2_000, all: 8_000 } as const

/** So many are read of each, however many came before it: enough for what it begins with. */
const LEAST = 100

/**
 * Makes what a tool returned ready for a model: what a person would see of it, no longer than is left to the turn,
 * and marked as text that others wrote by a mark that nothing inside can close. One reader for one turn.
 */
export function createResultReader(): (result: ToolResult) => ToolResult {
  let left: number = RESULT_TOKENS.all
  return (result) => {
    const text = withoutTemplateTokens(visibleText(result.content)).replace(MARK, '&lt;')
    const content = shortenMiddle(text, Math.max(LEAST, Math.min(RESULT_TOKENS.one, left)))
    left -= estimateTokens(content)
    return { ...result, content: `<result>\n${content}\n</result>` }
  }
}

const MARK = /<(?=[\s/]*result\b)/gi
