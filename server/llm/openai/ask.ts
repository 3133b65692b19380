import type * as Sdk from 'openai'
import type * as Undici from 'undici'
import type { ModelRequest, Provider } from '../provider.ts'
import { SseDecoder } from '../sse.ts'
import { Call, streamAnswer, type Exchange, type VendorLimits } from '../stream-answer.ts'
import { createVendorFetch } from '../vendor-fetch.ts'
import { answerOf, type Part } from './answer.ts'
import { ChatReader } from './chat-events.ts'
import { chatParams } from './chat-request.ts'
import { providerError } from './errors.ts'
import type { OpenAiSettings } from './index.ts'
import { ResponseReader } from './responses-events.ts'
import { responseParams } from './responses-request.ts'

/** What is loaded only where OpenAI was chosen. */
export interface Libraries {
  sdk: typeof Sdk
  undici: typeof Undici
}

type Api = Pick<Exchange<Part>, 'send' | 'reader'>

/** `Provider.ask` of OpenAI. Connections are kept and used again. */
export function createAsk(
  libraries: Libraries,
  settings: OpenAiSettings,
  limits: VendorLimits,
): Provider['ask'] {
  const { sdk } = libraries
  const client = createClient(libraries, settings, limits)
  const apiFor = settings.api === 'responses' ? responses : chat
  return async (request, onText, signal, tap) => {
    const model = request.model ?? settings.model
    const call = new Call(onText, signal, limits.time.answer, tap)
    const exchange: Exchange<Part> = {
      ...apiFor(client, request, model),
      decoder: (onEvent) => new SseDecoder(onEvent, limits.sse),
      failure: (error) => providerError(sdk, error, settings.apiKey, request),
    }
    const part = await streamAnswer(exchange, call, limits)
    return answerOf(part, { request, model, say: call.say })
  }
}

/**
 * Every option that the SDK would else read from the environment is given: only `server/config` reads that. Without a
 * key nothing is sent that looks like one; the SDK takes no empty key.
 */
function createClient(
  { sdk, undici }: Libraries,
  { apiKey, baseUrl }: OpenAiSettings,
  { time }: VendorLimits,
): Sdk.OpenAI {
  return new sdk.OpenAI({
    apiKey: apiKey || 'none',
    ...(apiKey === '' ? { defaultHeaders: { Authorization: null } } : {}),
    adminAPIKey: null,
    baseURL: baseUrl,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: time.answer,
    logLevel: 'off',
    fetch: createVendorFetch(undici, time),
  })
}

function responses(client: Sdk.OpenAI, request: ModelRequest, model: string): Api {
  const params = responseParams(request, model)
  return {
    send: (signal) => client.responses.create(params, { signal }).asResponse(),
    reader: (listener) => new ResponseReader(listener),
  }
}

function chat(client: Sdk.OpenAI, request: ModelRequest, model: string): Api {
  const params = chatParams(request, model)
  return {
    send: (signal) => client.chat.completions.create(params, { signal }).asResponse(),
    reader: (listener) => new ChatReader(listener),
  }
}
