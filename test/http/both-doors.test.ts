import assert from 'node:assert/strict'
import { startApp, type TestApp } from '../support/app.ts'
import { keptOf } from '../support/heart.ts'
import { RestVisitor } from '../support/rest-visitor.ts'
import { ScriptedProvider, type ScriptedCall } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

interface Kept {
  role: string
  content: string
}

describe('A conversation through both doors', () => {
  let app: TestApp
  let model: ScriptedProvider
  let leave: (() => void)[]

  before(async () => {
    model = new ScriptedProvider()
    app = await startApp({ provider: model })
  })
  after(() => app.close())
  beforeEach(() => {
    leave = []
    model.calls.clear()
  })
  afterEach(() => {
    for (const close of leave) close()
  })

  const openSocket = (auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(app.url, auth)
    leave.push(() => tab.close())
    return tab
  }
  const withoutSocket = (session: { session_id: string; session_token?: string | undefined }) => {
    const rest = new RestVisitor(app.url, session)
    leave.push(() => rest.close())
    return rest
  }
  const say = (call: ScriptedCall, text: string) => {
    call.say(text)
    call.end()
  }
  const kept = async ({ session_id }: { session_id: string }) => {
    const rows = await keptOf<Kept>(app.place.database, { id: session_id }, 'messages', 'seq')
    return rows.map(({ role, content }) => `${role}: ${content}`)
  }

  it('begins on a socket, goes on without one, and back: nothing is lost or doubled', async () => {
    const tab = openSocket()
    const ready = await tab.ready()
    await tab.send('m1', 'On a socket')
    const first = await model.calls.take()
    first.say('Streamed to ')
    const [turn, attempt] = await tab.next('reply:delta')
    // The network lets no socket through any more, in the middle of the answer.
    tab.cut()
    await tab.closed.take()
    first.say('a socket, ')

    const rest = withoutSocket(ready)
    const stream = rest.listen('', { 'last-event-id': `1.${turn}.${attempt}.12` })
    const back = await stream.next('session:ready')
    assert.deepEqual([back.messages, back.reply?.offset, back.reply?.text], [[], 12, 'a socket, '])
    first.say('ended on a stream.')
    first.end()
    const { message } = await stream.next('reply:end')
    assert.equal(stream.streamed(turn, 'Streamed to '), message.content)
    // What was not acked in time is sent again, through the other door: it is the same message.
    const resent = await rest.post<{ message: { seq: number } }>('messages', {
      client_message_id: 'm1',
      text: 'On a socket',
    })
    assert.equal(resent.body.message.seq, 1)

    const answered = rest.chat('By REST', 'm2')
    say(await model.calls.take(), 'Answered by REST.')
    assert.equal((await answered).body.response, 'Answered by REST.')

    const again = openSocket({ ...returning(ready), last_seq: 2 })
    const seen = await again.ready()
    assert.deepEqual(
      seen.messages.map(({ seq, content }) => [seq, content]),
      [
        [3, 'By REST'],
        [4, 'Answered by REST.'],
      ],
    )
    assert.equal((await again.send('m2', 'By REST')).seq, 3)
    await again.send('m3', 'Back on a socket')
    say(await model.calls.take(), 'Welcome back.')
    await again.next('reply:end')
    assert.deepEqual(await kept(ready), [
      ...['user: On a socket', 'assistant: Streamed to a socket, ended on a stream.'],
      ...['user: By REST', 'assistant: Answered by REST.'],
      ...['user: Back on a socket', 'assistant: Welcome back.'],
    ])
    assert.equal(model.calls.all.length, 3)
  })

  it('is told to an open socket at once what comes by REST, and the other way round', async () => {
    const tab = openSocket()
    const ready = await tab.ready()
    const rest = withoutSocket(ready)
    const stream = rest.listen()
    await stream.next('session:ready')
    const answered = rest.chat('By REST', 'm1')
    assert.equal((await tab.next('message:created'))[0].message.content, 'By REST')
    const call = await model.calls.take()
    call.say('To both')
    const [turn, attempt, offset, text] = await tab.next('reply:delta')
    assert.deepEqual(await stream.next('reply:delta'), { turn, attempt, offset, text })
    call.end()
    const [end] = await tab.next('reply:end')
    assert.deepEqual(end.message, (await answered).body.message)
    assert.deepEqual(await stream.next('reply:end'), end)
    await tab.send('m2', 'By socket')
    assert.equal((await stream.next('message:created')).message.content, 'By socket')
    say(await model.calls.take(), 'Yes')
    await stream.next('reply:end')
  })

  it('is stopped, typed in and begun anew by REST, as by a socket', async () => {
    const tab = openSocket()
    const ready = await tab.ready()
    const rest = withoutSocket(ready)
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say('Once upon')
    await tab.next('reply:delta')
    assert.deepEqual((await rest.post('stop', { turn: 1 })).body, { stopped: true })
    const [{ message }] = await tab.next('reply:end')
    assert.deepEqual([message.status, message.content], ['stopped', 'Once upon'])
    assert.deepEqual((await rest.post('stop', { turn: 1 })).body, { stopped: false })
    assert.deepEqual((await rest.post('typing', { typing: true })).body, {})
    const begun = await rest.post<{ conversation: { id: string } }>('start', {})
    const [started] = await tab.next('conversation:started')
    assert.equal(started.conversation.id, begun.body.conversation.id)
  })

  it('takes one message that comes through both at once, once', async () => {
    const tab = openSocket()
    const ready = await tab.ready()
    const rest = withoutSocket(ready)
    const [message, answered] = [tab.send('m1', 'Hello'), rest.chat('Hello', 'm1')]
    say(await model.calls.take(), 'Good morning')
    assert.equal((await message).seq, 1)
    assert.equal((await answered).body.response, 'Good morning')
    assert.deepEqual(await kept(ready), ['user: Hello', 'assistant: Good morning'])
    assert.equal(model.calls.all.length, 1)
  })
})
