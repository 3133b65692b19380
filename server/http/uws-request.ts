import type { HttpRequest } from 'uWebSockets.js'
import type { UwsExchange } from './uws-exchange.ts'

/** Bytes of a request body that wait for their reader before the client is made to pause. */
const BODY_BUFFER = 64 * 1024

/**
 * The Fetch API's request, copied before the handler returns: uWebSockets.js takes `req` back then. Null when it is
 * not one (a bad Host, target, method or header).
 */
export function readRequest(req: HttpRequest, exchange: UwsExchange): Request | null {
  const method = req.getCaseSensitiveMethod().toUpperCase()
  const host = req.getHeader('host')
  const path = req.getUrl()
  if (!HOST.test(host) || !path.startsWith('/')) return null
  // Undefined without a question mark, whatever the types say.
  const query = req.getQuery() as string | undefined
  const url = `http://${host}${path}${query === undefined ? '' : `?${query}`}`
  const body = method === 'GET' || method === 'HEAD' ? null : readBody(exchange)
  try {
    const headers = new Headers()
    req.forEach((name, value) => headers.append(name, value))
    const init: StreamedRequest = { method, headers, body, signal: exchange.abort.signal, duplex: 'half' }
    return new Request(url, init)
  } catch {
    return null
  }
}

/** Node demands `duplex` with a streamed body; the DOM's types do not know it. */
type StreamedRequest = RequestInit & { duplex: 'half' }

const HOST = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** The body as it arrives. A slow reader makes the client pause; an abort errors the stream. */
function readBody(exchange: UwsExchange): ReadableStream<Uint8Array> {
  const { res, abort } = exchange
  let wanted = true
  let paused = false
  exchange.bodyArrived = false
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        abort.signal.addEventListener('abort', () => {
          if (!exchange.bodyArrived && wanted) controller.error(abort.signal.reason)
        })
        res.onData((chunk, isLast) => {
          if (wanted && !exchange.isOpen()) {
            // The answer is out, so nobody reads on; more of the body comes until the connection is closed.
            wanted = false
            controller.error(new DOMException('The request has been answered.', 'AbortError'))
          }
          // uWebSockets.js takes the chunk's memory back when this returns.
          if (wanted && chunk.byteLength > 0) controller.enqueue(new Uint8Array(chunk.slice(0)))
          exchange.bodyArrived = isLast
          if (isLast) {
            if (wanted) controller.close()
          } else if (wanted && (controller.desiredSize ?? 0) <= 0) {
            paused = true
            res.pause()
          }
        })
      },
      pull() {
        if (paused && exchange.isOpen()) res.resume()
        paused = false
      },
      cancel() {
        wanted = false
        if (paused && exchange.isOpen()) res.resume()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BODY_BUFFER }),
  )
}
