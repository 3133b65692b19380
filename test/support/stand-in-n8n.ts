import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Inbox } from './inbox.ts'

/** One request as the stand-in got it. */
export interface ReceivedCall {
  method: string
  path: string
  headers: IncomingHttpHeaders
  text: string
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** A server that answers as n8n's webhooks do, in all the ways in which they can. */
export interface StandIn {
  /** Without a slash at its end. */
  url: string
  /** As `OUTBOUND_ALLOW` names it. */
  hostAndPort: string
  port: number
  /** Connections that were opened. */
  readonly connections: number
  /** The requests, in their order. */
  calls: Inbox<ReceivedCall>
  /** How the requests to a path are answered from here on. */
  on(path: string, answer: Answer): void
  close(): Promise<void>
}

/** Answers with JSON. */
export function json(value: unknown, status = 200): Answer {
  return (response) => {
    response
      .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
      .end(JSON.stringify(value))
  }
}

/** Answers with these bytes. */
export function raw(body: string | Buffer, headers: Record<string, string>, status = 200): Answer {
  return (response) => {
    response.writeHead(status, headers).end(body)
  }
}

/** What n8n 1.97 says where no workflow is active under this path. */
export const NOT_REGISTERED = json(
  {
    code: 404,
    message: 'The requested webhook "POST orders" is not registered.',
    hint: "The workflow must be active for a production URL to run successfully. You can activate the workflow using the toggle in the top-right of the editor. Note that unlike test URL calls, production URL calls aren't shown on the canvas (only in the executions list)",
  },
  404,
)

/** What n8n says where a workflow broke. */
export const WORKFLOW_BROKE = json({ message: 'Error in workflow' }, 500)

/** Never answers. */
export const silent: Answer = () => undefined

/** Breaks the connection off once the request was read. */
export const reset: Answer = (_, request) => {
  request.socket.resetAndDestroy()
}

/** Begins to answer, then breaks the connection off. */
export const resetInBody: Answer = (response, request) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"order":', () => request.socket.resetAndDestroy())
}

export async function startStandIn(): Promise<StandIn> {
  const answers = new Map<string, Answer>()
  const sockets = new Set<Socket>()
  const calls = new Inbox<ReceivedCall>('call of a webhook')
  let connections = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('error', () => undefined)
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      calls.put({ method, path, headers, text: Buffer.concat(chunks).toString('utf8') })
      const answer = answers.get(path) ?? NOT_REGISTERED
      answer(response, request)
    })
  })
  server.on('connection', (socket) => {
    connections++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    hostAndPort: `127.0.0.1:${port}`,
    port,
    get connections() {
      return connections
    },
    calls,
    on: (path, answer) => void answers.set(path, answer),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
