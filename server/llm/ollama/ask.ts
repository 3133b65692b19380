import type * as Sdk from 'ollama'
import type * as Undici from 'undici'
import { NdjsonDecoder } from '../ndjson.ts'
import { ProviderError, type ModelRequest, type Provider } from '../provider.ts'
import { Call, streamAnswer } from '../stream-answer.ts'
import { createVendorFetch } from '../vendor-fetch.ts'
import { answerOf } from './answer.ts'
import { ChatReader, type Part } from './chat-reader.ts'
import { OllamaClient } from './client.ts'
import { ContextSizes } from './context-size.ts'
import type { DefaultModel } from './default-model.ts'
import type { OllamaLimits } from './index.ts'
import { KnownModels } from './known-models.ts'
import { chatRequestOf } from './request.ts'

/** What is loaded only where Ollama was chosen. */
export interface Libraries {
  sdk: typeof Sdk
  undici: typeof Undici
}

interface Context {
  client: OllamaClient
  models: KnownModels
  sizes: ContextSizes
  defaultModel: DefaultModel
  limits: OllamaLimits
}

/** `Provider.ask` of Ollama. Connections are kept and used again. */
export function createAsk(
  { sdk, undici }: Libraries,
  settings: { host: string; defaultModel: DefaultModel },
  limits: OllamaLimits,
): Provider['ask'] {
  const client = new OllamaClient(sdk, settings.host, createVendorFetch(undici, limits.time))
  const context: Context = {
    client,
    models: new KnownModels(client, limits.look),
    sizes: new ContextSizes(limits.loaded),
    defaultModel: settings.defaultModel,
    limits,
  }
  return (request, onText, signal, tap) =>
    ask(context, request, new Call(onText, signal, limits.time.answer, tap))
}

async function ask(context: Context, request: ModelRequest, call: Call): ReturnType<Provider['ask']> {
  const { limits } = context
  let model = ''
  const part = await streamAnswer<Part>(
    {
      send: async (signal) => {
        model = await chooseModel(context, request, signal)
        return send(context, request, model, signal)
      },
      reader: (listener) => new ChatReader(listener, request),
      decoder: (onLine) => new NdjsonDecoder(onLine, limits.sse),
      failure: (error) => error,
    },
    call,
    limits,
  )
  return answerOf(part, request, model)
}

function chooseModel(context: Context, request: ModelRequest, signal: AbortSignal): Promise<string> {
  const { client, defaultModel, limits } = context
  return defaultModel.choose(request.model, { client, patience: limits.look, signal })
}

async function send(
  { client, models, sizes, defaultModel, limits }: Context,
  request: ModelRequest,
  model: string,
  signal: AbortSignal,
): Promise<Response> {
  try {
    const abilities = await models.of(model, signal)
    const params = chatRequestOf(request, { model, abilities, sizes, loadedMs: limits.loaded })
    return await client.chat(params, request, signal)
  } catch (error) {
    // What was remembered may be why: the model was removed, or is another one by now.
    if (error instanceof ProviderError && error.code === 'rejected') {
      models.forget(model)
      defaultModel.forget(model)
    }
    throw error
  }
}
