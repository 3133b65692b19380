import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Inbox } from '../inbox.ts'
import { Ledger } from './ledger.ts'
import type { VendorReply } from './reply.ts'
import { words, type Scenario } from './scenarios.ts'

/** One request as it came. */
export interface RecordedRequest<Body> {
  body: Body
  url: string
  headers: IncomingHttpHeaders
  /** Which connection it came over, counted from 1. */
  connection: number
  /** Resolves when the answer is over, with whether it was the client that broke it off. */
  over: Promise<{ brokenOff: boolean }>
}

/** A stand-in of whichever vendor. */
export type AnyStandIn = Pick<StandIn<unknown, VendorReply>, 'url' | 'ledger' | 'requests' | 'play' | 'close'>

/**
 * A vendor's API as far as it is told: each request is answered by the next scenario, or by `otherwise` when none is
 * left. What the real API refuses is refused here too, so that a wrong request turns a test red.
 */
export abstract class StandIn<Body, Reply extends VendorReply> {
  readonly requests = new Inbox<RecordedRequest<Body>>('request to the vendor')
  /** What was charged for all answers until now. */
  readonly ledger = new Ledger()
  otherwise: Scenario<Reply> = words(['Hello', ' there', '!'])
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  readonly #scenarios: Scenario<Reply>[] = []
  readonly #connections = new Map<Socket, number>()

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** How the next requests are answered, one scenario each. */
  play(...scenarios: Scenario<Reply>[]): void {
    this.#scenarios.push(...scenarios)
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await once(this.#server, 'close')
  }

  async listen(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  protected abstract reply(response: ServerResponse, body: Body, request: IncomingMessage): Reply

  /** How the real API would refuse this request, or null. */
  protected abstract refusalOf(request: IncomingMessage, body: Body): Scenario<Reply> | null

  /** Answers what is no question to a model: it is not recorded, and no scenario is for it. False: it is one. */
  protected aside?(request: IncomingMessage, body: unknown, response: ServerResponse): boolean

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = (await readJson(request)) as Body
    if (this.aside?.(request, body, response)) return
    const over = new Promise<{ brokenOff: boolean }>((resolve) => {
      response.once('close', () => resolve({ brokenOff: !response.writableFinished }))
    })
    const { headers, url = '' } = request
    this.requests.put({ body, url, headers, connection: this.#connection(request.socket), over })
    const scenario = this.refusalOf(request, body) ?? this.#scenarios.shift() ?? this.otherwise
    await scenario(this.reply(response, body, request))
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
