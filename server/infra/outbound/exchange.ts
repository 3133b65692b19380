import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import type { OutboundRequest } from './index.ts'

/** An answer, read to its end. */
export interface Exchanged {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
}

/** The answer's body is larger than is taken. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/** `progress.sent` turns true before the first byte leaves. */
export interface Watched {
  progress: { sent: boolean }
  signal: AbortSignal
}

type Asked = Pick<OutboundRequest, 'method' | 'headers' | 'body' | 'mostBytes' | 'isEnough'>

/** Sends a request and reads its answer; of a redirect's, the head alone. Aborting closes the connection. */
export function exchange(
  dispatcher: Dispatcher,
  request: Asked & { path: string },
  { progress, signal }: Watched,
): Promise<Exchanged> {
  const { method, path, headers, body, mostBytes, isEnough } = request
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let head: Pick<Exchanged, 'status' | 'headers'> | null = null
    let controller: Dispatcher.DispatchController | null = null
    const settle = (how: () => void) => {
      signal.removeEventListener('abort', giveUp)
      how()
    }
    const stop = (reason: Error) => {
      settle(() => {
        reject(reason)
      })
      controller?.abort(reason)
    }
    const giveUp = () => {
      stop(signal.reason as Error)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    dispatcher.dispatch(
      { method, path, body, headers: { ...headers, 'accept-encoding': 'identity' } },
      {
        onRequestStart(started) {
          controller = started
          if (signal.aborted) started.abort(signal.reason as Error)
          else progress.sent = true
        },
        onResponseStart(_, status, received) {
          if (status < 200) return
          head = { status, headers: received }
          if (status >= 300 && status < 400) finish()
          else if (Number(received['content-length'] ?? 0) > mostBytes) tooLarge()
        },
        onResponseData(_, chunk) {
          length += chunk.length
          if (length > mostBytes) tooLarge()
          else chunks.push(chunk)
          if (length <= mostBytes && head && isEnough?.(chunk, head)) leave()
        },
        onResponseEnd: finish,
        onResponseError(_, error) {
          settle(() => {
            reject(error)
          })
        },
      },
    )

    function finish(): void {
      settle(() => {
        if (head) resolve({ ...head, body: Buffer.concat(chunks) })
      })
    }

    function leave(): void {
      finish()
      controller?.abort(new Error('what came is enough'))
    }

    function tooLarge(): void {
      stop(new TooLarge(`more than ${String(mostBytes)} bytes`))
    }
  })
}
