import assert from 'node:assert/strict'
import type { AgentPlace } from '../../server/conversation/change-hands.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { Random } from '../heart/random.ts'
import {
  keptHandoff,
  letPass,
  makeAdmin,
  startHandoffNode,
  type HandoffNode,
  type KeptHandoff,
} from './stage.ts'

const SEED = 20_261_123
const INTERLEAVINGS = 50

/** On a real Postgres, whose connections truly wait for each other's locks. */
describe('Handing over under races', () => {
  let place: TestDatabase
  let client: TestClient
  let dana: AgentPlace['admin']
  let nodes: HandoffNode[]

  before(async () => {
    place = await openTestDatabase({ pool: 16 })
    client = await makeClient(place.database)
    dana = await makeAdmin(place.database, client.id)
  })
  after(() => place.close())
  beforeEach(async () => {
    const turns = { handover: 50, handoverLook: 10 }
    // Time that is made to pass several times over is not a person's silence too: only requests lapse here.
    const limits = { silence: 24 * 3_600_000 }
    nodes = [
      await startHandoffNode(place.database, { turns, limits }),
      await startHandoffNode(place.database, { turns, limits }),
    ]
  })
  afterEach(async () => {
    for (const one of nodes) await one.stop()
  })

  /** A conversation with its messages and what was noted of it, all of one moment. */
  const look = async (id: string) => {
    const [rows] = await place.database.sequelize.query(
      `SELECT c.*,
         ARRAY(SELECT seq FROM messages m WHERE m.conversation_id = c.id ORDER BY seq) AS seqs,
         ARRAY(SELECT seq FROM messages m WHERE m.conversation_id = c.id AND role = 'system') AS told,
         ARRAY(SELECT action FROM audit_log a WHERE a.conversation_id = c.id ORDER BY a.id) AS noted
       FROM conversations c WHERE id = $1`,
      { bind: [id] },
    )
    return (rows as (KeptHandoff & { seqs: number[]; told: number[]; noted: string[] })[])[0]!
  }

  it(`come to one of the states there are, whatever comes first (seed ${String(SEED)})`, async () => {
    const random = new Random(SEED)
    for (let round = 0; round < INTERLEAVINGS; round += 1) {
      const session = await makeSession(place.database, client)
      await nodes[0]!.handing.handoffs.request(session, {})
      const { id } = await keptHandoff(place.database, session)
      const theirs = { client_id: client.id, conversation_id: id, admin: dana }
      const deeds = {
        request: () => random.pick(nodes).handing.handoffs.request(session, {}),
        byRule: () =>
          random
            .pick(nodes)
            .handing.handOver(
              { client_id: client.id, session_id: session.id, conversation_id: id },
              { key: random.pick(['1.0.0', '1.0.1']), reason: 'x' },
            ),
        withdraw: () => random.pick(nodes).handing.handoffs.withdraw(session),
        takeOver: () => random.pick(nodes).agents.takeOver(theirs),
        handBack: () => random.pick(nodes).agents.handBack(theirs),
        expire: () => letPass(place.database, id, 5),
        write: () =>
          random.pick(nodes).conversations.receive(session, {
            client_message_id: `m${String(random.next())}`,
            text: 'Hello',
          }),
        end: () => random.pick(nodes).conversations.end(session),
      }
      const names = Object.keys(deeds) as (keyof typeof deeds)[]
      const chosen = Array.from({ length: 6 }, () => random.pick(names.slice(0, round % 5 === 0 ? 8 : 7)))
      await Promise.all(chosen.map((name) => deeds[name]()))
      const what = `round ${String(round)}: ${chosen.join(' ')}`
      const { state, handoff, agent_id, last_seq, seqs, told, noted } = await look(id)
      const isWithAgent = state === 'agent'
      assert.deepEqual([handoff === 'with_agent', agent_id !== null], [isWithAgent, isWithAgent], what)
      assert.ok(handoff !== 'requested' || state === 'ai', what)
      assert.deepEqual(
        seqs,
        Array.from({ length: last_seq }, (_, index) => index + 1),
        what,
      )
      assert.equal(told.length, noted.filter((action) => action === 'handoff.lapsed').length, what)
      for (const [index, action] of noted.entries())
        if (action === 'handoff.lapsed' || action === 'handoff.withdrawn')
          assert.equal(noted[index - 1], 'handoff.requested', `${what}: ${noted.join(' ')}`)
    }
  })

  it('let a request and a takeover that meet leave the conversation with the person', async () => {
    for (let round = 0; round < 20; round += 1) {
      const session = await makeSession(place.database, client)
      await nodes[0]!.conversations.receive(session, { client_message_id: 'a', text: 'Hello' })
      const { id } = await keptHandoff(place.database, session)
      const [requested, taken] = await Promise.all([
        nodes[0]!.handing.handoffs.request(session, {}),
        nodes[1]!.agents.takeOver({ client_id: client.id, conversation_id: id, admin: dana }),
      ])
      assert.ok(taken.ok && requested.ok)
      const { state, handoff, agent_id } = await keptHandoff(place.database, session)
      assert.deepEqual([state, handoff, agent_id], ['agent', 'with_agent', dana.id])
    }
  })

  it('let the end of the time and a takeover that meet come to one or the other, told once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const session = await makeSession(place.database, client)
      await nodes[0]!.handing.handoffs.request(session, {})
      const { id } = await keptHandoff(place.database, session)
      const [taken] = await Promise.all([
        nodes[1]!.agents.takeOver({ client_id: client.id, conversation_id: id, admin: dana }),
        letPass(place.database, id, 5),
      ])
      assert.ok(taken.ok)
      const { state, handoff, told, noted } = await look(id)
      assert.deepEqual([state, handoff], ['agent', 'with_agent'], noted.join(' '))
      const isLapsed = noted.includes('handoff.lapsed')
      const ways = ['handoff.requested', ...(isLapsed ? ['handoff.lapsed'] : []), 'conversation.taken_over']
      assert.deepEqual(noted, ways)
      assert.equal(told.length, isLapsed ? 1 : 0)
    }
  })
})
