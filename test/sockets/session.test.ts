import assert from 'node:assert/strict'
import { startApp, type TestApp } from '../support/app.ts'
import { returning, Visitor } from '../support/visitor.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

describe('A visitor’s session', () => {
  let app: TestApp
  let model: ScriptedProvider
  let tabs: Visitor[]

  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({ provider: model })
  })
  after(() => app.close())
  beforeEach(() => {
    tabs = []
  })
  afterEach(() => {
    for (const tab of tabs) tab.close()
  })

  const open = (auth: Record<string, unknown> = {}, headers: Record<string, string> = {}) => {
    const tab = new Visitor(app.url, auth, headers)
    tabs.push(tab)
    return tab
  }
  const refusal = async (auth: Record<string, unknown>, headers?: Record<string, string>) => {
    const tab = open(auth, headers)
    const refused = await tab.refused.take()
    await tab.closed.take()
    return refused.code
  }

  it('is made for a newcomer, whose token is told once', async () => {
    const first = await open().ready()
    assert.match(first.session_token ?? '', /^[\w-]{43}$/)
    assert.equal(first.conversation, null)
    assert.deepEqual(first.messages, [])
    const again = await open(returning(first)).ready()
    assert.equal(again.session_id, first.session_id)
    assert.equal(again.session_token, undefined)
  })

  it('brings back the transcript after a reload', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Hello')
    const call = await model.calls.take()
    call.say('Good morning')
    call.end()
    await tab.next('reply:end')
    tab.close()
    const back = await open(returning(ready)).ready()
    assert.deepEqual(
      back.messages.map((message) => [message.seq, message.role, message.content]),
      [
        [1, 'user', 'Hello'],
        [2, 'assistant', 'Good morning'],
      ],
    )
    assert.equal(back.conversation?.message_count, 2)
    assert.equal(back.has_more, false)
  })

  it('sends only what is missing to who says how far it has read', async () => {
    const tab = open()
    const ready = await tab.ready()
    for (const id of ['m1', 'm2', 'm3']) {
      await tab.send(id, `text of ${id}`)
      const call = await model.calls.take()
      call.end()
      await tab.next('reply:end')
    }
    const back = await open({ ...returning(ready), last_seq: 3 }).ready()
    assert.deepEqual(
      back.messages.map((message) => message.seq),
      [4, 5, 6],
    )
    const conversation_id = back.conversation?.id
    const other = {
      ...returning(ready),
      last_seq: 3,
      conversation_id: '00000000-0000-4000-8000-000000000000',
    }
    assert.equal((await open(other).ready()).messages.length, 6)
    const same = await open({ ...returning(ready), last_seq: 6, conversation_id }).ready()
    assert.deepEqual(same.messages, [])
  })

  it('pages backwards through a long history', async () => {
    const tab = open()
    const ready = await tab.ready()
    for (let index = 1; index <= 4; index++) {
      await tab.send(`m${index}`, `text ${index}`)
      const call = await model.calls.take()
      call.end()
      await tab.next('reply:end')
    }
    const page = await tab.ask('history:load', { before_seq: 7, limit: 4 })
    assert.deepEqual(page.ok && page.data.messages.map((message) => message.seq), [3, 4, 5, 6])
    assert.equal(page.ok && page.data.has_more, true)
    const first = await tab.ask('history:load', { before_seq: 3 })
    assert.deepEqual(first.ok && first.data.messages.map((message) => message.seq), [1, 2])
    assert.equal(first.ok && first.data.has_more, false)
    assert.ok(ready.session_id)
  })

  it('ends a conversation, begins another, and tells every tab', async () => {
    const [one, two] = [open(), null as Visitor | null]
    const ready = await one.ready()
    const other = two ?? open(returning(ready))
    await other.ready()
    await one.send('m1', 'Hello')
    const call = await model.calls.take()
    call.end()
    await one.next('reply:end')
    const ended = await one.ask('conversation:end', {})
    assert.equal(ended.ok && ended.data.conversation?.state, 'ended')
    assert.deepEqual(await other.next('conversation:ended'), [{ reason: 'visitor' }])
    const begun = await one.ask('conversation:start', {})
    const [{ conversation }] = await other.next('conversation:started')
    const told = begun.ok && begun.data.conversation.id
    const last = other.heard.all.findLast((heard) => heard.event === 'conversation:started')
    assert.equal(told, last?.event === 'conversation:started' && last.args[0].conversation.id)
    assert.ok(conversation.id)
    const back = await open(returning(ready)).ready()
    assert.deepEqual([back.conversation?.id, back.messages], [told, []])
  })

  it('refuses a key that nobody has, and closes the connection', async () => {
    assert.equal(await refusal({ client_key: 'pk_nobody' }), 'client_unknown')
  })

  it('refuses another version of the protocol, and what is no handshake', async () => {
    assert.equal(await refusal({ protocol: 2 }), 'protocol_unsupported')
    assert.equal(await refusal({ client_key: ['pk_demo'] }), 'invalid_payload')
    assert.equal(await refusal({ role: 'owner' }), 'invalid_payload')
    assert.equal(await refusal({ last_seq: -1 }), 'invalid_payload')
  })

  it('refuses a session without its token, with another token, of another client, or unheard of', async () => {
    const { session_id, session_token } = await open().ready()
    assert.equal(await refusal({ session_id }), 'session_invalid')
    assert.equal(await refusal({ session_token }), 'session_invalid')
    assert.equal(await refusal({ session_id, session_token: 'A'.repeat(43) }), 'session_invalid')
    const stranger = { session_id: '00000000-0000-4000-8000-000000000000', session_token }
    assert.equal(await refusal(stranger), 'session_invalid')
    await app.place.database.run(
      { name: 'test/add-client', text: `INSERT INTO clients (name, api_key) VALUES ('Other', 'pk_other')` },
      [],
    )
    assert.equal(await refusal({ client_key: 'pk_other', session_id, session_token }), 'session_invalid')
  })

  it('refuses foreign origins, look-alikes, other ports and a bare null, and closes the connection', async () => {
    const own = new URL(app.url)
    const foreign = [
      'https://evil.example',
      `http://127.0.0.1.evil.example:${own.port}`,
      `http://evil-localhost:${own.port}`,
      `https://${own.hostname}.evil.example`,
      'null',
      'file://',
      `http://user@${own.host}`,
    ]
    for (const origin of foreign) {
      assert.equal(await refusal({}, { origin }), 'origin_not_allowed', origin)
    }
  })

  it('lets in our own origin, the client’s origins, and who sends none', async () => {
    for (const origin of [app.url, 'http://localhost:5173', 'http://127.0.0.1:1']) {
      assert.ok((await open({}, { origin }).ready()).session_id)
    }
    assert.ok((await open().ready()).session_id)
  })

  it('lets a sandboxed page with origin null in when it has its token', async () => {
    const ready = await open().ready()
    const back = await open(returning(ready), { origin: 'null' }).ready()
    assert.equal(back.session_id, ready.session_id)
  })

  it('gives nobody a room by name or by payload: another visitor’s words reach nobody else', async () => {
    const victim = open()
    const { session_id } = await victim.ready()
    const attacker = open()
    await attacker.ready()
    const raw = attacker.socket as unknown as {
      emitWithAck(event: string, ...args: unknown[]): Promise<unknown>
    }
    for (const event of ['join', 'subscribe', 'conversation:watch', 'session:join', 'room']) {
      const answer = await raw.emitWithAck(event, {
        room: session_id,
        session_id,
        conversation_id: session_id,
      })
      assert.equal((answer as { error: { code: string } }).error.code, 'not_found')
    }
    const smuggled = {
      client_message_id: 'x1',
      text: 'hi',
      session_id,
      conversation_id: session_id,
      role: 'agent',
    }
    const refused = (await raw.emitWithAck('message:send', smuggled)) as { error: { code: string } }
    assert.equal(refused.error.code, 'invalid_payload')
    await victim.send('m1', 'my secret')
    const call = await model.calls.take()
    call.say('your secret')
    call.end()
    await victim.next('reply:end')
    await attacker.ask('typing:set', { typing: false })
    assert.deepEqual(
      attacker.heard.all.map((one) => one.event),
      ['session:ready'],
    )
  })

  it('syncs, loads and stops nothing of another visitor, whatever ids are sent', async () => {
    const victim = open()
    await victim.ready()
    await victim.send('m1', 'my secret')
    const call = await model.calls.take()
    call.say('your sec')
    const attacker = open()
    await attacker.ready()
    const [started] = victim.heard.all.flatMap((one) =>
      one.event === 'conversation:started' ? one.args : [],
    )
    const conversation_id = started!.conversation.id
    const reply = { turn: 1, attempt: 1, offset: 0 }
    const synced = await attacker.ask('session:sync', { conversation_id, last_seq: 0, reply })
    assert.deepEqual(synced.ok && [synced.data.conversation, synced.data.messages, synced.data.reply], [
      null,
      [],
      undefined,
    ])
    const loaded = await attacker.ask('history:load', { before_seq: 100 })
    assert.deepEqual(loaded.ok && loaded.data.messages, [])
    const stopped = await attacker.ask('reply:stop', { turn: 1 })
    assert.equal(stopped.ok && stopped.data.stopped, false)
    call.say('ret')
    call.end()
    const [{ message }] = await victim.next('reply:end')
    assert.deepEqual([message.content, message.status], ['your secret', 'complete'])
  })
})
