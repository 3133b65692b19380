import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { IncomingBody, type OnChunk } from './incoming-body.ts'

/** Bytes of a failed response's body that are read; vendors' errors are far shorter. */
const LONGEST_ERROR = 65_536

/** A successful response whose body is read with `read`: as a `Response` it has none. */
export class StreamedResponse extends Response {
  readonly #body: IncomingBody
  /** What the request carried; empty where that was nothing. */
  readonly sent: string

  constructor(body: IncomingBody, init: ResponseInit, sent: string) {
    super(null, init)
    this.#body = body
    this.sent = sent
  }

  /** See `IncomingBody.read`. */
  read(onChunk: OnChunk, signal: AbortSignal): Promise<void> {
    return this.#body.read(onChunk, signal)
  }
}

/**
 * A `fetch` for vendors' SDKs, on undici's lowest level: web streams cost about as much as all else that is done with
 * a token (docs/decisions). A success is a `StreamedResponse`; a failure is a plain `Response` with its text. Sends
 * text, or no body at all; follows no redirect; knows no time limit but the signal's. Aborting closes the connection.
 */
export function createDispatchFetch(dispatcher: Dispatcher) {
  return (input: string | URL | Request, init: RequestInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const { body: text = null, signal } = init
      if (text !== null && typeof text !== 'string') throw new TypeError('Only a body of text can be sent')
      signal?.throwIfAborted()
      let controller: Dispatcher.DispatchController | null = null
      let body: IncomingBody | null = null
      const abort = () => {
        reject(signal?.reason as Error)
        controller?.abort(new Error('The request was aborted'))
      }
      const answered = () => signal?.removeEventListener('abort', abort)
      signal?.addEventListener('abort', abort, { once: true })

      dispatcher.dispatch(optionsOf(input, init, text), {
        onRequestStart(started) {
          controller = started
          if (signal?.aborted) abort()
        },
        onResponseStart(started, status, headers) {
          if (status < 200) return
          answered()
          body = new IncomingBody(started)
          const response = { status, headers: headersOf(headers) }
          if (status < 300) resolve(new StreamedResponse(body, response, text ?? ''))
          else resolve(failure(body, response, signal))
        },
        onResponseData(_, chunk) {
          body?.arrived(chunk)
        },
        onResponseEnd() {
          body?.ended()
        },
        onResponseError(_, error) {
          answered()
          body?.broke(error)
          reject(error)
        },
      })
    })
}

function optionsOf(
  input: string | URL | Request,
  init: RequestInit,
  body: string | null,
): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(input instanceof Request ? input.url : input)
  return {
    origin,
    path: pathname + search,
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    body,
    headersTimeout: 0,
    bodyTimeout: 0,
  }
}

async function failure(
  body: IncomingBody,
  init: ResponseInit,
  signal: AbortSignal | null | undefined,
): Promise<Response> {
  const chunks: Buffer[] = []
  let length = 0
  await body.read((chunk) => {
    chunks.push(chunk)
    length += chunk.length
    return length < LONGEST_ERROR
  }, signal)
  return new Response(Buffer.concat(chunks), init)
}

function headersOf(incoming: IncomingHttpHeaders): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(incoming)) {
    for (const value of [values ?? []].flat()) headers.append(name, value)
  }
  return headers
}
