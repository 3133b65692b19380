import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import { createModels } from '../../../server/llm/models.ts'
import type { Provider, ToolDefinition } from '../../../server/llm/provider.ts'
import { openTestDatabase, type TestDatabase } from '../databases.ts'
import { keptOf, makeVisitor, startNode, type TestNode } from '../heart.ts'
import type { Recorder } from '../recorder.ts'

interface Vendor {
  close(): Promise<void>
}

const FIND_ORDER: ToolDefinition = {
  name: 'find_order',
  description: 'Finds an order.',
  parameters: { type: 'object' },
}

/** What a suite of whole turns with one vendor is about. */
export interface StagedTurns<V extends Vendor> {
  vendor: () => Promise<V>
  /** Who asks it; where none is given, each test says so by `begin`. */
  provider?: (vendor: V) => Provider
  /** The one function that may be called; it finds that the order is on its way. */
  tool?: ToolDefinition
}

/** For each test of a suite a vendor, a heart that asks it, and a visitor. */
export function setTurnStage<V extends Vendor>(staged: StagedTurns<V>): TurnStage<V> {
  const stage = new TurnStage(staged)
  before(() => stage.build())
  after(() => stage.takeDown())
  beforeEach(() => stage.open())
  afterEach(() => stage.clear())
  return stage
}

export class TurnStage<V extends Vendor> {
  vendor!: V
  visitor!: VisitorSession
  /** The arguments of each call of the tool. */
  readonly calledWith: unknown[] = []
  readonly #staged: StagedTurns<V>
  #place!: TestDatabase
  #node!: TestNode
  #sent = 0

  constructor(staged: StagedTurns<V>) {
    this.#staged = staged
  }

  get told(): Recorder {
    return this.#node.told
  }

  /** The provider answers from here on. */
  async begin(provider: Provider): Promise<void> {
    const { tool = FIND_ORDER } = this.#staged
    this.#node = await startNode(this.#place.database, {
      models: createModels(provider),
      tools: {
        definitions: [tool],
        run: (call) => {
          this.calledWith.push(call.arguments)
          return Promise.resolve({ call_id: call.id, name: call.name, content: 'On its way', failed: false })
        },
      },
    })
  }

  async send(text: string): Promise<void> {
    const client_message_id = `m${++this.#sent}`
    await this.#node.conversations.receive(this.visitor, { client_message_id, text })
  }

  async stop(turn: number): Promise<void> {
    await this.#node.conversations.stop(this.visitor, { turn })
  }

  /** The message with which the next turn ends. */
  async ended() {
    const [{ message }] = await this.told.next('reply:end')
    return message
  }

  turns(): Promise<Record<string, unknown>[]> {
    return keptOf(this.#place.database, this.visitor, 'turns', 'number')
  }

  /** The answers as they are kept. */
  async contents(): Promise<string[]> {
    const rows = await keptOf<{ role: string; content: string }>(
      this.#place.database,
      this.visitor,
      'messages',
      'seq',
    )
    return rows.filter((row) => row.role === 'assistant').map((row) => row.content)
  }

  async build(): Promise<void> {
    this.#place = await openTestDatabase()
  }

  async takeDown(): Promise<void> {
    await this.#place.close()
  }

  async open(): Promise<void> {
    const { vendor, provider } = this.#staged
    this.calledWith.length = 0
    this.vendor = await vendor()
    this.visitor = await makeVisitor(this.#place.database)
    if (provider) await this.begin(provider(this.vendor))
  }

  async clear(): Promise<void> {
    await this.#node.stop()
    await this.vendor.close()
  }
}
