import { once } from 'node:events'
import http from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * What the proxy does with WebSockets. A number: it answers the upgrade with that status and a page of its own.
 * `cut`: it hangs up. `hang`: it never answers. `swallow`: what the browser says goes nowhere. `deafen`: what the server
 * says goes nowhere. Of those that are open, what they carry from now on.
 */
export type SocketRule = 'pass' | 'cut' | 'hang' | 'swallow' | 'deafen' | number

/**
 * What it does with everything else. `hold`: a body is passed on when it is whole. `portal`: a page of its own, whatever
 * is asked. `cut`: it hangs up, and has hung up on what was under way.
 */
export type RequestRule = 'pass' | 'hold' | 'portal' | 'cut'

/** A company's proxy that understands HTTP, and has opinions about it. */
export interface PickyProxy {
  url: string
  /** Requests that came, as `GET /path`; upgrades as `WS /path`. */
  readonly asked: string[]
  /** WebSockets that are open now. */
  readonly sockets: number
  rule(rules: { sockets?: SocketRule; requests?: RequestRule }): void
  /** Hangs up on every WebSocket that is open now. */
  cutSockets(): void
  close(): Promise<void>
}

const PAGE = '<!doctype html><title>Access</title><p>Please sign in to the network.</p>'

export async function startPickyProxy(to: string): Promise<PickyProxy> {
  const { hostname, port } = new URL(to)
  const asked: string[] = []
  const open = new Set<Duplex>()
  const running = new Set<http.ClientRequest>()
  let sockets: SocketRule = 'pass'
  let requests: RequestRule = 'pass'

  const server = http.createServer((incoming, response) => {
    const { method, url: path, headers } = incoming
    asked.push(`${method} ${path}`)
    if (requests === 'cut') {
      incoming.socket.destroy()
      return
    }
    if (requests === 'portal') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE)
      return
    }
    const onward = http.request({ hostname, port, method, path, headers, agent: false }, (answer) => {
      if (requests === 'hold') {
        passWhole(answer, response)
        return
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      response.flushHeaders()
      answer.pipe(response)
      answer.on('close', () => answer.complete || response.destroy())
    })
    running.add(onward)
    onward.on('error', () => response.destroy())
    onward.on('close', () => running.delete(onward))
    response.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  server.on('upgrade', (request: http.IncomingMessage, near: Duplex) => {
    asked.push(`WS ${request.url}`)
    open.add(near)
    near.on('error', () => near.destroy())
    near.on('close', () => open.delete(near))
    if (typeof sockets === 'number') near.end(refusal(sockets))
    else if (sockets === 'cut') near.destroy()
    else if (sockets !== 'hang') join(near, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function join(near: Duplex, { method, url: path, rawHeaders }: http.IncomingMessage): void {
    const far = connect(Number(port), hostname)
    const lines = rawHeaders.flatMap((name, at) => (at % 2 ? [] : [`${name}: ${rawHeaders[at + 1]}`]))
    far.write([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
    let isOpen = false
    near.on('data', (bytes: Buffer) => sockets !== 'swallow' && far.write(bytes))
    far.on('data', (bytes: Buffer) => {
      if (!isOpen || sockets !== 'deafen') near.write(bytes)
      isOpen = true
    })
    far.on('error', () => near.destroy())
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }

  const cutSockets = (): void => {
    for (const near of open) near.destroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    get sockets() {
      return open.size
    },
    rule(rules) {
      sockets = rules.sockets ?? sockets
      requests = rules.requests ?? requests
      if (requests === 'cut') for (const one of running) one.destroy()
    },
    cutSockets,
    async close() {
      cutSockets()
      for (const one of running) one.destroy()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function passWhole(answer: http.IncomingMessage, response: http.ServerResponse): void {
  const parts: Buffer[] = []
  answer.on('data', (part: Buffer) => parts.push(part))
  answer.on('end', () =>
    response.writeHead(answer.statusCode ?? 502, answer.headers).end(Buffer.concat(parts)),
  )
}

function refusal(status: number): string {
  const head = [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}`,
    'content-type: text/html',
    'connection: close',
  ]
  return [...head, `content-length: ${PAGE.length}`, '', PAGE].join('\r\n')
}
