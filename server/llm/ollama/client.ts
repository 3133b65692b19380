import type * as Sdk from 'ollama'
import { StreamedResponse, type createDispatchFetch } from '../dispatch-fetch.ts'
import { parseEvent } from '../json-object.ts'
import type { ModelRequest } from '../provider.ts'
import { tooLarge } from '../sse.ts'
import { unreachable } from '../vendor-faults.ts'
import { responseError, type Asked } from './errors.ts'
import type { WireDescription, WireModel } from './wire.ts'

/** Bytes of a description, or of the list of models. */
const LONGEST_ANSWER = 4_194_304

type Fetch = ReturnType<typeof createDispatchFetch>

/**
 * Ollama's API, through its SDK. The SDK knows no signal of a request, only an `abort` that ends everything of a client:
 * so each request has a client of its own, whose `fetch` follows the request's signal. All of them reject with
 * `ProviderError`, or with the signal's reason.
 */
export class OllamaClient {
  readonly #sdk: typeof Sdk
  readonly #host: string
  readonly #fetch: Fetch

  constructor(sdk: typeof Sdk, host: string, fetch: Fetch) {
    this.#sdk = sdk
    this.#host = host
    this.#fetch = fetch
  }

  /** The response whose body is the answer, line by line. */
  async chat(
    params: Sdk.ChatRequest & { stream: true },
    request: ModelRequest,
    signal: AbortSignal,
  ): Promise<Response> {
    const answers: Response[] = []
    const client = this.#client(async (input, init) => {
      answers.push(await this.#send(input, { ...init, signal }, { model: params.model, request }))
      // The SDK wants a body, of which it would make an iterator that nobody needs.
      return new Response('')
    })
    await client.chat(params)
    return answers[0] ?? Response.error()
  }

  async show(model: string, signal: AbortSignal): Promise<WireDescription> {
    const description: object = await this.#asking(signal, { model }).show({ model })
    return description
  }

  async list(signal: AbortSignal): Promise<WireModel[]> {
    const { models }: { models?: unknown } = await this.#asking(signal, {}).list()
    return Array.isArray(models) ? (models as WireModel[]) : []
  }

  /** A client for one short answer. */
  #asking(signal: AbortSignal, asked: Asked): Sdk.Ollama {
    return this.#client(async (input, init) =>
      whole(await this.#send(input, { ...init, signal }, asked), signal),
    )
  }

  #client(fetch: typeof globalThis.fetch): Sdk.Ollama {
    return new this.#sdk.Ollama({ host: this.#host, fetch })
  }

  /** A success; everything else is thrown here, since the SDK tells neither headers nor causes, and prints. */
  async #send(
    input: string | URL | Request,
    init: RequestInit & { signal: AbortSignal },
    asked: Asked,
  ): Promise<Response> {
    const headers = new Headers(init.headers)
    // The SDK would take a key from the environment, which only `server/config` reads.
    headers.delete('authorization')
    let response: Response
    try {
      response = await this.#fetch(input, { ...init, headers })
    } catch (error) {
      const isNetwork = !init.signal.aborted && error instanceof Error && 'code' in error
      throw isNetwork ? unreachable(error) : error
    }
    if (!response.ok) throw await responseError(response, asked)
    return response
  }
}

/** The response with its body, which is one JSON object. */
async function whole(response: Response, signal: AbortSignal): Promise<Response> {
  if (!(response instanceof StreamedResponse)) return response
  const chunks: Buffer[] = []
  let length = 0
  await response.read((chunk) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > LONGEST_ANSWER) throw tooLarge('The answer', LONGEST_ANSWER)
    return true
  }, signal)
  return Response.json(parseEvent(Buffer.concat(chunks).toString()))
}
