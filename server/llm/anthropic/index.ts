import { abortable } from '../abortable.ts'
import type { Provider } from '../provider.ts'
import { RETRY_LIMITS, type RetryLimits } from '../retry.ts'
import { SSE_LIMITS, type SseLimits } from '../sse.ts'
import { TIME_LIMITS, type TimeLimits } from '../watch.ts'
import { createAsk, type Libraries } from './ask.ts'

/** The model where nobody names one: the vendor's fastest and cheapest, made for chat (docs/providers.md). */
export const CLAUDE_MODEL = 'claude-haiku-5-5'

export interface ClaudeSettings {
  apiKey: string
  /** Without a slash at its end. */
  baseUrl: string
  /** The model that answers when a request names none. */
  model: string
}

export interface ClaudeLimits {
  time: TimeLimits
  retry: RetryLimits
  sse: SseLimits
}

export const CLAUDE_LIMITS: Readonly<ClaudeLimits> = {
  time: TIME_LIMITS,
  retry: RETRY_LIMITS,
  sse: SSE_LIMITS,
}

/**
 * Anthropic's Claude. The vendor's SDK takes a third of a second to load, so it is loaded only here, and beside whatever
 * else is starting.
 */
export function createClaude(settings: ClaudeSettings, limits: ClaudeLimits = CLAUDE_LIMITS): Provider {
  const loading = loadLibraries().then((libraries) => createAsk(libraries, settings, limits))
  // Whoever asks is told.
  loading.catch(() => undefined)
  return {
    name: 'claude',
    defaultModel: settings.model,
    smallModel: CLAUDE_MODEL,
    async ask(request, onText, signal) {
      signal.throwIfAborted()
      const ask = await abortable(loading, signal)
      return ask(request, onText, signal)
    },
  }
}

async function loadLibraries(): Promise<Libraries> {
  const [sdk, undici] = await Promise.all([import('@anthropic-ai/sdk'), import('undici')])
  return { sdk, undici }
}
