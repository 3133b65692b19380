import assert from 'node:assert/strict'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient, makeSession } from '../support/factories.ts'
import { keptHandoff, makeAdmin, setHandoffStage } from './stage.ts'

describe('The queue for a person', () => {
  const stage = setHandoffStage()
  /** Visitors who ask for a person one after the other. */
  const waiting = async (count: number, of = stage.client) => {
    const sessions: VisitorSession[] = []
    for (let index = 0; index < count; index += 1) {
      const session = await makeSession(stage.database, of)
      await stage.node.handing.handoffs.request(session, {})
      sessions.push(session)
    }
    return sessions
  }
  const placeOf = async (session: VisitorSession) => {
    const { conversation } = await stage.node.conversations.snapshot(session, {})
    return conversation?.handoff_position ?? conversation?.handoff
  }
  const places = (sessions: VisitorSession[]) => Promise.all(sessions.map(placeOf))
  /** What this node has told a visitor last, by itself or at large. */
  const shown = (session: VisitorSession, on = stage.node) =>
    on.here.all.findLast(({ to }) => to.session_id === session.id)?.handoff
  const strangerIsTold = async () => {
    const [stranger] = await waiting(1, await makeClient(stage.database))
    await eventually(() => assert.deepEqual(shown(stranger!), { state: 'requested', position: 1 }))
  }
  const take = async (session: VisitorSession) => {
    const { id: conversation_id } = await keptHandoff(stage.database, session)
    const admin = await makeAdmin(stage.database, session.client_id)
    await stage.node.agents.takeOver({ client_id: session.client_id, conversation_id, admin })
  }

  it('is first come, first served, for each client by itself', async () => {
    const other = await makeClient(stage.database)
    const [ours, theirs] = [await waiting(3), await waiting(2, other)]
    assert.deepEqual(await places(ours), [1, 2, 3])
    assert.deepEqual(await places(theirs), [1, 2])
    await take(ours[0]!)
    assert.deepEqual(await places(ours), ['with_agent', 1, 2])
    assert.deepEqual(await places(theirs), [1, 2])
  })

  it('tells those behind when somebody is taken, gives up or ends, and nobody of another client', async () => {
    const other = await makeClient(stage.database)
    const [first, second, third, fourth] = await waiting(4)
    const [stranger] = await waiting(1, other)
    await eventually(() => assert.deepEqual(shown(fourth!), { state: 'requested', position: 4 }))
    await eventually(() => assert.deepEqual(shown(stranger!), { state: 'requested', position: 1 }))
    stage.node.here.clear()
    await take(first!)
    await eventually(() => assert.deepEqual(shown(fourth!), { state: 'requested', position: 3 }))
    await stage.node.handing.handoffs.withdraw(second!)
    await eventually(() => assert.deepEqual(shown(fourth!), { state: 'requested', position: 2 }))
    await stage.node.conversations.end(third!)
    await eventually(() => assert.deepEqual(shown(fourth!), { state: 'requested', position: 1 }))
    // Told again it may be, and the same.
    assert.deepEqual(shown(stranger!) ?? { state: 'requested', position: 1 }, {
      state: 'requested',
      position: 1,
    })
  })

  it('tells on every node, each by itself, also what a node did that died right after', async () => {
    const [first, second] = await waiting(2)
    const other = await stage.start()
    await eventually(() => assert.deepEqual(shown(second!, other), { state: 'requested', position: 2 }))
    const { id } = await keptHandoff(stage.database, first!)
    // As a node commits it that tells nobody.
    await stage.database.sequelize.query(
      `UPDATE conversations SET state = 'ended', handoff = 'none', epoch = epoch + 1 WHERE id = $1`,
      { bind: [id] },
    )
    for (const on of [stage.node, other])
      await eventually(() => {
        assert.deepEqual(shown(second!, on), { state: 'requested', position: 1 })
        assert.deepEqual(shown(first!, on), { state: 'none' })
      })
  })

  it('tells nothing again where nothing has moved', async () => {
    const sessions = await waiting(3)
    await eventually(() => assert.deepEqual(shown(sessions[2]!), { state: 'requested', position: 3 }))
    await strangerIsTold()
    stage.node.here.clear()
    // Whoever is told now was found by a look that began after all was told.
    await strangerIsTold()
    assert.deepEqual(
      stage.node.here.all.filter(({ to }) => to.client_id === stage.client.id),
      [],
    )
  })

  it('tells so many of one client, and the next when they come forward', async () => {
    await stage.node.stop()
    stage.node = await stage.start({ limits: { toldPositions: 2 } })
    const [first, second, third] = await waiting(3)
    await eventually(() => assert.deepEqual(shown(second!), { state: 'requested', position: 2 }))
    await stage.node.handing.handoffs.withdraw(first!)
    await eventually(() => assert.deepEqual(shown(third!), { state: 'requested', position: 2 }))
    assert.equal(stage.node.here.all.filter(({ handoff }) => handoff.position === 3).length, 0)
  })

  it('is not long a lie where a place was told after the news of its end', async () => {
    const [first] = await waiting(1)
    const { id } = await keptHandoff(stage.database, first!)
    await eventually(() => assert.deepEqual(shown(first!), { state: 'requested', position: 1 }))
    const admin = await makeAdmin(stage.database, stage.client.id)
    await stage.node.agents.takeOver({ client_id: stage.client.id, conversation_id: id, admin })
    await eventually(() => assert.deepEqual(shown(first!), { state: 'with_agent' }))
  })
})
