import type { Provider } from '../../../server/llm/provider.ts'
import type { Database } from '../../../server/infra/database.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { startStandIn, type StandIn } from '../../support/stand-in-n8n.ts'
import { openToolShop, startToolNode, type Shop, type ToolNode, type ToolNodeChanges } from './stage.ts'

export interface ToolStageSettings {
  /** What workflows answer, by their paths. */
  answers: Record<string, Parameters<StandIn['on']>[1]>
  /** What the model of the shop may call; see `openToolShop`. */
  tools: Parameters<typeof openToolShop>[2]
}

/** For all tests of a suite one database; for each a stand-in of n8n, a shop with its tools, and the nodes it starts. */
export function setToolStage(settings: ToolStageSettings): ToolStage {
  const stage = new ToolStage()
  before(() => stage.open())
  after(() => stage.place.close())
  beforeEach(() => stage.enter(settings))
  afterEach(() => stage.leave())
  return stage
}

export class ToolStage {
  place!: TestDatabase
  standIn!: StandIn
  shop!: Shop
  readonly nodes: ToolNode[] = []

  async open(): Promise<void> {
    this.place = await openTestDatabase()
  }

  async enter({ answers, tools }: ToolStageSettings): Promise<void> {
    this.standIn = await startStandIn()
    for (const [path, answer] of Object.entries(answers)) this.standIn.on(path, answer)
    this.shop = await openToolShop(this.place.database, this.standIn, tools)
  }

  async leave(): Promise<void> {
    await Promise.all(this.nodes.splice(0).map((node) => node.stop()))
    await this.standIn.close()
  }

  /** One node more; see `startToolNode`. */
  async start(
    database: Database = this.place.database,
    { asked, ...changes }: ToolNodeChanges & { asked?: Provider } = {},
  ): Promise<ToolNode> {
    const node = await startToolNode(database, this.standIn, asked, changes)
    this.nodes.push(node)
    return node
  }
}
