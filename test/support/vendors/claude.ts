import { createClaude } from '../../../server/llm/anthropic/index.ts'
import type { ModelAnswer, ModelRequest, Provider } from '../../../server/llm/provider.ts'
import { VENDOR_LIMITS } from '../../../server/llm/stream-answer.ts'
import type { TimeLimits } from '../../../server/llm/watch.ts'
import { GOOD_KEY } from './anthropic.ts'

/** Claude as a server has it, asking the stand-in at this address; repetitions come at once. */
export function claudeAt(
  url: string,
  changes: { apiKey?: string; time?: Partial<TimeLimits>; stream?: number } = {},
): Provider {
  return createClaude(
    { apiKey: changes.apiKey ?? GOOD_KEY, baseUrl: url, model: 'claude-haiku-5-5' },
    {
      time: { ...VENDOR_LIMITS.time, ...changes.time },
      retry: { retries: 2, firstWait: 1, longestWait: 1_000 },
      sse: { ...VENDOR_LIMITS.sse, ...(changes.stream && { stream: changes.stream }) },
    },
  )
}

/** Asks one question, and gives what came of it: the pieces as they were said, and the answer or the failure. */
export async function askClaude(
  provider: Provider,
  request: Partial<ModelRequest> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<{ said: string[]; answer?: ModelAnswer; error?: unknown }> {
  const said: string[] = []
  try {
    return { said, answer: await provider.ask(questionWith(request), (text) => said.push(text), signal) }
  } catch (error) {
    return { said, error }
  }
}

export function questionWith(request: Partial<ModelRequest>): ModelRequest {
  return {
    client_id: 'client-1',
    system: { stable: 'You help the visitors of Acme.', moment: '' },
    messages: [{ role: 'user', text: 'Do you have boots?' }],
    tools: [],
    mayCall: true,
    ...request,
  }
}
