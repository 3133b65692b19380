import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ChatRequest } from 'ollama'
import { Inbox } from '../inbox.ts'
import { described, listed, MODELS, type StandInModel, type Telling } from './ollama-models.ts'
import { OllamaReply } from './ollama-reply.ts'
import { whyRefused } from './ollama-rules.ts'
import { failing, type Scenario } from './scenarios.ts'
import { StandIn } from './stand-in.ts'

/** An Ollama with some models. */
export class OllamaStandIn extends StandIn<ChatRequest, OllamaReply> {
  /** What is installed, by name. */
  readonly models = new Map(Object.entries(MODELS))
  /** What it was asked about itself: `tags`, `version`, or a model's name. */
  readonly looks = new Inbox<string>('question about the models')
  /** How often a model was loaded: once, and again for each other size of its context. */
  loads = 0
  /** Which answer tells what a model can. */
  telling: Telling = 'list'
  /** What it says nothing about until `speak` is called: `everything`, or a model's name. */
  mute: string | null = null
  /** Whether what it tells of itself is a page of HTML, as of something that stands before it. */
  garbled = false
  readonly #unsaid: (() => void)[] = []
  readonly #loaded = new Map<string, number | undefined>()

  static start(port = 0): Promise<OllamaStandIn> {
    return new OllamaStandIn().listen(port)
  }

  /** Says what it has not said, and is not mute any more. */
  speak(): void {
    this.mute = null
    for (const tell of this.#unsaid.splice(0)) tell()
  }

  protected reply(response: ServerResponse, body: ChatRequest): OllamaReply {
    return new OllamaReply(response, this.ledger, body)
  }

  protected refusalOf(_request: IncomingMessage, body: ChatRequest): Scenario<OllamaReply> | null {
    const refused = whyRefused(body, this.#model(body.model))
    if (!refused) this.#load(body)
    return refused && failing(refused)
  }

  protected override aside(
    { method, url }: IncomingMessage,
    body: { model?: string } | null,
    response: ServerResponse,
  ): boolean {
    const asked = `${method} ${url}`
    if (asked === 'GET /api/version') this.#tell(response, 'version', 200, { version: '0.40.12' })
    else if (asked === 'GET /api/tags') this.#tell(response, 'tags', 200, { models: this.#list() })
    else if (asked === 'POST /api/show') this.#show(response, body?.model ?? '')
    else if (asked === 'POST /api/chat') return false
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')
    return true
  }

  #show(response: ServerResponse, name: string): void {
    const model = this.#model(name)
    if (model) this.#tell(response, name, 200, described(model, this.telling))
    else this.#tell(response, name, 404, { error: `model '${name}' not found` })
  }

  #tell(response: ServerResponse, what: string, status: number, body: object): void {
    this.looks.put(what)
    const tell = () =>
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        .end(this.garbled ? '<html>Welcome</html>' : JSON.stringify(body))
    if (this.mute === 'everything' || this.mute === what) this.#unsaid.push(tell)
    else tell()
  }

  #list(): object[] {
    return [...this.models].map(([name, model]) => listed(name, model, this.telling))
  }

  #model(name: string): StandInModel | undefined {
    return this.models.get(name.includes(':') ? name : `${name}:latest`)
  }

  #load({ model, options }: ChatRequest): void {
    const size = options?.num_ctx
    if (!this.#loaded.has(model) || this.#loaded.get(model) !== size) this.loads++
    this.#loaded.set(model, size)
  }
}
