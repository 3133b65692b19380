import assert from 'node:assert/strict'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { DatabaseUnavailable, type Database, type Statement } from '../../server/infra/database.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { HASTY, keptOf, makeVisitor, startNode, type TestNode } from '../support/heart.ts'

/** A database as one node sees it: cut off, or losing the reply to a statement that did happen. */
class Wire implements Database {
  readonly sequelize
  readonly exclusive = false
  cut = false
  loseReplyOf: string | null = null
  /** What loses a reply cuts the node off, too. */
  cutWithIt = false
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
    this.sequelize = database.sequelize
  }

  async run<Row extends object>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    if (this.cut) throw new DatabaseUnavailable('cut off')
    const rows = await this.#database.run<Row>(statement, values)
    if (this.loseReplyOf === statement.name) {
      this.loseReplyOf = null
      this.cut = this.cutWithIt
      throw new DatabaseUnavailable('the reply was lost')
    }
    return rows
  }

  transaction<T>(): Promise<T> {
    return Promise.reject(new Error('the heart needs no transactions'))
  }

  ping(): Promise<void> {
    return this.#database.ping()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

describe('After a fault', () => {
  let place: TestDatabase
  let visitor: VisitorSession
  let nodes: { node: TestNode; wire: Wire }[]

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    visitor = await makeVisitor(place.database)
    nodes = []
  })
  afterEach(async () => {
    for (const { node, wire } of nodes) {
      wire.cut = false
      await node.stop()
    }
  })

  const start = async (tools?: AgentTools) => {
    const wire = new Wire(place.database)
    const node = await startNode(wire, { limits: HASTY, ...(tools && { tools }) })
    nodes.push({ node, wire })
    return { node, wire }
  }
  const send = (node: TestNode, id: string, text: string) =>
    node.conversations.receive(visitor, { client_message_id: id, text })
  const ended = async (node: TestNode) => (await node.told.next('reply:end'))[0].message
  /** Waits on the database's own clock, which is the one that decides. */
  const allLeasesLapse = () =>
    place.database.sequelize.query(
      `SELECT pg_sleep(greatest(0, extract(epoch FROM max(lease_until) - clock_timestamp()))) FROM nodes`,
    )
  const answers = async () => {
    const rows = await keptOf<{ role: string; content: string }>(place.database, visitor, 'messages', 'seq')
    return rows.filter((row) => row.role === 'assistant').map((row) => row.content)
  }

  it('a turn of a node that died is answered by another one, under a higher attempt', async () => {
    const dying = await start()
    await send(dying.node, 'm1', 'Hello')
    const lost = await dying.node.provider.calls.take()
    lost.say('Good mor')
    dying.wire.cut = true
    const healthy = await start()
    const call = await healthy.node.provider.calls.take()
    call.say('Good morning')
    call.end()
    assert.equal((await ended(healthy.node)).content, 'Good morning')
    const [begin] = healthy.node.told.told.all.flatMap((one) => (one.event === 'reply:start' ? one.args : []))
    assert.equal(begin?.attempt, 2)
    assert.deepEqual(await answers(), ['Good morning'])
  })

  it('a node that could not renew its lease falls silent before another one may speak', async () => {
    const cutOff = await start()
    await send(cutOff.node, 'm1', 'Hello')
    const lost = await cutOff.node.provider.calls.take()
    lost.say('Good mor')
    cutOff.wire.cut = true
    const healthy = await start()
    const call = await healthy.node.provider.calls.take()
    assert.equal(lost.signal.aborted, true)
    lost.say('ning')
    lost.end()
    call.say('Good day')
    call.end()
    await ended(healthy.node)
    cutOff.wire.cut = false
    assert.equal(cutOff.node.told.streamed(1, 1), 'Good mor')
    assert.equal(cutOff.node.told.count('reply:end'), 0)
    assert.deepEqual(await answers(), ['Good day'])
  })

  it('a node that comes back takes turns again, under a new name', async () => {
    const { node, wire } = await start()
    wire.cut = true
    await send(node, 'm1', 'Hello').catch(() => undefined)
    await allLeasesLapse()
    wire.cut = false
    await send(node, 'm1', 'Hello')
    const call = await node.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await ended(node)).content, 'Hi')
    assert.deepEqual(await answers(), ['Hi'])
  })

  it('a send whose reply got lost is answered once, though it is sent again', async () => {
    const { node, wire } = await start()
    await send(node, 'm0', 'First')
    const first = await node.provider.calls.take()
    first.say('Yes?')
    first.end()
    await ended(node)
    wire.loseReplyOf = 'conversation/receive'
    await assert.rejects(send(node, 'm1', 'Hello'), DatabaseUnavailable)
    const again = await send(node, 'm1', 'Hello')
    assert.equal(again.ok && again.data.message.seq, 3)
    const call = await node.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await ended(node)).answers_to, 3)
    assert.deepEqual(await answers(), ['Yes?', 'Hi'])
  })

  it('an end whose reply got lost is told as it was committed, and the next turn begins', async () => {
    const { node, wire } = await start()
    await send(node, 'm1', 'Hello')
    const first = await node.provider.calls.take()
    first.say('Hi')
    await send(node, 'm2', 'And boots?')
    wire.loseReplyOf = 'conversation/end-turn'
    first.end()
    const message = await ended(node)
    assert.deepEqual([message.content, message.answers_to, message.status], ['Hi', 1, 'complete'])
    const second = await node.provider.calls.take()
    second.say('Boots!')
    second.end()
    assert.equal((await ended(node)).answers_to, 2)
    assert.deepEqual(await answers(), ['Hi', 'Boots!'])
  })

  it('an end whose reply got lost with the lease is told when the database is back', async () => {
    const { node, wire } = await start()
    await send(node, 'm1', 'Hello')
    const call = await node.provider.calls.take()
    call.say('Hi')
    wire.loseReplyOf = 'conversation/end-turn'
    wire.cutWithIt = true
    call.end()
    while (!wire.cut) await place.database.ping()
    await allLeasesLapse()
    wire.cut = false
    assert.equal((await ended(node)).content, 'Hi')
    assert.deepEqual(await answers(), ['Hi'])
  })

  it('an end whose reply got lost with the lease is not told when somebody else has ended the turn', async () => {
    const first = await start()
    await send(first.node, 'm1', 'Hello')
    const call = await first.node.provider.calls.take()
    call.say('Hi')
    first.wire.cut = true
    call.end()
    await allLeasesLapse()
    const second = await start()
    const again = await second.node.provider.calls.take()
    again.say('Hello again')
    again.end()
    assert.equal((await ended(second.node)).content, 'Hello again')
    first.wire.cut = false
    await first.node.stop()
    assert.equal(first.node.told.count('reply:end'), 0)
    assert.deepEqual(await answers(), ['Hello again'])
  })

  it('an end waits for a database that is away for a moment', async () => {
    const { node, wire } = await start()
    await send(node, 'm1', 'Hello')
    const call = await node.provider.calls.take()
    call.say('Hi')
    wire.cut = true
    call.end()
    wire.cut = false
    assert.equal((await ended(node)).content, 'Hi')
  })

  it('stored steps are replayed under their old keys, not asked again', async () => {
    const keys: string[] = []
    const tools: AgentTools = {
      definitions: [{ name: 'look_up', description: 'Looks up', parameters: { type: 'object' } }],
      run: (call, key) => {
        keys.push(key)
        return Promise.resolve({ call_id: call.id, name: call.name, content: 'found', failed: false })
      },
    }
    const dying = await start(tools)
    await send(dying.node, 'm1', 'Where is my order?')
    const first = await dying.node.provider.calls.take()
    first.say('Let me look.')
    first.end({ stop: 'tools', calls: [{ id: 'c1', name: 'look_up', arguments: {} }] })
    await dying.node.provider.calls.take()
    dying.wire.cut = true
    const healthy = await start(tools)
    const call = await healthy.node.provider.calls.take()
    assert.equal(call.request.messages.length, 3)
    call.say('On its way.')
    call.end()
    assert.equal((await ended(healthy.node)).content, 'Let me look.\n\nOn its way.')
    assert.deepEqual(keys, ['0.0', '0.0'])
  })

  it('a turn that was stopped while its node was dying is ended as stopped, not run again', async () => {
    const dying = await start()
    await send(dying.node, 'm1', 'Hello')
    await dying.node.provider.calls.take()
    dying.wire.cut = true
    const healthy = await start()
    await healthy.node.conversations.stop(visitor, { turn: 1 })
    const message = await ended(healthy.node)
    assert.equal(message.status, 'stopped')
    assert.equal(healthy.node.provider.calls.all.length, 0)
  })

  it('a turn is ended as failed after three attempts', async () => {
    const first = await start()
    await send(first.node, 'm1', 'Hello')
    await first.node.provider.calls.take()
    first.wire.cut = true
    for (let attempt = 2; attempt <= 3; attempt++) {
      const next = await start()
      await next.node.provider.calls.take()
      next.wire.cut = true
    }
    const last = await start()
    const message = await ended(last.node)
    assert.equal(message.status, 'failed')
    assert.match(message.content, /^Sorry/)
    assert.equal(last.node.provider.calls.all.length, 0)
  })

  it('a stop on another node reaches the owner with its next renewal', async () => {
    const owner = await start()
    const other = await start()
    await send(owner.node, 'm1', 'Hello')
    const call = await owner.node.provider.calls.take()
    call.say('Good mor')
    await other.node.conversations.stop(visitor, { turn: 1 })
    const message = await ended(owner.node)
    assert.deepEqual([message.status, message.content], ['stopped', 'Good mor'])
  })

  it('a node that shuts down leaves its unfinished turns to others at once', async () => {
    const leaving = await start()
    await send(leaving.node, 'm1', 'Hello')
    await leaving.node.provider.calls.take()
    await leaving.node.stop()
    const staying = await start()
    const call = await staying.node.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await ended(staying.node)).content, 'Hi')
  })

  it('a message that comes while a node shuts down waits for the next one', async () => {
    const leaving = await start()
    await leaving.node.stop()
    await send(leaving.node, 'm1', 'Hello')
    const staying = await start()
    const call = await staying.node.provider.calls.take()
    call.say('Hi')
    call.end()
    assert.equal((await ended(staying.node)).content, 'Hi')
  })
})
