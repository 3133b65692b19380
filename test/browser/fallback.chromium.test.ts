import assert from 'node:assert/strict'
import type { ChatPage } from '../support/browser-chat.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { startPickyProxy, type PickyProxy } from '../support/picky-proxy.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'
const [START, MIDDLE, END] = [SENTENCE.slice(0, 18), SENTENCE.slice(18, 42), SENTENCE.slice(42)] as const

/** What Chromium itself logs of a line that cannot be had. */
const NO_LINE = /WebSocket connection to .* failed|net::ERR_/

describe('The widget where WebSockets are blocked', () => {
  const stage = setStage()
  let network: PickyProxy

  beforeEach(async () => {
    network = await startPickyProxy(stage.app.url)
    network.rule({ sockets: 403 })
    stage.expectComplaint(NO_LINE)
  })
  afterEach(() => network.close())

  const lost = (chat: ChatPage) =>
    eventually(async () => assert.equal(await chat.connection.getAttribute('data-state'), 'reconnecting'))

  it('streams over HTTP, stops, and goes on after a reload in mid-answer, to the character', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    assert.equal(await chat.running(), 1)
    await chat.page.reload({ waitUntil: 'commit' })
    call.say(MIDDLE)
    await chat.open()
    await chat.shows(START + MIDDLE)
    call.say(END)
    call.end()
    await chat.showsFinished(SENTENCE)
    await chat.hasSent('Tell me')
    await chat.send('And then?')
    const next = await stage.model.calls.take()
    next.say('Then')
    await chat.shows(SENTENCE, 'Then')
    await chat.stopButton.click()
    await stage.kept(chat, [SENTENCE, 'complete'], ['Then', 'stopped'])
    await chat.showsFinished(SENTENCE, 'Then')
  })

  it('is there within five seconds where WebSockets open and carry nothing', async () => {
    network.rule({ sockets: 'deafen' })
    const chat = await stage.visit({ server: network.url })
    await chat.launcher.waitFor()
    const sessions = await stage.countSessions()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(SENTENCE)
    await chat.shows(SENTENCE)
    assert.ok(network.asked.some((asked) => asked.endsWith('/events')))
    assert.ok((await stage.countSessions()) > sessions)
  })

  it('goes back to the socket in mid-answer, without losing or doubling a character', async () => {
    const visitor = await stage.newVisitor()
    await visitor.clock.install()
    const chat = await stage.visit({ visitor, server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    network.rule({ sockets: 'pass' })
    await chat.page.clock.fastForward(11_000)
    await eventually(() => assert.equal(network.sockets, 1))
    call.say(MIDDLE)
    await chat.shows(START + MIDDLE)
    await chat.send('Go on')
    call.say(END)
    call.end()
    const next = await stage.model.calls.take()
    next.say('That was all.')
    next.end()
    await chat.showsFinished(SENTENCE, 'That was all.')
    await chat.hasSent('Tell me', 'Go on')
    assert.equal(network.asked.filter((asked) => asked.endsWith('/messages')).length, 1)
  })

  it('keeps what is typed while everything is cut, and sends it once over whatever comes back', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    network.rule({ requests: 'cut' })
    await lost(chat)
    await chat.send('Are you there?')
    call.say(MIDDLE + END)
    call.end()
    network.rule({ requests: 'portal' })
    await chat.frame.getByText('Sending…').waitFor()
    network.rule({ requests: 'pass', sockets: 'pass' })
    const next = await stage.model.calls.take()
    next.say('I am.')
    next.end()
    await chat.showsFinished(SENTENCE, 'I am.')
    await chat.hasSent('Tell me', 'Are you there?')
    await stage.kept(chat, [SENTENCE, 'complete'], ['I am.', 'complete'])
  })

  it('shows the same as a tab that has a socket', async () => {
    const visitor = await stage.newVisitor()
    const one = await stage.visit({ visitor, server: network.url })
    await one.open()
    await one.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await one.shows(START)
    const two = await stage.visit({ visitor })
    await two.open()
    call.say(MIDDLE)
    for (const tab of [one, two]) await tab.shows(START + MIDDLE)
    call.say(END)
    call.end()
    await two.send('And then?')
    const next = await stage.model.calls.take()
    next.say('That was all.')
    next.end()
    for (const tab of [one, two]) {
      await tab.showsFinished(SENTENCE, 'That was all.')
      await tab.hasSent('Tell me', 'And then?')
    }
    assert.deepEqual(await one.session(), await two.session())
  })

  it('sends from another tab what a closed one left behind, once', async () => {
    const visitor = await stage.newVisitor()
    await visitor.clock.install()
    const one = await stage.visit({ visitor, server: network.url })
    await one.open()
    const two = await stage.visit({ visitor })
    await two.open()
    network.rule({ requests: 'cut' })
    await lost(one)
    await one.send('Are you there?')
    await one.frame.getByText('Sending…').waitFor()
    await one.page.close()
    await two.page.clock.fastForward(6_000)
    const call = await stage.model.calls.take()
    call.say('I am.')
    call.end()
    await two.showsFinished('I am.')
    await two.hasSent('Are you there?')
    const left = await two.page.evaluate(() => localStorage.getItem('parlor:pk_demo:outbox'))
    assert.equal(left ?? '[]', '[]')
  })
})
