/** Whose thinking a stored step holds. */
export const VENDOR = 'ollama'

/**
 * What is read of Ollama's answers, and what is sent that its SDK does not know yet. Everything may be missing: older
 * servers leave things out, and servers that imitate the API do so too.
 * https://docs.ollama.com/api/chat
 */
export interface WireLine {
  message?: { content?: unknown; thinking?: unknown; tool_calls?: unknown }
  done?: boolean
  /** `stop`, `length`, or `load` and `unload` where nothing was asked. */
  done_reason?: string
  /** Every token of the prompt, those of the cache included. */
  prompt_eval_count?: number
  prompt_eval_cached_count?: number
  eval_count?: number
  error?: unknown
}

export interface WireCall {
  id?: string
  function?: { name?: unknown; arguments?: unknown }
}

export interface WireMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  thinking?: string
  tool_calls?: { id: string; function: { index: number; name: string; arguments: Record<string, unknown> } }[]
  tool_name?: string
  tool_call_id?: string
}

export interface WireModel {
  name?: string
  /** Where the model runs, when that is not this Ollama. */
  remote_host?: string
  /** Newer servers tell them here already. */
  capabilities?: string[]
}

export interface WireDescription {
  capabilities?: string[]
  /** What `think` may be. */
  thinking?: { values?: unknown[] }
  template?: string
  model_info?: Record<string, unknown>
}
