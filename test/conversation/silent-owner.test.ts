import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { Database, Statement } from '../../server/infra/database.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { HASTY, keptOf, makeVisitor, sharedWithOthers, startNode, type TestNode } from '../support/heart.ts'
import { MemoryPieces } from '../support/memory-pieces.ts'

interface Kept {
  role: string
  content: string
  status: string | null
  answers_to: number | null
}

/** Nothing is renewed or noticed for as long as a test lasts, nor its own turn taken anew: to others, such a node is frozen. */
const FROZEN = { lease: 60_000, renewEvery: 50_000, silentAfter: 55_000, reapEvery: 5_000 }

describe('In place of an owner that is silent', () => {
  let place: TestDatabase
  let visitor: VisitorSession
  let nodes: TestNode[]
  let pieces: MemoryPieces
  let over: AbortController
  const dana = { id: randomUUID(), name: 'Dana' }

  before(async () => (place = await openTestDatabase()))
  after(() => place.close())
  beforeEach(async () => {
    ;[nodes, pieces, visitor] = [[], new MemoryPieces(), await makeVisitor(place.database)]
    over = new AbortController()
  })
  afterEach(async () => {
    over.abort()
    for (const one of nodes) await one.stop()
  })

  const start = async (limits: Partial<TurnLimits> = {}, database: Database = place.database) => {
    const node = await startNode(sharedWithOthers(database), {
      pieces,
      limits: { ...HASTY, ...limits },
    })
    nodes.push(node)
    return node
  }
  /** The database, but for the ends of turns by their owners: they arrive when the test is over. */
  const endsLate = (): Database =>
    Object.create(place.database, {
      run: {
        value: async (statement: Statement, values: unknown[]) => {
          const isLate = statement.name === 'conversation/end-turn' && values[3] !== null
          if (isLate && !over.signal.aborted) await once(over.signal, 'abort')
          return place.database.run(statement, values)
        },
      },
    }) as Database
  const receive = (node: TestNode, id: string, text: string) =>
    node.conversations.receive(visitor, { client_message_id: id, text })
  const conversationOf = (node: TestNode) => node.told.told.all[0]!.to.conversation_id
  const keptSoFar = () => pieces.puts.map(({ piece }) => piece).join('')
  const answers = async () => {
    const rows = await keptOf<Kept>(place.database, visitor, 'messages', 'seq')
    const ofAi = rows.filter(({ role }) => role === 'assistant')
    return ofAi.map(({ content, status, answers_to }) => [content, status, answers_to])
  }

  /** The leases of all nodes lapse: those that are frozen will not know. */
  const allDie = () =>
    place.database.sequelize.query("UPDATE nodes SET lease_until = clock_timestamp() - interval '1 s'")

  /** A node that is frozen from now on, in the middle of its answer to the first message. */
  async function silentOwner(): Promise<TestNode> {
    const owner = await start(FROZEN)
    await receive(owner, 'm1', 'Hello')
    const call = await owner.provider.calls.take()
    call.say('Good mor')
    await eventually(() => assert.equal(keptSoFar(), 'Good mor'))
    return owner
  }

  it('who takes over commits what it had said when it was last kept, where it had said it', async () => {
    const owner = await silentOwner()
    await receive(owner, 'm2', 'Are you there?')
    const taker = await start({ handover: 100, handoverLook: 10 })
    const conversation_id = conversationOf(owner)
    await taker.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    const [{ message }] = await taker.told.next('reply:end')
    assert.deepEqual([message.content, message.status], ['Good mor', 'interrupted'])
    assert.deepEqual(await answers(), [['Good mor', 'interrupted', 1]])
    assert.equal(pieces.kept.size, 0)
  })

  it('who takes over never commits the words of an earlier attempt', async () => {
    await silentOwner()
    await allDie()
    const second = await start(FROZEN)
    await second.provider.calls.take()
    const taker = await start({ handover: 100, handoverLook: 10 })
    const conversation_id = conversationOf(second)
    await taker.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    assert.deepEqual(await answers(), [['', 'interrupted', 1]])
  })

  it('who takes over never commits its own words of an earlier attempt either, while their end is on its way', async () => {
    const first = await start({ ...FROZEN, handover: 100, handoverLook: 10 }, endsLate())
    await receive(first, 'm1', 'Hello')
    const call = await first.provider.calls.take()
    call.say('Good mor')
    await first.told.next('reply:delta')
    await allDie()
    const second = await start(FROZEN)
    const again = await second.provider.calls.take()
    again.say('Welcome')
    await eventually(() => assert.ok(keptSoFar().endsWith('Welcome')))
    const conversation_id = conversationOf(second)
    await first.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    assert.deepEqual(await answers(), [['Welcome', 'interrupted', 1]])
  })

  it('a turn that was stopped is ended with what its dead node had said, and what came later is answered', async () => {
    const owner = await silentOwner()
    const heir = await start()
    await heir.conversations.stop(visitor, { turn: 1 })
    await receive(owner, 'm2', 'Also this')
    await allDie()
    const [{ message }] = await heir.told.next('reply:end')
    assert.deepEqual([message.content, message.status, message.answers_to], ['Good mor', 'stopped', 1])
    const next = await heir.provider.calls.take()
    next.say('This too.')
    next.end()
    await heir.told.next('reply:end')
    assert.deepEqual((await answers())[1], ['This too.', 'complete', 2])
    assert.equal(pieces.kept.size, 0)
  })

  it('who answers anew begins at the first character, and nothing is left of the other attempt', async () => {
    await silentOwner()
    await allDie()
    const heir = await start()
    const call = await heir.provider.calls.take()
    call.say('Good day')
    call.end()
    await heir.told.next('reply:end')
    assert.equal(heir.told.streamed(1, 2), 'Good day')
    assert.deepEqual(await answers(), [['Good day', 'complete', 1]])
    assert.equal(pieces.kept.size, 0)
  })

  it('nothing is waited for where what was kept is gone', async () => {
    const owner = await silentOwner()
    pieces.isAway = true
    const taker = await start({ handover: 100, handoverLook: 10 })
    const conversation_id = conversationOf(owner)
    await taker.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    assert.deepEqual(await answers(), [['', 'interrupted', 1]])
  })
})
