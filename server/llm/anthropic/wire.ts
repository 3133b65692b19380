/** Whose blocks a stored step holds. */
export const VENDOR = 'anthropic'

/**
 * What is read of Anthropic's stream. Everything may be missing: newer kinds of events and blocks come unannounced, and
 * servers that imitate the API leave things out.
 */
export interface WireEvent {
  type?: string
  index?: number
  message?: { usage?: WireUsage }
  content_block?: WireBlock
  delta?: WireDelta
  usage?: WireUsage
  error?: WireError
}

/** A piece of an answer, as it was begun and then grew; it goes back to the vendor in the same form. */
export interface WireBlock {
  type: string
  [field: string]: unknown
}

export interface WireDelta {
  type?: string
  text?: string
  thinking?: string
  signature?: string
  partial_json?: string
  citation?: unknown
  stop_reason?: string | null
}

/** Counts so far; a count that is missing or null says nothing. */
export interface WireUsage {
  input_tokens?: number | null
  output_tokens?: number | null
  cache_creation_input_tokens?: number | null
  cache_read_input_tokens?: number | null
}

export interface WireError {
  type?: string
  message?: string
}
