import type * as Sdk from '@anthropic-ai/sdk'
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages'
import type * as Undici from 'undici'
import type { ModelRequest, Provider } from '../provider.ts'
import { SseDecoder } from '../sse.ts'
import { Call, streamAnswer, type Exchange, type VendorLimits } from '../stream-answer.ts'
import { createVendorFetch } from '../vendor-fetch.ts'
import { answerOf } from './answer.ts'
import { providerError } from './errors.ts'
import { EventReader, type Part } from './events.ts'
import type { ClaudeSettings } from './index.ts'
import { paramsOf } from './request.ts'

/** Requests that may follow a `pause_turn`, each going on where the one before paused. */
const MOST_CONTINUATIONS = 4

/** What is loaded only where Claude was chosen. */
export interface Libraries {
  sdk: typeof Sdk
  undici: typeof Undici
}

interface Context {
  sdk: typeof Sdk
  client: Sdk.Anthropic
  settings: ClaudeSettings
  limits: VendorLimits
}

/** `Provider.ask` of Claude. Connections are kept and used again. */
export function createAsk(
  libraries: Libraries,
  settings: ClaudeSettings,
  limits: VendorLimits,
): Provider['ask'] {
  const context = { sdk: libraries.sdk, client: createClient(libraries, settings, limits), settings, limits }
  return (request, onText, signal, tap) =>
    ask(context, request, new Call(onText, signal, limits.time.answer, tap))
}

/** Every option that the SDK would else read from the environment is given: only `server/config` reads that. */
function createClient(
  { sdk, undici }: Libraries,
  { apiKey, baseUrl }: ClaudeSettings,
  { time }: VendorLimits,
): Sdk.Anthropic {
  return new sdk.Anthropic({
    apiKey,
    baseURL: baseUrl,
    webhookKey: null,
    maxRetries: 0,
    timeout: time.answer,
    logLevel: 'off',
    openTelemetry: false,
    fetch: createVendorFetch(undici, time),
  })
}

async function ask(context: Context, request: ModelRequest, call: Call): ReturnType<Provider['ask']> {
  const params = paramsOf(request, request.model ?? context.settings.model)
  const parts: Part[] = []
  for (;;) {
    const messages = [...params.messages, ...asSaid(parts)]
    const part = await streamAnswer(
      exchangeOf(context, request, { ...params, messages }),
      call,
      context.limits,
    )
    parts.push(part)
    if (part.stopReason !== 'pause_turn' || parts.length > MOST_CONTINUATIONS) break
  }
  return answerOf(parts, { request, model: params.model, say: call.say })
}

/** A paused answer as the vendor wants it back, to go on from there. */
function asSaid(parts: readonly Part[]): MessageCreateParamsStreaming['messages'] {
  const content = parts.flatMap((part) => part.blocks)
  if (content.length === 0) return []
  return [{ role: 'assistant', content }] as unknown as MessageCreateParamsStreaming['messages']
}

function exchangeOf(
  context: Context,
  request: ModelRequest,
  params: MessageCreateParamsStreaming,
): Exchange<Part> {
  const { sdk, client, settings, limits } = context
  return {
    send: (signal) => client.messages.create(params, { signal }).asResponse(),
    reader: (listener) => new EventReader(listener),
    decoder: (onEvent) => new SseDecoder(onEvent, limits.sse),
    failure: (error) => providerError(sdk, error, settings.apiKey, request),
  }
}
