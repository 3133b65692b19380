import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages'
import { Inbox } from '../inbox.ts'
import { AnthropicReply } from './anthropic-reply.ts'
import { whyRefused } from './anthropic-rules.ts'
import { plainText, failure } from './anthropic-scenarios.ts'

/** How one request is answered. */
export type Scenario = (reply: AnthropicReply) => void | Promise<void>

/** One request as it came. */
export interface RecordedRequest {
  body: MessageCreateParams
  headers: IncomingHttpHeaders
  /** Which connection it came over, counted from 1. */
  connection: number
  /** Resolves when the answer is over, with whether it was the client that broke it off. */
  over: Promise<{ brokenOff: boolean }>
}

/** The key that it takes; any other is a 401. */
export const GOOD_KEY = 'sk-ant-test-key'

/**
 * Anthropic's Messages API as far as it is told: each request is answered by the next scenario, or by `otherwise` when
 * none is left. What the real API refuses is refused here too, so that a wrong request turns a test red.
 */
export class AnthropicStandIn {
  readonly requests = new Inbox<RecordedRequest>('request to the vendor')
  otherwise: Scenario = plainText(['Hello', ' there', '!'])
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #scenarios: Scenario[] = []
  readonly #connections = new Map<Socket, number>()

  static async start(port = 0): Promise<AnthropicStandIn> {
    const standIn = new AnthropicStandIn()
    await standIn.#listen(port)
    return standIn
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** How the next requests are answered, one scenario each. */
  play(...scenarios: Scenario[]): void {
    this.#scenarios.push(...scenarios)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async #listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readJson(request)) as MessageCreateParams
    const over = new Promise<{ brokenOff: boolean }>((resolve) => {
      response.once('close', () => resolve({ brokenOff: !response.writableFinished }))
    })
    this.requests.put({ body, headers: request.headers, connection: this.#connection(request.socket), over })
    const refused = whyRefused(request, body, GOOD_KEY)
    const scenario = refused
      ? failure(refused.status, refused.type, refused.message)
      : (this.#scenarios.shift() ?? this.otherwise)
    await scenario(new AnthropicReply(response, body.model))
  }

  #connection(socket: Socket): number {
    const known = this.#connections.get(socket) ?? this.#connections.size + 1
    this.#connections.set(socket, known)
    return known
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString() || 'null')
}
