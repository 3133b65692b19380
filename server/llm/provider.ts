import type { WireTap } from './wire-log.ts'

/** One message as a model reads it. A vendor's own form is made in the vendor's file, nowhere else. */
export type ModelMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; step?: ModelStep }
  | { role: 'tool'; results: ToolResult[] }

/** A function the model may call. `parameters` is JSON Schema of an object. */
export interface ToolDefinition {
  name: string
  description: string
  parameters: Record<string, unknown>
}

export interface ToolCall {
  id: string
  name: string
  /** Parsed, not yet validated; null when the model wrote broken JSON. */
  arguments: Record<string, unknown> | null
}

export interface ToolResult {
  call_id: string
  name: string
  /** What the model reads. */
  content: string
  failed: boolean
}

/** What one call of a model came to. JSON-safe: it is stored before its tools run, and replayed. */
export interface ModelStep {
  text: string
  calls: ToolCall[]
  /** The vendor's own blocks, sent back unchanged where the vendor wants them. */
  native?: unknown
}

export interface Usage {
  /** Every token that was read, wherever from. */
  input: number
  output: number
  /** Part of `input` that was read from the vendor's cache. */
  cached: number
  /** Part of `input` that was written to the vendor's cache, where that has a price of its own. */
  written?: number
  /** True: counted by us, since the vendor did not tell. */
  estimated?: boolean
}

/** What a vendor has counted itself. */
export type CountedUsage = Required<Omit<Usage, 'estimated'>>

/** Why a model stopped by itself. `refusal`: it declined; `length`: the limit on its output cut it. */
export type StopReason = 'end' | 'tools' | 'length' | 'refusal'

export interface ModelAnswer extends ModelStep {
  stop: StopReason
  usage: Usage
  /** Documents the answer stands on, where the provider itself knows them. */
  sources?: { title: string; url?: string }[]
}

/** What a model is told before the conversation, in the order in which it reads it. */
export interface SystemPrompt {
  /** The same for every question to this client, so that a vendor's cache may keep it. */
  stable: string
  /** What holds now: the date, the language, the conversation's summary. May be empty. */
  moment: string
}

/** How a model is to work, as far as the provider knows it: what it does not know, or refuses, it leaves out. */
export interface ModelParameters {
  /** Tokens of one answer at most, thinking included. */
  max_output_tokens?: number
  /** From 0, always the likeliest word, to 2. */
  temperature?: number
  /** How much a model thinks before it speaks. */
  effort?: 'low' | 'medium' | 'high'
  /** Tokens that a local model reads at most: its `num_ctx`. */
  context_tokens?: number
}

export interface ModelRequest {
  client_id: string
  /** Empty where the client or the installation names none: the provider's default is used. */
  model?: string
  system: SystemPrompt
  /** Oldest first; the last one is a user's or a tool's. */
  messages: ModelMessage[]
  tools: ToolDefinition[]
  /** False: it must answer in words; `tools` then only explain the calls in `messages`. */
  mayCall: boolean
  parameters?: ModelParameters
  locale?: string
  /** Where the business is (IANA): what "tomorrow" means there. */
  time_zone?: string
}

/** What went wrong at a vendor. `rejected`: the request or the key is wrong, so asking again is useless. */
export type ProviderFault =
  'unreachable' | 'overloaded' | 'rate_limited' | 'rejected' | 'timeout' | 'broken_stream'

const RETRYABLE: ReadonlySet<ProviderFault> = new Set([
  'unreachable',
  'overloaded',
  'rate_limited',
  'broken_stream',
])

/**
 * A provider's failure, told apart at the vendor's file: nobody else reads vendors' errors. The message is for the
 * log: it holds no key and nothing that a visitor wrote.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  /** Whether the same request can succeed a little later, as the vendor says or else as the code means. */
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined

  constructor(
    readonly code: ProviderFault,
    message: string,
    details: { retryAfterMs?: number | undefined; retryable?: boolean | undefined } = {},
  ) {
    super(message)
    this.retryable = details.retryable ?? RETRYABLE.has(code)
    this.retryAfterMs = details.retryAfterMs
  }
}

/**
 * What every model vendor is to us. A callback per piece of text, not an iterator: at fifty tokens a second and
 * hundreds of streams the iterator's promises cost more than sending the token (docs/decisions).
 */
export interface Provider {
  readonly name: string
  /** The model that answers when a request names none. */
  readonly defaultModel: string
  /** The cheapest model that can sum a conversation up; null where the provider has none that can. */
  readonly smallModel: string | null
  /**
   * Asks once. `onText` is called with each piece as it arrives, never after the promise has settled or `signal`
   * has aborted. Rejects with `ProviderError`, or with the signal's reason when aborted. `tap` hears what goes over
   * the wire, where anything does.
   */
  ask(
    request: ModelRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
    tap?: WireTap,
  ): Promise<ModelAnswer>
}

/** Finds passages of a client's knowledge, best first. Handed to those who need it by `app.ts`. */
export type SearchKnowledge = (query: {
  client_id: string
  text: string
  limit: number
}) => Promise<Passage[]>

export interface Passage {
  title: string
  content: string
  url?: string
  /** Higher is better; comparable within one search only. */
  score: number
}
