import type { CountedUsage } from '../provider.ts'
import type { ChatUsage, ResponseUsage } from './wire.ts'

/** What the Responses API has counted. What came from the cache and went to it is part of the input. */
export function responseUsage(usage: ResponseUsage | null | undefined): CountedUsage {
  return {
    input: usage?.input_tokens ?? 0,
    output: usage?.output_tokens ?? 0,
    cached: usage?.input_tokens_details?.cached_tokens ?? 0,
    written: usage?.input_tokens_details?.cache_write_tokens ?? 0,
  }
}

/** The same of Chat Completions; zeros where the server did not count. */
export function chatUsage(usage: ChatUsage | null): CountedUsage {
  return {
    input: usage?.prompt_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
    written: usage?.prompt_tokens_details?.cache_write_tokens ?? 0,
  }
}
