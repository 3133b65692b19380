import type { ToolCall, ToolDefinition, ToolResult } from '../llm/provider.ts'

/** What a function came to: words that the model reads. `failed`: it can mend the call, or must do without. */
export interface BuiltInResult {
  content: string
  failed?: boolean
}

/** A function of our own that a model may call. It checks its own arguments; only bugs and aborts reject. */
export interface BuiltIn {
  definition: ToolDefinition
  /** `key` is the same for the same call of a later attempt of the turn: what happened under it is not done again. */
  run(given: Record<string, unknown>, key: string, signal: AbortSignal): Promise<BuiltInResult>
}

/** The functions of one turn, as the agent takes them (`AgentTools`). */
export interface BuiltIns {
  definitions: ToolDefinition[]
  run(call: ToolCall, key: string, signal: AbortSignal): Promise<ToolResult>
}

/** Makes a turn's functions of a list. A call that cannot be read, or of none of them, is a failure the model reads. */
export function createBuiltIns(list: readonly BuiltIn[]): BuiltIns {
  const byName = new Map(list.map((builtIn) => [builtIn.definition.name, builtIn]))
  return {
    definitions: list.map(({ definition }) => definition),
    async run(call, key, signal) {
      signal.throwIfAborted()
      const { content, failed = false } = await answer(byName.get(call.name), call, key, signal)
      return { call_id: call.id, name: call.name, content, failed }
    },
  }
}

function answer(
  builtIn: BuiltIn | undefined,
  call: ToolCall,
  key: string,
  signal: AbortSignal,
): Promise<BuiltInResult> | BuiltInResult {
  if (!builtIn) return { content: 'There is no function of this name.', failed: true }
  if (call.arguments === null) {
    return { content: 'The arguments were no valid JSON object. Call again with a valid one.', failed: true }
  }
  return builtIn.run(call.arguments, key, signal)
}
