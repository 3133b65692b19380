import assert from 'node:assert/strict'
import { forVisitors } from '../../client/index.ts'
import type { ToolConfirm } from '../../protocol/widget.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { startApp, testConfig, type TestApp } from '../support/app.ts'
import { addPerson, demoClient, JWT_SECRET, Person } from '../support/person.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider, type ScriptedCall } from '../support/scripted-provider.ts'
import * as n8n from '../support/stand-in-n8n.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { setUpTools } from '../tools/turn/stage.ts'

describe('A question to a visitor', () => {
  const model = new ScriptedProvider()
  let standIn: n8n.StandIn
  let app: TestApp
  const open: { close(): void }[] = []
  before(async () => {
    standIn = await n8n.startStandIn()
    standIn.on('/refund', n8n.json({ refunded: true }))
    app = await startApp({ provider: model, env: { JWT_SECRET, OUTBOUND_ALLOW: standIn.hostAndPort } })
    const secrets = createSecrets(testConfig().secrets)
    const tools = { refund: { set: { policy: 'confirm', label: 'Refund the order' } } }
    await setUpTools(app.place.database, 'pk_demo', { standIn, tools, secrets })
  })
  after(async () => {
    await app.close()
    await standIn.close()
  })
  beforeEach(() => {
    model.calls.clear()
    standIn.calls.clear()
  })
  afterEach(() => {
    for (const one of open.splice(0)) one.close()
  })

  const closing = <T extends { close(): void }>(one: T): T => {
    open.push(one)
    return one
  }
  const newcomer = async () => {
    const visitor = closing(new RestVisitor(app.url))
    await visitor.start()
    return visitor
  }
  const tab = (auth: Record<string, unknown> = {}) => closing(new Visitor(app.url, auth))
  const refund = (call: ScriptedCall) =>
    call.end({ stop: 'tools', calls: [{ id: 'c1', name: 'refund', arguments: { order: '1001' } }] })
  const say = (call: ScriptedCall, text: string) => {
    call.say(text)
    call.end()
  }

  it('answers a chat at once, as often as it is asked; the same request goes on waiting after the yes', async () => {
    const visitor = await newcomer()
    const asked = visitor.chat('My money', 'm1')
    refund(await model.calls.take())
    const { status, body } = await asked
    assert.deepEqual([status, body.response, body.handled_by], [200, null, 'assistant'])
    const [question] = body.pending?.confirming ?? []
    assert.ok(question)
    assert.deepEqual([question.label, question.arguments], ['Refund the order', { order: '1001' }])
    assert.deepEqual((await visitor.chat('My money', 'm1')).body.pending, body.pending)

    const { call_id } = question
    const yes = await visitor.post('confirm', { call_id, approved: true })
    assert.deepEqual([yes.status, yes.body], [200, { approved: true }])
    const answered = visitor.chat('My money', 'm1')
    say(await model.calls.take(), 'On its way.')
    const { response, pending, tool_calls_made } = (await answered).body
    assert.deepEqual([response, pending, tool_calls_made], ['On its way.', undefined, 1])
    assert.equal(standIn.calls.all.length, 1)
  })

  it('is nothing to who wrote something else: that message waits for its own answer', async () => {
    const visitor = await newcomer()
    const asked = visitor.chat('My money')
    refund(await model.calls.take())
    await asked
    const other = visitor.chat('Never mind. Hello?')
    say(await model.calls.take(), 'It was not done.')
    say(await model.calls.take(), 'Hello!')
    const { response, pending } = (await other).body
    assert.deepEqual([response, pending], ['Hello!', undefined])
    assert.equal(standIn.calls.all.length, 0)
  })

  it('is told on the stream of the answer, also to who comes late, and so is what became of it', async () => {
    const visitor = await newcomer()
    const stream = visitor.streamChat('My money', 'm1')
    refund(await model.calls.take())
    const question = await stream.next('tool:confirm')
    const late = visitor.streamChat('My money', 'm1')
    assert.deepEqual(await late.next('tool:confirm'), question)
    const { call_id } = question
    await visitor.post('confirm', { call_id, approved: false })
    for (const reader of [stream, late]) {
      const confirmed = await reader.next('tool:confirmed')
      assert.deepEqual(confirmed, { turn: 1, call_id, approved: false, how: 'visitor' })
    }
    say(await model.calls.take(), 'As you like.')
    for (const reader of [stream, late]) {
      assert.equal((await reader.next('reply:end')).message.content, 'As you like.')
      assert.equal(await reader.ended, true)
    }
  })

  it('is told to every tab, and to those who come or ask what they missed', async () => {
    const first = tab()
    const ready = await first.ready()
    assert.deepEqual(ready.confirming, [])
    await first.send('m1', 'My money')
    refund(await model.calls.take())
    const [question] = await first.next('tool:confirm')
    const second = tab(returning(ready))
    assert.deepEqual((await second.ready()).confirming, [question])
    const synced = await second.ask('session:sync', { last_seq: 0 })
    assert.deepEqual(synced.ok && synced.data.confirming, [question])
    const { call_id } = question
    const yes = await second.ask('tool:answer', { call_id, approved: true })
    assert.deepEqual(yes, { ok: true, data: { approved: true } })
    for (const one of [first, second])
      assert.deepEqual(await one.next('tool:confirmed'), [
        { turn: 1, call_id, approved: true, how: 'visitor' },
      ])
    const no = await first.ask('tool:answer', { call_id, approved: false })
    assert.equal(!no.ok && no.error.code, 'confirmation_closed')
    say(await model.calls.take(), 'On its way.')
    await first.next('reply:end')
    assert.deepEqual((await tab(returning(ready)).ready()).confirming, [])
  })

  it('is nobody’s to answer but the session’s that was asked', async () => {
    const visitor = await newcomer()
    const asked = visitor.chat('My money')
    refund(await model.calls.take())
    const { call_id } = (await asked).body.pending?.confirming[0] as ToolConfirm
    const stranger = await newcomer()
    const stolen = await stranger.post<{ code: string }>('confirm', { call_id, approved: true })
    assert.deepEqual([stolen.status, stolen.body.code], [404, 'not_found'])
    const socket = tab()
    await socket.ready()
    const taken = await socket.ask('tool:answer', { call_id, approved: true })
    assert.equal(!taken.ok && taken.error.code, 'not_found')
    const path = `/api/v1/sessions/${visitor.session.session_id}/confirm`
    const unnamed = new RestVisitor(app.url)
    assert.equal((await unnamed.ask('POST', path, { call_id, approved: true })).status, 401)
    const byOther = await stranger.ask('POST', path, { call_id, approved: true })
    assert.equal(byOther.status, 401)
    await visitor.post('confirm', { call_id, approved: false })
    say(await model.calls.take(), 'As you like.')
    assert.equal(standIn.calls.all.length, 0)
  })

  it('is seen by who watches the conversation', async () => {
    const { token } = await addPerson(app.place.database, {
      client: await demoClient(app.place.database),
      role: 'agent',
    })
    const visitor = tab()
    await visitor.ready()
    await visitor.send('m1', 'My money')
    refund(await model.calls.take())
    const [question] = await visitor.next('tool:confirm')
    const conversation_id = question.call_id.slice(0, 36)
    const person = closing(new Person(app.url, { token }))
    const { confirming } = await person.get('conversation:watch', { conversation_id })
    assert.deepEqual(confirming, [question])
    const { call_id } = question
    await visitor.ask('tool:answer', { call_id, approved: false })
    const [confirmed] = await person.next('tool:confirmed')
    assert.deepEqual(confirmed, { conversation_id, turn: 1, call_id, approved: false, how: 'visitor' })
    refund(await model.calls.take())
    const [again] = await person.next('tool:confirm')
    assert.deepEqual([again.conversation_id, again.arguments], [conversation_id, { order: '1001' }])
    await visitor.ask('conversation:end', {})
  })

  it('is answered through the typed client', async () => {
    const visitors = forVisitors({ url: app.url, clientKey: 'pk_demo' })
    const started = await visitors.startSession()
    assert.ok(started.ok)
    const asked = started.data.chat('My money', { client_message_id: 'm1' })
    refund(await model.calls.take())
    const reply = await asked
    const [question] = (reply.ok && reply.data.pending?.confirming) || []
    assert.deepEqual(await started.data.confirm(question?.call_id ?? '', true), {
      ok: true,
      data: { approved: true },
    })
    const answered = started.data.chat('My money', { client_message_id: 'm1' })
    say(await model.calls.take(), 'On its way.')
    const { data } = (await answered) as { data: { response: string } }
    assert.equal(data.response, 'On its way.')
  })
})
