import { keptJson } from '../../infra/kept-json.ts'
import type { ToolCall, ToolDefinition, ToolResult } from '../../llm/provider.ts'
import type { ToolOutcome } from '../outcome.ts'
import type { AskedCall, ToolSource, UsableTool } from '../usable-tool.ts'
import { OUTCOME_UNKNOWN, wordOutcome } from '../words.ts'
import { callId, type Decision, type Question } from './confirm/question.ts'
import { ASKS_FIRST, NOT_CONFIRMED } from './confirm/words.ts'
import type { CallPlace, Executions, TurnOwner } from './executions.ts'
import { ToolTime } from './tool-time.ts'

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

/** The visitor of a turn, as its calls need it. */
export interface AskedVisitor {
  /** Asks before a call, and waits. Null: there is nothing to wait for, since the call was begun before, or may not be. */
  confirm(question: Question, signal: AbortSignal): Promise<Decision | null>
  /** The calls wait for nothing but the visitor, or do something again. */
  waiting(isWaiting: boolean): void
}

/**
 * Makes the tools of the turn that `owner` runs. `read`: by name, the tools whose results its model reads before it calls
 * any. Rejects with `DatabaseUnavailable`.
 */
export type ClientCallsOf = (
  owner: TurnOwner,
  hearer: CallHearer,
  visitor: AskedVisitor,
  read?: readonly string[],
) => Promise<ClientCalls>

export interface ClientCallParts {
  /** Of two tools of one name, the one of the earlier source is called. */
  sources: readonly ToolSource[]
  executions: Executions
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

export function createClientCalls(parts: ClientCallParts): ClientCallsOf {
  const { sources, executions, now = () => performance.now() } = parts

  return async (owner, hearer, visitor, read = []) => {
    const tools = await toolsOf(owner.to.client_id)
    const waiting = (isWaiting: boolean) => visitor.waiting(isWaiting)
    const time = new ToolTime({ now, waiting })
    /** The first step that has brought words of others into what the model reads. */
    let othersSpokeAt = read.some((name) => tools.get(name)?.returnsOthersWords) ? -1 : Infinity
    return {
      definitions: [...tools.values()].map(definitionOf),
      async run(call, key, signal) {
        signal.throwIfAborted()
        const tool = tools.get(call.name)
        if (!tool) throw new Error(`${call.name} is none of these tools`)
        const [step = NaN, place = NaN] = key.split('.').map(Number)
        // What a model calls in one step it has decided before it read any of the results.
        const asksFirst = tool.policy === 'confirm' || (tool.policy === 'write' && step > othersSpokeAt)
        const asked = {
          call: asKept(call),
          tool,
          asksFirst,
          at: { owner, step, place },
          hearer,
          visitor,
          time,
        }
        const { content, failed } = await time.during(() => settle(asked, signal))
        if (tool.returnsOthersWords) othersSpokeAt = Math.min(othersSpokeAt, step)
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
    const { call, tool, at, time } = asked
    const fault = faultOf(asked)
    const unwanted = fault ?? (asked.asksFirst ? await askFirst(asked, signal) : null)
    const begun = await executions.begin(at, call.name, call.arguments ?? {})
    if (begun.state === 'fenced') return { content: 'Not run: this answer was broken off.', failed: true }
    if (begun.state === 'recorded') return word(begun.outcome, tool)
    if (begun.state === 'unknown' && !tool.idempotent) return { content: OUTCOME_UNKNOWN, failed: true }
    const refused = unwanted ?? (time.left < LEAST_TIME ? TOO_LATE : null)
    if (refused === null) return callNow(asked, begun, signal)
    const outcome = { refused }
    await executions.finish(at, { success: false, outcome, ms: 0 })
    return word(outcome, tool)
  }

  /** Null: the visitor said yes, or need not be asked. */
  async function askFirst(asked: Asked, signal: AbortSignal): Promise<string | null> {
    const { call, tool, at, visitor, time } = asked
    const question = { at, tool: call.name, label: tool.label, arguments: call.arguments ?? {} }
    const decision = await time.asking(() => visitor.confirm(question, signal))
    // Broken off at that very moment, it would be begun, and its outcome unknown.
    signal.throwIfAborted()
    return decision === null || decision.approved ? null : NOT_CONFIRMED[decision.how]
  }

  async function callNow(
    asked: Asked,
    made: Pick<AskedCall, 'execution_id' | 'for'>,
    signal: AbortSignal,
  ): Promise<Said> {
    const { call, tool, at, hearer, time } = asked
    const { name } = call
    const given = call.arguments ?? {}
    const key = callId(at)
    const began = now()
    hearer.started({ call_id: key, name, label: tool.label }, given)
    const { to } = at.owner
    const { execution_id, for: calledFor } = made
    const timeLeft = time.left
    const outcome = await tool.call({ to, key, execution_id, given, for: calledFor, timeLeft }, signal)
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

/** A call on its way. */
interface Asked {
  call: ToolCall
  tool: UsableTool
  /** The visitor has to agree before it is made. */
  asksFirst: boolean
  at: CallPlace
  hearer: CallHearer
  visitor: AskedVisitor
  time: ToolTime
}

/** What is called, and shown to who is asked, is what was stored: a later attempt has nothing else. */
function asKept(call: ToolCall): ToolCall {
  const given = call.arguments && (JSON.parse(keptJson(call.arguments)) as Record<string, unknown>)
  return { ...call, arguments: given }
}

function definitionOf({ definition, policy }: UsableTool): ToolDefinition {
  if (policy !== 'confirm') return definition
  return { ...definition, description: `${definition.description} ${ASKS_FIRST}` }
}

/** Less is not worth beginning: what is begun and broken off is worse than what never was. */
const LEAST_TIME = 1_000
const TOO_LATE = 'Not run: the time for tools is used up. Answer with what you have.'

function faultOf({ call, tool }: Asked): string | null {
  if (call.arguments === null) return 'The arguments were no valid JSON object. Call again with a valid one.'
  const fault = tool.check(call.arguments)
  return fault === null ? null : `Not run: ${fault} Call again with arguments that fit.`
}

function word(outcome: ToolOutcome, { policy }: UsableTool): Said {
  return wordOutcome(outcome, { writes: policy !== 'read' })
}
