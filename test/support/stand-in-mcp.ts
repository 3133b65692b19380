import {
  createMcpHandler,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Inbox } from './inbox.ts'

/** A tool as a server describes it. */
export interface StoodInTool {
  name: string
  description?: string
  inputSchema: object
  annotations?: object
}

/** A request as the stand-in got it; `message` is the JSON of its body, {} where it had none. */
export interface McpReceived {
  method: string
  headers: IncomingMessage['headers']
  message: {
    method?: string
    params?: Record<string, unknown>
    id?: unknown
    error?: unknown
    result?: unknown
  }
}

/** How it speaks: in sessions, as servers did before 2026-07-28; each request on its own, then also only so. */
export type McpManner = 'sessions' | 'both' | 'newest'

/** A server of the official SDK on loopback, and ways in which one may go wrong. */
export interface McpStandIn {
  url: string
  /** As `OUTBOUND_ALLOW` names it. */
  hostAndPort: string
  port: number
  requests: Inbox<McpReceived>
  /** Names of the methods that were asked, in their order. */
  methods(): string[]
  /** What it lists; change it at will. */
  tools: StoodInTool[]
  /** What a call comes to: a result of the protocol. */
  answer: (name: string, given: unknown) => object | Promise<object>
  /** Tools on a page of the listing. */
  page: number
  /** Answers in the place of the SDK, unless it says `pass`. */
  instead: ((request: IncomingMessage, response: ServerResponse, received: McpReceived) => unknown) | null
  /** Forgets all sessions, as a server that was started anew. */
  forget(): void
  close(): Promise<void>
}

/** A tool that gives back what it is given. */
export const ECHO: StoodInTool = {
  name: 'echo',
  description: 'Says the same again.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
}

export async function startMcpStandIn(
  manner: McpManner,
  { json = false, port: wanted = 0 }: { json?: boolean; port?: number } = {},
): Promise<McpStandIn> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  const sockets = new Set<Socket>()
  const handler = createMcpHandler(() => makeServer(), {
    legacy: manner === 'newest' ? 'reject' : 'stateless',
    responseMode: json ? 'auto' : 'sse',
  })
  const requests = new Inbox<McpReceived>('request to an MCP server')
  const http = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy())
  })
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => http.listen(wanted, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const standIn: McpStandIn = {
    url: `http://127.0.0.1:${port}/mcp`,
    hostAndPort: `127.0.0.1:${port}`,
    port,
    requests,
    methods: () => requests.all.map(({ message, method }) => message.method ?? method),
    tools: [ECHO],
    answer: (_, given) => ({ content: [{ type: 'text', text: JSON.stringify(given) }] }),
    page: 100,
    instead: null,
    forget: () => sessions.clear(),
    async close() {
      await handler.close()
      await new Promise<void>((resolve) => {
        http.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
    },
  }
  return standIn

  function makeServer(): McpServer {
    const made = new McpServer({ name: 'stand-in', version: '1.0.0' }, { capabilities: { tools: {} } })
    made.server.setRequestHandler('tools/list', ({ params }) => {
      const from = Number(params?.cursor ?? 0)
      const tools = standIn.tools.slice(from, from + standIn.page) as never[]
      const next = from + standIn.page
      return { tools, ...(next < standIn.tools.length && { nextCursor: String(next) }) }
    })
    made.server.setRequestHandler('tools/call', async ({ params }) => {
      return (await standIn.answer(params.name, params.arguments)) as never
    })
    return made
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await new Response(request as never).text()
    const message = (body === '' ? {} : JSON.parse(body)) as McpReceived['message']
    const received = { method: request.method ?? '', headers: request.headers, message }
    requests.put(received)
    if (standIn.instead && standIn.instead(request, response, received) !== 'pass') return
    const asked = new Request(standIn.url, {
      method: request.method ?? 'POST',
      headers: Object.entries(request.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]),
      ...(body !== '' && { body }),
    })
    const answer = manner === 'sessions' ? await inSession(asked, message) : await handler.fetch(asked)
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    for await (const piece of answer.body ?? []) response.write(piece)
    response.end()
  }

  async function inSession(asked: Request, { method }: McpReceived['message']): Promise<Response> {
    const id = asked.headers.get('mcp-session-id')
    const known = id === null ? undefined : sessions.get(id)
    if (known) return known.handleRequest(asked)
    if (id !== null)
      return Response.json(
        { jsonrpc: '2.0', id: null, error: { code: -32_001, message: 'Session not found' } },
        { status: 404 },
      )
    if (method !== 'initialize')
      return Response.json(
        { jsonrpc: '2.0', id: null, error: { code: -32_000, message: 'Bad Request: no session' } },
        { status: 400 },
      )
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      enableJsonResponse: json,
      onsessioninitialized: (made) => void sessions.set(made, transport),
      onsessionclosed: (ended) => void sessions.delete(ended),
    })
    await makeServer().connect(transport)
    return transport.handleRequest(asked)
  }
}
