import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { AgentPlace } from '../../server/conversation/change-hands.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import {
  HASTY,
  keptOf,
  makeVisitor,
  rowsWhere,
  sharedWithOthers,
  startNode,
  type TestNode,
} from '../support/heart.ts'

interface Kept {
  seq: number
  role: string
  content: string
  status: string | null
  answers_to: number | null
}

describe('Changing hands', () => {
  let place: TestDatabase
  let visitor: VisitorSession
  let node: TestNode
  let nodes: TestNode[]
  const dana = { id: randomUUID(), name: 'Dana', avatar_url: 'https://acme.example/dana.png' }
  const noam = { id: randomUUID(), name: 'Noam' }

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    nodes = []
    visitor = await makeVisitor(place.database)
    node = await start()
  })
  afterEach(async () => {
    for (const one of nodes) await one.stop()
  })

  const start = async (limits: Partial<TurnLimits> = {}) => {
    const started = await startNode(sharedWithOthers(place.database), { limits: { ...HASTY, ...limits } })
    nodes.push(started)
    return started
  }
  let sent = 0
  const send = (text: string) =>
    node.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const say = (admin: AgentPlace['admin'], text: string, id = `m${++sent}`) =>
    node.agents.receive(theirs(admin), { client_message_id: id, text })
  const theirs = (admin: AgentPlace['admin']): AgentPlace => ({
    client_id: visitor.client_id,
    conversation_id: conversationId(),
    admin,
  })
  const conversationId = () =>
    node.told.told.all.find((one) => one.to.session_id === visitor.id)!.to.conversation_id
  const kept = () => keptOf<Kept>(place.database, visitor, 'messages', 'seq')
  const events = () => node.told.told.all.map((one) => one.event)
  const ended = async () => (await node.told.next('reply:end'))[0].message

  it('breaks the running answer off, keeps what it had said, and only then says who has joined', async () => {
    await send('Hello')
    const call = await node.provider.calls.take()
    call.say('Good mor')
    const taken = await node.agents.takeOver(theirs(dana))
    assert.deepEqual(taken.ok && [taken.data.conversation.state, taken.data.conversation.handoff], [
      'agent',
      'with_agent',
    ])
    assert.equal(call.signal.aborted, true)
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['interrupted', 'Good mor'])
    assert.deepEqual(events().slice(-3), ['reply:end', 'handoff:changed', 'agent:joined'])
    const [joined] = await node.told.next('agent:joined')
    assert.deepEqual(joined, { epoch: 1, name: 'Dana', avatar_url: dana.avatar_url })
  })

  it('commits the end for an owner that keeps silent, and fences it', async () => {
    const owner = await start({ lease: 60_000, renewEvery: 50_000, silentAfter: 55_000 })
    const taker = await start({ handover: 100, handoverLook: 10 })
    await owner.conversations.receive(visitor, { client_message_id: 'a', text: 'Hello' })
    const call = await owner.provider.calls.take()
    call.say('Good mor')
    const conversation_id = owner.told.told.all[0]!.to.conversation_id
    await taker.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    assert.deepEqual(
      taker.told.told.all.map((one) => one.event),
      ['reply:end', 'handoff:changed', 'agent:joined'],
    )
    call.say('ning')
    call.end()
    await owner.stop()
    assert.equal(owner.told.count('reply:end'), 0)
    const answers = (await kept()).filter((row) => row.role === 'assistant')
    assert.deepEqual(
      answers.map((row) => [row.content, row.status, row.answers_to]),
      [['', 'interrupted', 1]],
    )
  })

  it('silences an owner whose turn was ended by the taker, with its next renewal', async () => {
    const owner = await start({ lease: 5_000, renewEvery: 400, silentAfter: 4_000 })
    const taker = await start({ handover: 0, handoverLook: 1 })
    await owner.conversations.receive(visitor, { client_message_id: 'a', text: 'Hello' })
    const call = await owner.provider.calls.take()
    const silent = new Promise((resolve) => call.signal.addEventListener('abort', resolve, { once: true }))
    const conversation_id = owner.told.told.all[0]!.to.conversation_id
    await taker.agents.takeOver({ client_id: visitor.client_id, conversation_id, admin: dana })
    await silent
  })

  it('lets nobody but who has taken over speak', async () => {
    await send('Hello')
    const refused = await say(dana, 'Hi')
    assert.equal(!refused.ok && refused.error.code, 'not_taken_over')
    await node.agents.takeOver(theirs(dana))
    assert.equal((await say(dana, 'Hi, Dana here')).ok, true)
    const other = await say(noam, 'Me too')
    assert.equal(!other.ok && other.error.code, 'not_taken_over')
    const rows = await kept()
    assert.deepEqual(
      rows.map((row) => [row.role, row.content]),
      [
        ['user', 'Hello'],
        ['assistant', ''],
        ['agent', 'Hi, Dana here'],
      ],
    )
  })

  it('saves an agent’s message once, and never takes it for a visitor’s of the same id', async () => {
    await node.conversations.receive(visitor, { client_message_id: 'same', text: 'Hello' })
    await node.agents.takeOver(theirs(dana))
    const answers = await Promise.all([1, 2, 3].map(() => say(dana, 'Hi', 'same')))
    await node.agents.handBack(theirs(dana))
    answers.push(await say(dana, 'Hi', 'same'))
    assert.equal(new Set(answers.map((answer) => answer.ok && answer.data.message.id)).size, 1)
    const reused = await say(dana, 'Bye', 'same')
    assert.equal(!reused.ok && reused.error.code, 'message_id_reused')
    assert.equal((await kept()).filter((row) => row.role === 'agent').length, 1)
    assert.equal(node.told.told.all.filter((one) => one.event === 'message:created').length, 2)
  })

  it('answers nothing while an agent has it, and afterwards only what the agent left', async () => {
    await send('Hello')
    await node.agents.takeOver(theirs(dana))
    await send('Is anybody there?')
    await say(dana, 'Yes, I am')
    await send('And boots?')
    await node.agents.handBack(theirs(dana))
    assert.deepEqual(events().slice(-2), ['agent:left', 'handoff:changed'])
    const calls = () => node.provider.calls.all
    const call = await node.provider.calls.take((one) => !one.signal.aborted)
    call.say('Boots!')
    call.end()
    const last = (await node.told.told.take((one) => one.event === 'reply:end' && one.args[0].turn === 2))
      .args
    assert.equal(last.length, 1)
    const answer = (await kept()).at(-1)
    assert.deepEqual([answer?.content, answer?.answers_to], ['Boots!', 5])
    assert.equal(calls().at(-1), call)
  })

  it('opens no turn on handing back where nothing waits', async () => {
    await send('Hello')
    await node.agents.takeOver(theirs(dana))
    await say(dana, 'Hi')
    const back = await node.agents.handBack(theirs(dana))
    assert.deepEqual(back.ok && [back.data.conversation.state, back.data.conversation.handoff], [
      'ai',
      'none',
    ])
    const turns = await keptOf<{ state: string }>(place.database, visitor, 'turns', 'number')
    assert.deepEqual(
      turns.map((turn) => turn.state),
      ['interrupted'],
    )
  })

  it('goes from one agent to another, and only who has it may hand back', async () => {
    await send('Hello')
    await node.agents.takeOver(theirs(dana))
    await node.agents.takeOver(theirs(noam))
    const refused = await node.agents.handBack(theirs(dana))
    assert.equal(!refused.ok && refused.error.code, 'not_taken_over')
    assert.equal((await node.agents.handBack(theirs(noam))).ok, true)
  })

  it('comes to the same when it is asked twice', async () => {
    await send('Hello')
    const once = await node.agents.takeOver(theirs(dana))
    const twice = await node.agents.takeOver(theirs(dana))
    assert.equal(once.ok && once.data.conversation.epoch, 1)
    assert.equal(twice.ok && twice.data.conversation.epoch, 1)
    await node.agents.handBack(theirs(dana))
    const back = await node.agents.handBack(theirs(dana))
    assert.equal(back.ok && back.data.conversation.epoch, 2)
  })

  it('is refused for another client’s conversation, and for one that has ended', async () => {
    await send('Hello')
    const stranger = await makeVisitor(place.database)
    const foreign = { ...theirs(dana), client_id: stranger.client_id }
    for (const refused of [
      await node.agents.takeOver(foreign),
      await node.agents.handBack(foreign),
      await node.agents.receive(foreign, { client_message_id: 'x', text: 'Hi' }),
    ])
      assert.equal(!refused.ok && refused.error.code, 'not_found')
    await node.conversations.end(visitor)
    for (const refused of [
      await node.agents.takeOver(theirs(dana)),
      await node.agents.handBack(theirs(dana)),
      await say(dana, 'Hi'),
    ])
      assert.equal(!refused.ok && refused.error.code, 'conversation_ended')
  })

  it('is with nobody any more once the conversation has ended', async () => {
    await send('Hello')
    await node.agents.takeOver(theirs(dana))
    const over = await node.conversations.end(visitor)
    assert.equal(over.ok && over.data.conversation?.handoff, 'none')
  })

  it('leaves an entry of every change in the audit log', async () => {
    await send('Hello')
    await node.agents.takeOver(theirs(dana))
    await node.agents.handBack(theirs(dana))
    await node.conversations.end(visitor)
    const entries = await rowsWhere<{ action: string; actor_id: string | null; details: { epoch: number } }>(
      place.database,
      'audit_log',
      'conversation_id',
      conversationId(),
    )
    assert.deepEqual(
      entries.map((entry) => [entry.action, entry.actor_id, entry.details.epoch]),
      [
        ['conversation.taken_over', dana.id, 1],
        ['conversation.handed_back', dana.id, 2],
        ['conversation.ended', null, 3],
      ],
    )
  })
})
