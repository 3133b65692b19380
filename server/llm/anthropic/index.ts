import { loadLate } from '../load-late.ts'
import type { Provider } from '../provider.ts'
import { VENDOR_LIMITS, type VendorLimits } from '../stream-answer.ts'
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

/** Anthropic's Claude. */
export function createClaude(settings: ClaudeSettings, limits: VendorLimits = VENDOR_LIMITS): Provider {
  return {
    name: 'claude',
    defaultModel: settings.model,
    smallModel: CLAUDE_MODEL,
    ask: loadLate(loadLibraries().then((libraries) => createAsk(libraries, settings, limits))),
  }
}

async function loadLibraries(): Promise<Libraries> {
  const [sdk, undici] = await Promise.all([import('@anthropic-ai/sdk'), import('undici')])
  return { sdk, undici }
}
