import type { AgentTools } from '../../agent/run-agent.ts'
import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import type { Passage, SearchKnowledge, ToolCall, ToolResult } from '../../llm/provider.ts'
import { createBuiltIns } from '../../tools/built-in.ts'
import { handOver, type AskForPerson } from '../../tools/hand-over.ts'
import { searchKnowledge } from '../../tools/search-knowledge.ts'
import { guardCalls } from '../../tools/turn/guard-calls.ts'
import { SearchFailed } from './bounded-search.ts'
import { createResultReader } from './result-reader.ts'

/** What the tools of a turn are made of. */
export interface TurnToolParts {
  client_id: string
  /** Null: this turn cannot search. */
  search: SearchKnowledge | null
  /** Null: this turn cannot hand over to a person. */
  askForPerson: AskForPerson | null
  /** Tools of others. */
  given: AgentTools
  /** Hears of each call of theirs that failed. */
  onFailed: (name: string) => void
  /** Hears which passages the model was shown. */
  onFound: (passages: Passage[]) => void
}

/** Our own functions and those given, as one. Of two with one name, ours is called. */
export function turnTools(parts: TurnToolParts): AgentTools {
  const { client_id, search, askForPerson, given, onFound, onFailed } = parts
  const own = createBuiltIns([
    ...(search ? [searchKnowledge({ client_id, search, onFound })] : []),
    ...(askForPerson ? [handOver(askForPerson)] : []),
  ])
  const ours = new Set(own.definitions.map(({ name }) => name))
  const others = given.definitions.filter(({ name }) => !ours.has(name))
  const theirs = new Set(others.map(({ name }) => name))
  const read = createResultReader()
  return {
    definitions: [...own.definitions, ...others],
    // A name that nobody has is ours to answer.
    run: guardCalls(async (call, key, signal) => {
      if (!theirs.has(call.name))
        return readOwn(await own.run(call, key, signal).catch((error: unknown) => withoutSearch(call, error)))
      const result = await given.run(call, key, signal)
      if (result.failed) onFailed(call.name)
      return read(result)
    }),
  }
}

/** What we return is marked and short already. */
function readOwn(result: ToolResult): ToolResult {
  return { ...result, content: withoutTemplateTokens(result.content) }
}

function withoutSearch({ id, name }: ToolCall, error: unknown): ToolResult {
  if (!(error instanceof SearchFailed)) throw error
  const content =
    'The documents cannot be searched right now. Answer from what you have, or say that you do not know.'
  return { call_id: id, name, content, failed: true }
}
