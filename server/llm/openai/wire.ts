/**
 * What is read of the two streams. Everything may be missing: newer kinds of events come unannounced, and servers that
 * imitate the APIs leave things out.
 */
export interface WireError {
  code?: unknown
  type?: unknown
}

/** An event of the Responses API. */
export interface ResponseEvent {
  type?: string
  output_index?: number
  item?: WireItem
  delta?: unknown
  /** The whole response, in the first events and in the last one. */
  response?: {
    error?: WireError | null
    incomplete_details?: { reason?: string } | null
    usage?: ResponseUsage | null
  }
  /** Of an `error` event; some come with the same inside `error`. */
  code?: unknown
  error?: WireError | null
}

/** A part of an answer, which goes back to the vendor as it came: a message, a call, what was thought. */
export interface WireItem {
  type?: string
  call_id?: unknown
  name?: unknown
  arguments?: unknown
  [field: string]: unknown
}

export interface ResponseUsage {
  input_tokens?: number
  output_tokens?: number
  input_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null
}

/** A chunk of Chat Completions. */
export interface ChatChunk {
  choices?: { delta?: ChatDelta | null; finish_reason?: string | null }[] | null
  usage?: ChatUsage | null
  error?: WireError | null
}

export interface ChatDelta {
  content?: unknown
  refusal?: unknown
  tool_calls?: CallFragment[] | null
}

/** A fragment of a call: its id and name come with the first one only, or empty with the others. */
export interface CallFragment {
  index?: number
  id?: string | null
  function?: { name?: string | null; arguments?: string | null } | null
}

export interface ChatUsage {
  prompt_tokens?: number
  completion_tokens?: number
  prompt_tokens_details?: { cached_tokens?: number; cache_write_tokens?: number } | null
}
