import assert from 'node:assert/strict'
import { startApp, type TestApp } from '../support/app.ts'
import { keptOf } from '../support/heart.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { returning, Visitor } from '../support/visitor.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'

interface Answer {
  conversation_id: string
  content: string
  status: string
}

describe('A streamed answer', () => {
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
    model.calls.clear()
  })
  afterEach(() => {
    for (const tab of tabs) tab.close()
  })

  const open = (auth: Record<string, unknown> = {}) => {
    const tab = new Visitor(app.url, auth)
    tabs.push(tab)
    return tab
  }
  const answersKept = async ({ session_id }: { session_id: string }) => {
    const visitor = { id: session_id }
    const rows = await keptOf<Answer & { role: string }>(app.place.database, visitor, 'messages', 'seq')
    return rows.filter((row) => row.role === 'assistant')
  }

  it('arrives piece by piece, and its end is what is kept', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    for (const word of SENTENCE.split(/(?<= )/)) {
      call.say(word)
      await tab.next('reply:delta')
    }
    call.end({ sources: [{ title: 'Fables', url: 'https://example.com/fables' }] })
    const [{ turn, message }] = await tab.next('reply:end')
    assert.equal(message.content, SENTENCE)
    assert.equal(tab.streamed(turn), SENTENCE)
    assert.deepEqual(message.sources, [{ title: 'Fables', url: 'https://example.com/fables' }])
    assert.deepEqual(
      (await answersKept(ready)).map((row) => row.content),
      [SENTENCE],
    )
  })

  it('goes on after a reload in the middle: the text so far, then the rest, to the character', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say(SENTENCE.slice(0, 30))
    await tab.next('reply:delta')
    tab.close()
    call.say(SENTENCE.slice(30, 40)) // ends in the middle of 🐕, whose first half waits for its second
    const reloaded = open(returning(ready))
    const back = await reloaded.ready()
    assert.deepEqual([back.reply?.offset, back.reply?.text], [0, SENTENCE.slice(0, 39)])
    call.say(SENTENCE.slice(40))
    call.end()
    const [{ turn, message }] = await reloaded.next('reply:end')
    assert.equal(reloaded.streamed(turn), SENTENCE)
    assert.equal(message.content, SENTENCE)
  })

  it('goes on after the network was cut: only the missing part is sent again', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say(SENTENCE.slice(0, 20))
    const [turn, attempt] = await tab.next('reply:delta')
    tab.cut()
    await tab.closed.take()
    call.say(SENTENCE.slice(20, 50))
    const reply = { turn, attempt, offset: 20 }
    const again = open({ ...returning(ready), last_seq: 1, reply })
    const back = await again.ready()
    assert.deepEqual(back.messages, [])
    assert.deepEqual([back.reply?.offset, back.reply?.text], [20, SENTENCE.slice(20, 50)])
    call.say(SENTENCE.slice(50))
    call.end()
    const [{ message }] = await again.next('reply:end')
    assert.equal(message.content, SENTENCE)
    assert.equal(again.streamed(turn, SENTENCE.slice(0, 20)), SENTENCE)
  })

  it('that ended while the visitor was away is there when it comes back', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say(SENTENCE.slice(0, 20))
    const [turn, attempt] = await tab.next('reply:delta')
    const watching = open(returning(ready))
    await watching.ready()
    tab.close()
    call.say(SENTENCE.slice(20))
    call.end()
    await watching.next('reply:end')
    const back = await open({
      ...returning(ready),
      last_seq: 1,
      reply: { turn, attempt, offset: 20 },
    }).ready()
    assert.equal(back.reply, undefined)
    assert.deepEqual(
      back.messages.map((message) => [message.turn, message.content]),
      [[turn, SENTENCE]],
    )
  })

  it('is the same in two tabs, one of which came in the middle', async () => {
    const one = open()
    const ready = await one.ready()
    await one.send('m1', 'Tell me')
    const call = await model.calls.take()
    call.say(SENTENCE.slice(0, 25))
    await one.next('reply:delta')
    const two = open(returning(ready))
    const seen = await two.ready()
    assert.deepEqual(
      seen.messages.map((message) => message.content),
      ['Tell me'],
    )
    call.say(SENTENCE.slice(25))
    call.end()
    const [ofOne, ofTwo] = await Promise.all([one.next('reply:end'), two.next('reply:end')])
    assert.deepEqual(ofOne, ofTwo)
    assert.equal(one.streamed(1), SENTENCE)
    assert.equal(two.streamed(1), SENTENCE)
  })

  it('is one, though its question came five times at once from five tabs', async () => {
    const first = open()
    const ready = await first.ready()
    const others = Array.from({ length: 4 }, () => open(returning(ready)))
    await Promise.all(others.map((tab) => tab.ready()))
    const sent = await Promise.all([first, ...others].map((tab) => tab.send('m1', 'Tell me')))
    assert.equal(new Set(sent.map((message) => message.id)).size, 1)
    const call = await model.calls.take()
    call.say(SENTENCE)
    call.end()
    for (const tab of [first, ...others]) await tab.next('reply:end')
    assert.equal(model.calls.all.length, 1)
    assert.equal((await answersKept(ready)).length, 1)
    for (const tab of [first, ...others]) {
      assert.equal(tab.heard.all.filter((one) => one.event === 'message:created').length, 1)
      assert.equal(tab.streamed(1), SENTENCE)
    }
  })

  it('is one for three fragments in a row', async () => {
    const tab = open()
    const ready = await tab.ready()
    void tab.ask('typing:set', { typing: true })
    await tab.send('m1', 'Hi')
    void tab.ask('typing:set', { typing: true })
    await tab.send('m2', 'I have a question')
    void tab.ask('typing:set', { typing: true })
    await tab.send('m3', 'about boots')
    let call = await model.calls.take()
    while (call.signal.aborted) call = await model.calls.take()
    assert.equal(call.request.messages.filter(({ role }) => role === 'user').length, 3)
    call.say('Boots!')
    call.end()
    const [{ message }] = await tab.next('reply:end')
    assert.equal(message.answers_to, 3)
    assert.equal((await answersKept(ready)).length, 1)
  })

  it('stopped before its first token says nothing and is not run again', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const [{ turn }] = await tab.next('reply:start')
    const call = await model.calls.take()
    assert.deepEqual(await tab.ask('reply:stop', { turn }), { ok: true, data: { stopped: true } })
    const [{ message }] = await tab.next('reply:end')
    assert.deepEqual([message.status, message.content, call.signal.aborted], ['stopped', '', true])
    assert.equal(model.calls.all.length, 1)
    assert.equal((await open(returning(ready)).ready()).reply, undefined)
  })

  it('reaches a visitor who connects again and again while it streams, without a gap', async () => {
    const tab = open()
    const ready = await tab.ready()
    await tab.send('m1', 'Tell me')
    const call = await model.calls.take()
    const visitors: Visitor[] = []
    for (const character of SENTENCE) {
      call.say(character)
      const visitor = open(returning(ready))
      visitors.push(visitor)
      if (visitors.length % 3 === 0) await visitor.ready()
    }
    await visitors.at(-1)!.ready()
    call.say(' The end.')
    call.end()
    for (const visitor of visitors) {
      const [{ message }] = await visitor.next('reply:end')
      assert.equal(visitor.streamed(1), message.content)
    }
  })
})
