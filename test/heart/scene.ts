import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { AgentPlace } from '../../server/conversation/change-hands.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { ModelAnswer, ModelRequest } from '../../server/llm/provider.ts'
import type { TestDatabase } from '../support/databases.ts'
import { makeVisitor } from '../support/heart.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { checkHeart } from './check/index.ts'
import { readKept } from './check/kept.ts'
import { HeartNode } from './heart-node.ts'
import type { Plant } from './plant.ts'
import { Random } from './random.ts'
import { Wire, type Detour } from './wire.ts'
import { Witness, type Send } from './witness.ts'

/** Leases that do not lapse by themselves: a play lets them, where it wants it. */
const CALM: Partial<TurnLimits> = {
  lease: 30_000,
  renewEvery: 150,
  silentAfter: 20_000,
  reapEvery: 40,
  drain: 20,
  endRetry: 20,
  handover: 8_000,
  handoverLook: 20,
}

/** A model that says what the play says, until it is left to answer by itself. */
class PlayedProvider extends ScriptedProvider {
  byItself = false

  override ask(
    request: ModelRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    if (!this.byItself) return super.ask(request, onText, signal)
    onText('Yes.')
    return Promise.resolve({
      text: 'Yes.',
      calls: [],
      stop: 'end',
      usage: { input: 1, output: 1, cached: 0 },
    })
  }
}

export interface SceneNode {
  node: HeartNode
  wire: Wire
  provider: PlayedProvider
}

/** A statement of a play that waits where the play holds it. */
export interface Held {
  /** It has come to where it is held. */
  reached: Promise<void>
  release(): void
  /** It is over, and its reply may be read. */
  done: Promise<void>
}

/** A lock on a conversation's row, and the transaction that has it. */
export interface Lock {
  query: Detour
  commit(): Promise<void>
}

/** One small play with few nodes, in which races are made certain, and what the checker says in the end. */
export class Scene {
  readonly witness = new Witness()
  readonly visitor: VisitorSession
  readonly #place: TestDatabase
  readonly #plant: Plant | null
  readonly #nodes: SceneNode[] = []
  readonly #clients: pg.Client[] = []
  /** A line for statements that no node sends. */
  readonly line: Wire

  constructor(place: TestDatabase, visitor: VisitorSession, plant: Plant | null) {
    this.#place = place
    this.#plant = plant
    this.visitor = visitor
    this.line = new Wire(place.database, { random: new Random(1), witness: this.witness, plant })
  }

  static async open(place: TestDatabase, plant: Plant | null): Promise<Scene> {
    return new Scene(place, await makeVisitor(place.database), plant)
  }

  async node(limits: Partial<TurnLimits> = {}, byItself = false): Promise<SceneNode> {
    const provider = new PlayedProvider()
    provider.byItself = byItself
    const node = new HeartNode({
      name: `node ${this.#nodes.length + 1}`,
      database: this.#place.database,
      random: new Random(1),
      witness: this.witness,
      plant: this.#plant,
      limits: { ...CALM, ...limits },
      temper: { tools: 0, fails: 0, stalls: 0, pause: 0 },
      provider,
    })
    await node.start()
    const started = { node, wire: node.wire, provider }
    this.#nodes.push(started)
    return started
  }

  async send({ node }: SceneNode, id: string): Promise<void> {
    const text = `text of ${id}`
    let send = this.witness.sends.find((one) => one.id === id)
    if (!send) {
      send = { session: this.visitor.id, agent: null, id, text, sentAt: Date.now(), ackedAt: null, acks: [] }
      this.witness.sends.push(send)
    }
    await this.#ack(
      send,
      node.ask((heart) => heart.conversations.receive(this.visitor, { client_message_id: id, text })),
    )
  }

  async sendAsAgent({ node }: SceneNode, place: AgentPlace, id: string): Promise<void> {
    const text = `text of ${id}`
    const sentAt = Date.now()
    const send: Send = {
      session: this.visitor.id,
      agent: place.admin.id,
      id,
      text,
      sentAt,
      ackedAt: null,
      acks: [],
    }
    this.witness.sends.push(send)
    await this.#ack(
      send,
      node.ask((heart) => heart.agents.receive(place, { client_message_id: id, text })),
    )
  }

  agent(): AgentPlace {
    const id = randomUUID()
    const conversation_id = this.conversation()
    return { client_id: this.visitor.client_id, conversation_id, admin: { id, name: id } }
  }

  conversation(): string {
    const told = this.witness.tellings.find((one) => one.told.to.session_id === this.visitor.id)
    assert.ok(told)
    return told.told.to.conversation_id
  }

  /** The id under which whoever owns the newest turn owns it. */
  owner(): string {
    return this.witness.ownerships.at(-1)!.node
  }

  /** Holds the next such statement before it is sent. */
  holdBefore(wire: Wire, statement: string): Held {
    return this.#hold(wire, statement, async ({ direct }, arrive) => {
      await arrive()
      return direct()
    })
  }

  /** Holds the reply to the next such statement, which has been committed. */
  holdReply(wire: Wire, statement: string): Held {
    return this.#hold(wire, statement, async ({ direct }, arrive) => {
      const rows = await direct()
      await arrive()
      return rows
    })
  }

  /** Holds the next such statement when it is done and not yet committed: its locks hold, and nobody sees it. */
  holdUncommitted(wire: Wire, statement: string): Held {
    return this.#hold(wire, statement, async ({ text, values }, arrive) => {
      const client = await this.#begin()
      const { rows } = await client.query<object>(text, [...values])
      await arrive()
      await client.query('COMMIT')
      return rows
    })
  }

  /** Holds the next such statement within a transaction that has begun. */
  holdBegun(wire: Wire, statement: string): Held {
    return this.#hold(wire, statement, async ({ text, values }, arrive) => {
      const client = await this.#begin()
      await client.query('SELECT now()')
      await arrive()
      const { rows } = await client.query<object>(text, [...values])
      await client.query('COMMIT')
      return rows
    })
  }

  /** Locks the conversation's row. */
  async lock(): Promise<Lock> {
    const client = await this.#begin()
    await client.query('SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE', [this.conversation()])
    return {
      query: async ({ text, values }) => (await client.query<object>(text, [...values])).rows,
      commit: async () => {
        await client.query('COMMIT')
      },
    }
  }

  /** Resolves when a statement waits for a lock. */
  async someoneWaits(): Promise<void> {
    await this.until(
      `SELECT count(*) > 0 AS so FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
  }

  /** Resolves when a query says that it is so. */
  async until(query: string, bind: unknown[] = [], ms = 8_000): Promise<void> {
    const deadline = performance.now() + ms
    while (performance.now() < deadline) {
      const [rows] = await this.#place.database.sequelize.query(query, { bind })
      if ((rows as { so: boolean }[])[0]?.so) return
      await delay(5)
    }
    throw new Error(`it never became so: ${query}`)
  }

  async run(text: string, bind: unknown[] = []): Promise<void> {
    await this.#place.database.sequelize.query(text, { bind })
  }

  /** The node's time limit passes at once. */
  async lapse(nodeId: string): Promise<void> {
    await this.run(
      'UPDATE nodes SET lease_until = clock_timestamp() WHERE id = $1 AND lease_until > clock_timestamp()',
      [nodeId],
    )
  }

  /** Makes what comes now later than what was, on clocks of whole milliseconds. */
  async timePasses(): Promise<void> {
    const now = Date.now()
    while (Date.now() < now + 2) await delay(1)
  }

  /** Waits until all is quiet, ends all nodes and says what is wrong. */
  async breaches(quietWithin: number): Promise<string[]> {
    const quiet = await this.until(
      'SELECT count(*) = 0 AS so FROM conversations WHERE turn_open',
      [],
      quietWithin,
    ).then(
      () => [],
      () => ['becomes quiet: a turn is still open'],
    )
    await this.close()
    return [...quiet, ...checkHeart(await readKept(this.#place.database), this.witness)]
  }

  async close(): Promise<void> {
    for (const { node } of this.#nodes) if (!node.isDead) await node.stop()
    for (const client of this.#clients.splice(0)) await client.end()
  }

  #hold(
    wire: Wire,
    statement: string,
    way: (statement: Parameters<Detour>[0], arrive: () => Promise<void>) => Promise<object[]>,
  ): Held {
    const { promise: released, resolve: release } = signal()
    const { promise: reached, resolve: reach } = signal()
    const { promise: done, resolve: end } = signal()
    wire.detours.set(statement, (sent) =>
      way(sent, () => {
        reach()
        return released
      }).finally(end),
    )
    return { reached, release, done }
  }

  async #begin(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.#place.url })
    // Where a play breaks off, its database goes away under it.
    client.on('error', () => undefined)
    await client.connect()
    this.#clients.push(client)
    await client.query('BEGIN')
    return client
  }

  async #ack(
    send: Send,
    answering: Promise<{ ok: true; data: { message: Send['acks'][number] } } | { ok: false }>,
  ): Promise<void> {
    const answer = await answering
    if (!answer.ok) return
    send.ackedAt ??= Date.now()
    send.acks.push(answer.data.message)
  }
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve }
}
