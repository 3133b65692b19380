/** What one turn may spend. Reaching a limit ends the tool steps: the model is asked once more, and may call nothing. */
export interface AgentLimits {
  /** Calls of the model that end in tool calls. */
  steps: number
  /** Tool calls in all. */
  calls: number
}

export const AGENT_LIMITS: AgentLimits = { steps: 8, calls: 16 }
