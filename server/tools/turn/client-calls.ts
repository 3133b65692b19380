import type { ToolCall, ToolDefinition, ToolResult } from '../../llm/provider.ts'
import type { ToolOutcome } from '../outcome.ts'
import type { AskedCall, ToolSource, UsableTool } from '../usable-tool.ts'
import { OUTCOME_UNKNOWN, wordOutcome } from '../words.ts'
import type { CallPlace, Executions, TurnOwner } from './executions.ts'

/** Milliseconds that all calls of one turn may take together. */
export const TOOL_TIME = 60_000

/** Tools that a model is offered at most; vendors take 128. */
const MOST_TOOLS = 100

/** The tools of a client in one turn, as the agent takes them (`AgentTools`). */
export interface ClientCalls {
  definitions: ToolDefinition[]
  run(call: ToolCall, key: string, signal: AbortSignal): Promise<ToolResult>
}

/** Hears of calls that are really made. */
export interface CallHearer {
  started(call: { call_id: string; name: string; label: string }, given: Record<string, unknown>): void
  ended(call: { call_id: string; ok: boolean; duration_ms: number }, result: string): void
}

/** Makes the tools of the turn that `owner` runs. Rejects with `DatabaseUnavailable`. */
export type ClientCallsOf = (owner: TurnOwner, hearer: CallHearer) => Promise<ClientCalls>

export interface ClientCallParts {
  /** Of two tools of one name, the one of the earlier source is called. */
  sources: readonly ToolSource[]
  executions: Executions
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

export function createClientCalls(parts: ClientCallParts): ClientCallsOf {
  const { sources, executions, now = () => performance.now() } = parts

  return async (owner, hearer) => {
    const tools = await toolsOf(owner.to.client_id)
    let until: number | null = null
    return {
      definitions: [...tools.values()].map(({ definition }) => definition),
      async run(call, key, signal) {
        signal.throwIfAborted()
        const tool = tools.get(call.name)
        if (!tool) throw new Error(`${call.name} is none of these tools`)
        until ??= now() + TOOL_TIME
        const [step = NaN, place = NaN] = key.split('.').map(Number)
        const at = { owner, step, place }
        const { content, failed } = await settle(
          { call, tool, at, key, hearer, timeLeft: until - now() },
          signal,
        )
        return { call_id: call.id, name: call.name, content, failed }
      },
    }
  }

  async function toolsOf(clientId: string): Promise<Map<string, UsableTool>> {
    const found = await Promise.all(sources.map((source) => source.of(clientId)))
    const tools = new Map<string, UsableTool>()
    for (const tool of found.flat()) {
      const { name } = tool.definition
      if (tools.size < MOST_TOOLS && !tools.has(name)) tools.set(name, tool)
    }
    return tools
  }

  /** What the model reads: of what was recorded before, of what is refused, or of the call that is made now. */
  async function settle(asked: Asked, signal: AbortSignal): Promise<Said> {
    const { call, tool, at } = asked
    const begun = await executions.begin(at, call.name, call.arguments ?? {})
    if (begun.state === 'fenced') return { content: 'Not run: this answer was broken off.', failed: true }
    if (begun.state === 'recorded') return word(begun.outcome, tool)
    if (begun.state === 'unknown' && !tool.idempotent) return { content: OUTCOME_UNKNOWN, failed: true }
    const refused = refusalOf(asked)
    if (refused === null) return callNow(asked, begun, signal)
    const outcome = { refused }
    await executions.finish(at, { success: false, outcome, ms: 0 })
    return word(outcome, tool)
  }

  async function callNow(
    asked: Asked,
    made: Pick<AskedCall, 'execution_id' | 'for'>,
    signal: AbortSignal,
  ): Promise<Said> {
    const { call, tool, at, key, hearer, timeLeft } = asked
    const { name } = call
    const given = call.arguments ?? {}
    const began = now()
    hearer.started({ call_id: key, name, label: tool.label }, given)
    const { to } = at.owner
    const { execution_id, for: calledFor } = made
    const outcome = await tool.call(
      { to, key: keyOf(at), execution_id, given, for: calledFor, timeLeft },
      signal,
    )
    const said = word(outcome, tool)
    const ms = now() - began
    await executions.finish(at, { success: !said.failed, outcome, ms })
    hearer.ended({ call_id: key, ok: !said.failed, duration_ms: Math.round(ms) }, said.content)
    return said
  }
}

interface Said {
  content: string
  failed: boolean
}

/** A call on its way. `key` is `step.place`; `timeLeft`: milliseconds that its turn has left for tools. */
interface Asked {
  call: ToolCall
  tool: UsableTool
  at: CallPlace
  key: string
  hearer: CallHearer
  timeLeft: number
}

/** Less is not worth beginning: what is begun and broken off is worse than what never was. */
const LEAST_TIME = 1_000

function refusalOf({ call, tool, timeLeft }: Asked): string | null {
  if (call.arguments === null) return 'The arguments were no valid JSON object. Call again with a valid one.'
  const fault = tool.check(call.arguments)
  if (fault !== null) return `Not run: ${fault} Call again with arguments that fit.`
  if (tool.policy === 'confirm')
    return 'Not run: the visitor would have to confirm this first, which cannot be done in this chat yet. Say so, and offer another way.'
  if (timeLeft < LEAST_TIME) return 'Not run: the time for tools is used up. Answer with what you have.'
  return null
}

function word(outcome: ToolOutcome, { policy }: UsableTool): Said {
  return wordOutcome(outcome, { writes: policy !== 'read' })
}

/**
 * What names a call wherever it comes from: `conversation.turn.step.place`. Turns are numbered within a conversation, so
 * without it two visitors' calls would be taken for one.
 */
function keyOf({ owner, step, place }: CallPlace): string {
  return [owner.to.conversation_id, owner.turn, step, place].join('.')
}
