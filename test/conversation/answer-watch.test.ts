import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { AnswerWatch } from '../../server/conversation/answer-watch.ts'
import { ANSWER_LIMITS, type AnswerLimits } from '../../server/conversation/answer-limits.ts'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { FanOut } from '../../sockets/fanout.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { makeVisitor, startNode, type TestNode } from '../support/heart.ts'

const DANA = { id: randomUUID(), name: 'Dana' }
const LONG = 60_000

describe('An answer that is waited for', () => {
  let place: TestDatabase
  let node: TestNode
  let visitor: VisitorSession
  let listeners: FanOut
  /** How many messages each statement of the watch asked about, and how many statements ran at once. */
  let batches: number[]
  let mostAtOnce: number
  let away: boolean

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    visitor = await makeVisitor(place.database)
    node = await startNode(place.database)
    listeners = new FanOut()
    batches = []
    mostAtOnce = 0
    away = false
  })
  afterEach(() => node.stop())

  /** A watch to which this node's heart says nothing: as of another node, it has only Postgres. */
  const watchElsewhere = (limits: Partial<AnswerLimits> = {}) => {
    let running = 0
    const run: Database['run'] = (statement, values) => {
      batches.push((values[0] as string[]).length)
      if (away) return Promise.reject(new DatabaseUnavailable('away'))
      mostAtOnce = Math.max(mostAtOnce, ++running)
      return place.database.run<never>(statement, values).finally(() => running--)
    }
    const changed = { ...ANSWER_LIMITS, lookEvery: 20, ...limits }
    return new AnswerWatch({ database: { run }, listeners, limits: changed, log: silentLog })
  }
  const asked = (client_message_id = 'm1') => ({
    ...{ client_id: visitor.client_id, session_id: visitor.id, client_message_id },
  })
  const send = async (client_message_id = 'm1', text = 'Hello') => {
    const received = await node.conversations.receive(visitor, { client_message_id, text })
    assert.ok(received.ok)
    return received.data.message
  }
  const agentPlace = () => ({
    client_id: visitor.client_id,
    conversation_id: node.told.told.all[0]!.to.conversation_id,
    admin: DANA,
  })

  it('is found although nothing is told here', async () => {
    const watch = watchElsewhere()
    const awaited = watch.begin(asked(), LONG)
    await send()
    assert.equal((await awaited.look())?.answer, null)
    const call = await node.provider.calls.take()
    call.say('Good morning')
    call.end()
    const answer = await awaited.outcome
    assert.ok(typeof answer === 'object' && answer.message)
    assert.deepEqual([answer.message.content, answer.message.answers_to], ['Good morning', 1])
    assert.equal(watch.size, 0)
    assert.equal(listeners.leave(visitor.id, { tell: () => undefined }), true, 'nobody listens any more')
  })

  it('is known at once where it was given before', async () => {
    await send()
    const call = await node.provider.calls.take()
    call.end({ text: '' })
    await node.told.next('reply:end')
    const awaited = watchElsewhere().begin(asked(), LONG)
    const found = await awaited.look()
    assert.ok(found?.answer?.message)
    assert.deepEqual([found.answer.message.status, found.answer.failure], ['failed', 'empty_answer'])
    assert.equal(await awaited.outcome, found.answer)
  })

  it('is the next one, where it came too late for the one that was being given', async () => {
    await send('m1', 'First')
    const first = await node.provider.calls.take()
    first.say('To the fi')
    const awaited = watchElsewhere().begin(asked('m2'), LONG)
    await send('m2', 'Second')
    await awaited.look()
    first.say('rst')
    first.end()
    const second = await node.provider.calls.take()
    second.say('To the second')
    second.end()
    const answer = await awaited.outcome
    assert.equal(typeof answer === 'object' && answer.message?.content, 'To the second')
  })

  it('is that of a person where one has taken over, told at once', async () => {
    await send()
    ;(await node.provider.calls.take()).end()
    await node.told.next('reply:end')
    await node.agents.takeOver(agentPlace())
    const watch = watchElsewhere({ lookEvery: LONG })
    const awaited = watch.begin(asked('m2'), LONG)
    await send('m2', 'Anybody there?')
    assert.deepEqual((await awaited.look())?.answer, { by: 'agent' })
    await node.agents.receive(agentPlace(), { client_message_id: 'a1', text: 'Yes' })
    await node.agents.handBack(agentPlace())
    const again = watch.begin(asked('m2'), LONG)
    assert.deepEqual((await again.look())?.answer, { by: 'agent' }, 'and stays so when it was handed back')
  })

  it('is what the assistant had said when a person took over', async () => {
    await send()
    const call = await node.provider.calls.take()
    const awaited = watchElsewhere().begin(asked(), LONG)
    await awaited.look()
    call.say('Good mor')
    await node.agents.takeOver(agentPlace())
    const answer = await awaited.outcome
    assert.ok(typeof answer === 'object' && answer.message)
    assert.deepEqual(
      [answer.by, answer.message.status, answer.message.content],
      ['agent', 'interrupted', 'Good mor'],
    )
  })

  it('is nobody’s where the conversation ended with the message unread', async () => {
    await send()
    const call = await node.provider.calls.take()
    call.say('Good mor')
    const awaited = watchElsewhere().begin(asked('m2'), LONG)
    await send('m2', 'And another thing')
    await awaited.look()
    await node.conversations.end(visitor)
    assert.deepEqual(await awaited.outcome, { by: 'nobody' })
  })

  it('is not taken from the conversation that came after', async () => {
    await send('m1', 'First')
    ;(await node.provider.calls.take()).end({ text: '' })
    await node.told.next('reply:end')
    await node.agents.takeOver(agentPlace())
    await send('m2', 'Second')
    await node.conversations.start(visitor)
    for (const id of ['m3', 'm4']) {
      await send(id, id)
      const call = await node.provider.calls.take()
      call.say(`to ${id}`)
      call.end()
      await node.told.next('reply:end')
    }
    const found = await watchElsewhere().begin(asked('m2'), LONG).look()
    assert.deepEqual(found?.answer, { by: 'nobody' })
  })

  it('is looked up together with all others, one statement at a time', async () => {
    const watch = watchElsewhere({ lookAtOnce: 20 })
    const waiting = Array.from({ length: 30 }, () => watch.begin(asked(), LONG))
    await send()
    for (const awaited of waiting) await awaited.look()
    batches.length = 0
    mostAtOnce = 0
    const call = await node.provider.calls.take()
    await eventually(() => assert.ok(batches.length > 3 && batches.includes(20)))
    assert.equal(Math.max(...batches), 20)
    assert.equal(mostAtOnce, 1)
    call.say('Once')
    call.end()
    const answers = await Promise.all(waiting.map(({ outcome }) => outcome))
    const contents = answers.map((one) => typeof one === 'object' && one.message?.content)
    assert.deepEqual(new Set(contents), new Set(['Once']))
    assert.equal(watch.size, 0)
  })

  it('is given up after so long, and when who waited has gone', async () => {
    const watch = watchElsewhere()
    const late = watch.begin(asked(), 30)
    const gone = watch.begin(asked(), LONG)
    gone.giveUp('gone')
    assert.equal(await gone.outcome, 'gone')
    assert.equal(await late.outcome, 'timeout')
    assert.equal(watch.size, 0)
  })

  it('is given up by a process that goes away, for those who come late too', async () => {
    const watch = watchElsewhere()
    const before = watch.begin(asked(), LONG)
    watch.drain()
    assert.deepEqual(await Promise.all([before.outcome, watch.begin(asked(), LONG).outcome]), [
      'draining',
      'draining',
    ])
    assert.equal(watch.size, 0)
  })

  it('is waited for through an outage of the database', async () => {
    const watch = watchElsewhere()
    const awaited = watch.begin(asked(), LONG)
    await send()
    await awaited.look()
    away = true
    const before = batches.length
    await eventually(() => assert.ok(batches.length > before + 1))
    const call = await node.provider.calls.take()
    call.say('Here')
    call.end()
    await node.told.next('reply:end')
    away = false
    const answer = await awaited.outcome
    assert.equal(typeof answer === 'object' && answer.message?.content, 'Here')
  })
})
