import http from 'node:http'

export interface Asking {
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: object
  /** Milliseconds until it is given up. */
  within: number
}

/** Asks over a connection of its own, so that any node may answer. Null: no whole answer came. */
export function askOnce(
  url: string,
  { method, headers = {}, body, within }: Asking,
): Promise<{ status: number; body: unknown } | null> {
  return new Promise((resolve) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const request = http.request(url, {
      method,
      agent: false,
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(within),
    })
    const failed = () => {
      resolve(null)
    }
    request.on('error', failed)
    request.on('response', (response) => {
      let said = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (said += piece))
      response.on('error', failed)
      response.on('close', () => {
        resolve(response.complete ? { status: response.statusCode ?? 0, body: parsed(said) } : null)
      })
    })
    request.end(text)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
