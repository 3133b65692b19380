import type * as Sdk from '@anthropic-ai/sdk'
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages'
import type * as Undici from 'undici'
import { createDispatchFetch, StreamedResponse } from '../dispatch-fetch.ts'
import type { ModelRequest, Provider } from '../provider.ts'
import { retrying } from '../retry.ts'
import { SseDecoder } from '../sse.ts'
import { Watch } from '../watch.ts'
import { answerOf } from './answer.ts'
import { providerError } from './errors.ts'
import { EventReader, type Part } from './events.ts'
import type { ClaudeLimits, ClaudeSettings } from './index.ts'
import { paramsOf } from './request.ts'

/** Requests that may follow a `pause_turn`, each going on where the one before paused. */
const MOST_CONTINUATIONS = 4

/** How long an idle connection is kept for the next request, in milliseconds. */
const KEEP_ALIVE_MS = 60_000

/** What is loaded only where Claude was chosen. */
export interface Libraries {
  sdk: typeof Sdk
  undici: typeof Undici
}

interface Context {
  sdk: typeof Sdk
  client: Sdk.Anthropic
  settings: ClaudeSettings
  limits: ClaudeLimits
}

/** What a request is made under: `say` takes its text, `endsAt` is the end of all patience by `performance.now()`. */
interface Call {
  say: (text: string) => void
  signal: AbortSignal
  endsAt: number
}

/** `Provider.ask` of Claude. Connections are kept and used again. */
export function createAsk(
  libraries: Libraries,
  settings: ClaudeSettings,
  limits: ClaudeLimits,
): Provider['ask'] {
  const context = { sdk: libraries.sdk, client: createClient(libraries, settings, limits), settings, limits }
  return (request, onText, signal) => ask(context, request, onText, signal)
}

/** Every option that the SDK would else read from the environment is given: only `server/config` reads that. */
function createClient(
  { sdk, undici }: Libraries,
  { apiKey, baseUrl }: ClaudeSettings,
  { time }: ClaudeLimits,
): Sdk.Anthropic {
  const dispatcher = new undici.Agent({ connect: { timeout: time.connect }, keepAliveTimeout: KEEP_ALIVE_MS })
  return new sdk.Anthropic({
    apiKey,
    baseURL: baseUrl,
    webhookKey: null,
    maxRetries: 0,
    timeout: time.answer,
    logLevel: 'off',
    openTelemetry: false,
    fetch: createDispatchFetch(dispatcher),
  })
}

async function ask(
  context: Context,
  request: ModelRequest,
  onText: (text: string) => void,
  signal: AbortSignal,
): ReturnType<Provider['ask']> {
  const { settings, limits } = context
  const params = paramsOf(request, request.model ?? settings.model)
  const parts: Part[] = []
  let spoke = false
  const say = (text: string) => {
    spoke = true
    onText(text)
  }
  const call: Call = { say, signal, endsAt: performance.now() + limits.time.answer }
  for (;;) {
    const messages = [...params.messages, ...asSaid(parts)]
    const attempt = () => askOnce(context, { ...params, messages }, call)
    const part = await retrying(attempt, () => !spoke, limits.retry, signal)
    parts.push(part)
    if (part.stopReason !== 'pause_turn' || parts.length > MOST_CONTINUATIONS) break
  }
  return answerOf(parts, { request, model: params.model, say })
}

/** A paused answer as the vendor wants it back, to go on from there. */
function asSaid(parts: readonly Part[]): MessageCreateParamsStreaming['messages'] {
  const content = parts.flatMap((part) => part.blocks)
  if (content.length === 0) return []
  return [{ role: 'assistant', content }] as unknown as MessageCreateParamsStreaming['messages']
}

async function askOnce(context: Context, params: MessageCreateParamsStreaming, call: Call): Promise<Part> {
  const { sdk, client, settings, limits } = context
  const watch = new Watch(call.signal, limits.time, call.endsAt)
  const reader = new EventReader({
    began: () => {
      watch.began()
    },
    called: () => {
      watch.spoke()
    },
    said: (text) => {
      // Several events may come in one piece, and the first may be what made the caller stop.
      if (watch.over) watch.signal.throwIfAborted()
      watch.spoke()
      call.say(text)
    },
  })
  const decoder = new SseDecoder((data) => {
    reader.take(data)
  }, limits.sse)
  try {
    const response = await client.messages.create(params, { signal: watch.signal }).asResponse()
    if (!(response instanceof StreamedResponse)) throw new Error('The SDK did not hand the response through')
    await response.read((chunk) => {
      watch.heard()
      decoder.push(chunk)
      return !reader.complete
    }, watch.signal)
    return reader.finish()
  } catch (error) {
    watch.signal.throwIfAborted()
    throw providerError(sdk, error, settings.apiKey)
  } finally {
    watch.close()
  }
}
