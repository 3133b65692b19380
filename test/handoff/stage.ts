import { randomUUID } from 'node:crypto'
import type { Handoff } from '../../protocol/records.ts'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import { createClientDirectory } from '../../server/auth/client-directory.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { AgentPlace } from '../../server/conversation/change-hands.ts'
import type { Address } from '../../server/conversation/publisher.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import { createHandoff, type HandingOver } from '../../server/handoff/index.ts'
import type { HandoffLimits } from '../../server/handoff/limits.ts'
import type { Database, Statement } from '../../server/infra/database.ts'
import { UNLIMITED, type RateLimits } from '../../server/infra/rate-limit.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { sharedWithOthers, startNode, type TestNode } from '../support/heart.ts'
import { Inbox } from '../support/inbox.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'

/** A node's heart with handing over joined to it, as `server/app.ts` joins them. */
export interface HandoffNode extends TestNode {
  handing: HandingOver
  /** What was told on this node alone: places in the queue. */
  here: Inbox<{ to: Address; handoff: Handoff }>
}

export interface NodeChanges {
  turns?: Partial<TurnLimits>
  limits?: Partial<HandoffLimits>
  rates?: RateLimits
  tools?: AgentTools
  present?: () => readonly string[]
  /** False: it never looks by itself. */
  looks?: boolean
}

/** Quick looks, so that a test need not wait for them. */
const QUICK: Partial<HandoffLimits> = { lookEvery: 30, lookAgain: 5, seenEvery: 30 }

export async function startHandoffNode(database: Database, changes: NodeChanges = {}): Promise<HandoffNode> {
  const { turns, limits, rates = UNLIMITED, tools, present, looks = true } = changes
  const here = new Inbox<{ to: Address; handoff: Handoff }>('place in the queue')
  const node = await startNode(sharedWithOthers(database), {
    ...(turns && { limits: turns }),
    ...(tools && { tools }),
    handOver: (to, asked) => handing.handOver(to, asked),
    turnEnded: (ended) => handing.turnEnded(ended),
  })
  const handing = createHandoff({
    ...{
      database,
      publisher: node.told,
      directory: createClientDirectory(database),
      rates,
      compile: createSchemaCompiler(),
      log: silentLog,
    },
    tellHere: (to, handoff) => here.put({ to, handoff }),
    limits: { ...QUICK, ...limits },
    ...(present && { present }),
  })
  if (looks) handing.start()
  const stop = async () => {
    await node.stop()
    await handing.stop()
  }
  return { ...node, handing, here, stop }
}

/** For all tests of a suite one database; for each a client, a visitor of it and a node, built with `changes`. */
export function setHandoffStage(changes: NodeChanges = {}): HandoffStage {
  const stage = new HandoffStage(changes)
  before(() => stage.open())
  after(() => stage.place.close())
  beforeEach(() => stage.enter())
  afterEach(() => stage.leave())
  return stage
}

export class HandoffStage {
  place!: TestDatabase
  client!: TestClient
  visitor!: VisitorSession
  node!: HandoffNode
  readonly #changes: NodeChanges
  readonly #nodes: HandoffNode[] = []

  constructor(changes: NodeChanges) {
    this.#changes = changes
  }

  get database(): Database {
    return this.place.database
  }

  async open(): Promise<void> {
    this.place = await openTestDatabase()
  }

  async enter(): Promise<void> {
    this.client = await makeClient(this.database)
    this.visitor = await makeSession(this.database, this.client, { locale: 'en' })
    this.node = await this.start()
  }

  async leave(): Promise<void> {
    for (const one of this.#nodes.splice(0)) await one.stop()
  }

  /** One node more. */
  async start(changes: NodeChanges = {}): Promise<HandoffNode> {
    const started = await startHandoffNode(this.database, { ...this.#changes, ...changes })
    this.#nodes.push(started)
    return started
  }

  /** Ends a node before its test does. */
  async stop(node: HandoffNode): Promise<void> {
    this.#nodes.splice(this.#nodes.indexOf(node), 1)
    await node.stop()
  }

  /** The call of the model for this test's client: the turns that earlier tests left open go on too. */
  nextCall(by = this.node): Promise<ScriptedCall> {
    return by.provider.calls.take(({ request }) => request.client_id === this.client.id)
  }

  kept(): Promise<KeptHandoff> {
    return keptHandoff(this.database, this.visitor)
  }
}

/** What is kept of a request for a person. */
export interface KeptHandoff {
  id: string
  state: string
  handoff: string
  handoff_by: string | null
  handoff_reason: string | null
  agent_id: string | null
  epoch: number
  last_seq: number
}

/** The newest conversation of a session. */
export async function keptHandoff(database: Database, session: { id: string }): Promise<KeptHandoff> {
  const [rows] = await database.sequelize.query(
    'SELECT * FROM conversations WHERE session_id = $1 ORDER BY started_at DESC LIMIT 1',
    { bind: [session.id] },
  )
  return (rows as KeptHandoff[])[0]!
}

/** Actions of the audit log about a conversation, in their order. */
export async function auditOf(database: Database, conversationId: string): Promise<string[]> {
  const [rows] = await database.sequelize.query(
    'SELECT action FROM audit_log WHERE conversation_id = $1 ORDER BY id',
    { bind: [conversationId] },
  )
  return (rows as { action: string }[]).map(({ action }) => action)
}

/** Changes the rules by which a client hands over. */
export async function setRules(database: Database, clientId: string, rules: object): Promise<void> {
  await database.sequelize.query('UPDATE clients SET settings = $2 WHERE id = $1', {
    bind: [clientId, JSON.stringify({ ai: { handoff: rules } })],
  })
}

/** Moves what stands in a row's times into the past, as if so many minutes had gone by. */
export async function letPass(database: Database, conversationId: string, minutes: number): Promise<void> {
  const bind = [conversationId, minutes]
  const earlier = (column: string) => `${column} = ${column} - $2::int * interval '1 minute'`
  for (const sql of [
    `UPDATE conversations SET ${['started_at', 'handoff_until', 'handoff_requested_at'].map(earlier).join(', ')} WHERE id = $1`,
    `UPDATE audit_log SET ${earlier('at')} WHERE conversation_id = $1`,
    `UPDATE messages SET ${earlier('"timestamp"')} WHERE conversation_id = $1`,
  ])
    await database.sequelize.query(sql, { bind })
}

const ADD_ADMIN: Statement = {
  name: 'test/add-admin',
  text: `
    INSERT INTO admins (client_id, email, name, password_hash, role)
    VALUES ($1::uuid, $2, $3, 'none', $4) RETURNING id`,
}

/** A person of a business, or of the installation. */
export async function makeAdmin(
  database: Database,
  clientId: string | null,
  { name = 'Dana', role = 'agent' } = {},
): Promise<AgentPlace['admin']> {
  const values = [clientId, `${randomUUID()}@acme.example`, name, role]
  const [row] = await database.run<{ id: string }>(ADD_ADMIN, values)
  return { id: row!.id, name }
}

/** A visitor of this client who has written something. */
export async function makeWriter(
  node: HandoffNode,
  database: Database,
  client: { id: string },
  text = 'Hello',
): Promise<VisitorSession> {
  const session = await makeSession(database, client, { locale: 'en' })
  await node.conversations.receive(session, { client_message_id: 'first', text })
  return session
}
