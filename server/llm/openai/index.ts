import { isOpenAi } from '../../config/llm.ts'
import { loadLate } from '../load-late.ts'
import type { Provider } from '../provider.ts'
import { VENDOR_LIMITS, type VendorLimits } from '../stream-answer.ts'
import { createAsk, type Libraries } from './ask.ts'

/** The model where nobody names one: the vendor's fastest and cheapest, made for chat (docs/providers.md). */
export const OPENAI_MODEL = 'gpt-6-luna'

export interface OpenAiSettings {
  /** Empty where a compatible server wants none. */
  apiKey: string
  /** With the API's version, such as `https://api.openai.com/v1`, without a slash at its end. */
  baseUrl: string
  /** The model that answers when a request names none. */
  model: string
  /** Responses is OpenAI's own; Chat Completions is what compatible servers speak. */
  api: 'responses' | 'chat'
}

/**
 * While a model of OpenAI's thinks, nothing may come but a `keepalive` every half a minute, over Chat Completions
 * nothing at all; and a compatible server may have to load its model first.
 */
export const OPENAI_LIMITS: Readonly<Record<OpenAiSettings['api'], VendorLimits>> = {
  responses: { ...VENDOR_LIMITS, time: { ...VENDOR_LIMITS.time, silence: 45_000 } },
  chat: { ...VENDOR_LIMITS, time: { ...VENDOR_LIMITS.time, silence: 45_000, firstToken: 90_000 } },
}

/** OpenAI, and servers that speak as it does. */
export function createOpenAi(
  settings: OpenAiSettings,
  limits: VendorLimits = OPENAI_LIMITS[settings.api],
): Provider {
  return {
    name: 'openai',
    defaultModel: settings.model,
    smallModel: isOpenAi(settings.baseUrl) ? OPENAI_MODEL : settings.model,
    ask: loadLate(loadLibraries().then((libraries) => createAsk(libraries, settings, limits))),
  }
}

async function loadLibraries(): Promise<Libraries> {
  const [sdk, undici] = await Promise.all([import('openai'), import('undici')])
  return { sdk, undici }
}
