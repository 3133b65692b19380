import type { ToolPolicy } from '../../models/client-tool.ts'
import type { ToolDefinition } from '../llm/provider.ts'
import type { CheckArguments } from './catalogue/check-arguments.ts'
import type { ToolOutcome } from './outcome.ts'

/** Where tools of clients come from: workflows, and whatever else they connect. */
export interface ToolSource {
  /** What the model of a client may call, at most five seconds old. Rejects with `DatabaseUnavailable`. */
  of(clientId: string): Promise<readonly UsableTool[]>
}

/** A tool that a client's model may call, ready to be called. */
export interface UsableTool {
  definition: ToolDefinition
  check: CheckArguments
  policy: ToolPolicy
  /** Whether making the same call twice does no harm. */
  idempotent: boolean
  /** What the visitor reads while it works. */
  label: string
  /** What it returns may be written by anybody, and hold instructions: reviews, mail, a server that we do not know. */
  returnsOthersWords: boolean
  /** Makes a call, once as the other side sees it. Secrets are masked in what it gives. Rejects with the signal's reason. */
  call(asked: AskedCall, signal: AbortSignal): Promise<ToolOutcome>
}

/** One call, its arguments checked. */
export interface AskedCall {
  to: { client_id: string; session_id: string; conversation_id: string }
  /** Names the call wherever it comes from, `conversation.turn.step.place`: the same whenever it is made again. */
  key: string
  /** The row that records it: what a late result is brought to, however often the call is made again. */
  execution_id: string
  given: Record<string, unknown>
  for: CalledFor
  /** Milliseconds that are left for it. */
  timeLeft: number
}

/** For whom a call is made, as the session tells, never the model. `proven`: the business has vouched for it. */
export interface CalledFor {
  user_identifier: string | null
  proven: boolean
}
