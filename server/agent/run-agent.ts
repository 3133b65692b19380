import type {
  ModelAnswer,
  ModelMessage,
  ModelRequest,
  ModelStep,
  Provider,
  StopReason,
  ToolCall,
  ToolDefinition,
  ToolResult,
} from '../llm/provider.ts'
import type { AgentLimits } from './limits.ts'

/** The functions a turn may call. A failure is a result that the model reads; only bugs and aborts reject. */
export interface AgentTools {
  definitions: ToolDefinition[]
  /** `key` is `step.call`: the same call of a later attempt has the same key. */
  run(call: ToolCall, key: string, signal: AbortSignal): Promise<ToolResult>
}

export const NO_TOOLS: AgentTools = {
  definitions: [],
  run: (call) => Promise.reject(new Error(`The model called ${call.name}, but was offered no tools`)),
}

export interface AgentRun {
  /** Asks the model once. */
  ask: Provider['ask']
  /** Everything of the request but what changes while the agent works. */
  request: Omit<ModelRequest, 'messages' | 'tools' | 'mayCall'>
  /** The conversation, oldest first. */
  messages: ModelMessage[]
  tools: AgentTools
  limits: AgentLimits
  /** Steps that an earlier attempt stored; they are replayed, the model is not asked for them again. */
  storedSteps: ModelStep[]
  /** Called with each piece of text as it arrives. */
  onText: (text: string) => void
  /** Stores a step before its tools run; false means that this turn may run nothing any more. */
  saveStep: (index: number, step: ModelStep) => Promise<boolean>
}

/** `fenced`: a step could not be stored, so somebody else decides what becomes of this turn. */
export type AgentOutcome =
  | { fenced: true }
  | { fenced: false; stop: StopReason; toolCalls: number; sources: { title: string; url?: string }[] }

/**
 * Model, tools, model again, until the model answers. Rejects with `ProviderError`, or with the signal's reason.
 * What it said is whatever `onText` was given.
 */
export async function runAgent(run: AgentRun, signal: AbortSignal): Promise<AgentOutcome> {
  const messages = [...run.messages]
  const say = paragraphs(run.onText)
  let toolCalls = 0

  for (const [index, step] of run.storedSteps.entries()) {
    if (step.text) say.piece(step.text)
    say.paragraphEnds()
    toolCalls += step.calls.length
    messages.push(...(await exchange(run, index, step, signal)))
  }

  for (let index = run.storedSteps.length; ; index++) {
    const exhausted = index >= run.limits.steps || toolCalls >= run.limits.calls
    const tools = run.tools.definitions
    const request = { ...run.request, messages, tools, mayCall: !exhausted }
    const answer = await run.ask(request, say.piece, signal)
    if (exhausted || answer.stop !== 'tools')
      return { fenced: false, stop: answer.stop, toolCalls, sources: answer.sources ?? [] }
    const step = storable(answer, run.limits.calls - toolCalls)
    if (!(await run.saveStep(index, step))) return { fenced: true }
    say.paragraphEnds()
    toolCalls += step.calls.length
    messages.push(...(await exchange(run, index, step, signal)))
  }
}

/** Runs the calls of a step side by side; gives the two messages that tell the model what it did and got. */
async function exchange(
  run: AgentRun,
  index: number,
  step: ModelStep,
  signal: AbortSignal,
): Promise<ModelMessage[]> {
  signal.throwIfAborted()
  const results = await Promise.all(
    step.calls.map((call, position) => run.tools.run(call, `${index}.${position}`, signal)),
  )
  return [
    { role: 'assistant', text: step.text, step },
    { role: 'tool', results },
  ]
}

/**
 * The step as it is kept: no more calls than are left to the turn, and nothing that cannot be written down. Arguments
 * nested beyond that count as broken ones, and what the vendor has made of them is not kept either.
 */
function storable(answer: ModelAnswer, callsLeft: number): ModelStep {
  const { text, native } = answer
  const calls = answer.calls.slice(0, callsLeft)
  if (!answer.calls.some(isBottomless)) return { text, calls, ...(native === undefined ? {} : { native }) }
  return { text, calls: calls.map((call) => (isBottomless(call) ? { ...call, arguments: null } : call)) }
}

/** Objects and lists within one another in arguments: JSON is written and read by functions that call themselves. */
const DEEPEST = 200

function isBottomless({ arguments: given }: ToolCall): boolean {
  return isDeeper(given, DEEPEST)
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === 0 || Object.values(value).some((one) => isDeeper(one, depth - 1))
}

/** Parts what is said before a tool call from what is said after it, where both said something. */
function paragraphs(onText: (text: string) => void): {
  piece: (text: string) => void
  paragraphEnds: () => void
} {
  let said = false
  let between = false
  return {
    piece: (text) => {
      onText(between && said ? `\n\n${text}` : text)
      between = false
      said = true
    },
    paragraphEnds: () => {
      between = true
    },
  }
}
