import type { ModelMessage, ModelRequest, ToolDefinition } from './provider.ts'
import { countTokens, type TokenCounts } from './token-runs.ts'

/** How many tokens a family of models makes of what o200k makes one of, kind by kind. */
type Tokenizer = Readonly<TokenCounts>

/** OpenAI's models since GPT-4o. Models that others serve (Llama, Qwen, Gemma) are within a quarter of it. */
const O200K: Tokenizer = {
  latin: 1,
  hebrew: 1,
  alphabet: 1,
  mark: 1,
  ideograph: 1,
  emoji: 1,
  digit: 1,
  sign: 1,
  space: 1,
}

/**
 * Claude's own tokenizer is not published. Since Opus 4.7 English takes 1.4 times the tokens of the models before it,
 * code 1.1 to 1.3 times, other scripts as many as ever (measured by several with the vendor's `count_tokens`, which
 * says "approximately 30 percent more" itself); and before, English was much like o200k's, Hebrew a token for a letter.
 * https://platform.claude.com/docs/en/build-with-claude/token-counting
 */
const CLAUDE: Tokenizer = {
  latin: 1.42,
  hebrew: 2.3,
  alphabet: 2.6,
  mark: 1.1,
  ideograph: 1.4,
  emoji: 1.3,
  digit: 1.1,
  sign: 1.1,
  space: 1,
}

/** What stands around one message, one function or one request, in tokens: roles, separators, keys of the vendor's. */
const AROUND_MESSAGE = 4
const AROUND_TOOL = 12
const AROUND_REQUEST = 6

/** The vendor's own instructions for tools, which it adds to a request that has some. */
const CLAUDE_TOOLS_PROMPT = 320

/**
 * About how many tokens a model makes of a text; o200k's count where no model is named. Within 10% on English and
 * Hebrew prose, 15% on code, JSON and mixed text, a third on whatever else (test/llm/tokens.test.ts); a third for
 * Claude. Takes 20 to 30 ms for a million characters.
 */
export function estimateTokens(text: string, model = ''): number {
  if (text === '') return 0
  const tokenizer = tokenizerOf(model)
  const counts = countTokens(text)
  let tokens = 0
  for (const kind of KINDS) tokens += counts[kind] * tokenizer[kind]
  return Math.ceil(tokens)
}

/** About how many tokens of input a request is, with all its parts. */
export function estimateRequest(request: ModelRequest, model = request.model ?? ''): number {
  const count = (text: string) => estimateTokens(text, model)
  const tools = request.tools.reduce((sum, tool) => sum + AROUND_TOOL + count(textOfTool(tool)), 0)
  const messages = request.messages.reduce(
    (sum, message) => sum + AROUND_MESSAGE + count(textOfMessage(message)),
    0,
  )
  const toolsPrompt = request.tools.length > 0 && isClaude(model) ? CLAUDE_TOOLS_PROMPT : 0
  const { stable, moment } = request.system
  return AROUND_REQUEST + count(stable) + count(moment) + tools + toolsPrompt + messages
}

const KINDS = Object.keys(O200K) as (keyof TokenCounts)[]

function tokenizerOf(model: string): Tokenizer {
  return isClaude(model) ? CLAUDE : O200K
}

function isClaude(model: string): boolean {
  return model.includes('claude')
}

function textOfTool({ name, description, parameters }: ToolDefinition): string {
  return `${name}\n${description}\n${JSON.stringify(parameters)}`
}

function textOfMessage(message: ModelMessage): string {
  if (message.role === 'tool')
    return message.results.map(({ name, content }) => `${name}\n${content}`).join('\n')
  if (message.role === 'user' || !message.step) return message.text
  const calls = message.step.calls.map((call) => `${call.name}\n${JSON.stringify(call.arguments)}`)
  return [message.step.text, ...calls].join('\n')
}
