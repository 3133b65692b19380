import assert from 'node:assert/strict'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { startSeverableProxy, type SeverableProxy } from '../support/severable-proxy.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'
const [START, MIDDLE, END] = [SENTENCE.slice(0, 18), SENTENCE.slice(18, 42), SENTENCE.slice(42)] as const

/** What Chromium itself logs of a line that cannot be had. */
const NO_LINE = /WebSocket connection to .* failed|net::ERR_/

const OFFLINE = 'You are offline. Messages will wait.'

describe('The widget behind a network that breaks', () => {
  const stage = setStage()
  let network: SeverableProxy

  beforeEach(async () => {
    network = await startSeverableProxy(stage.app.url)
    stage.expectComplaint(NO_LINE)
  })
  afterEach(() => network.close())

  const lost = async (chat: { connection: { getAttribute(name: string): Promise<string | null> } }) =>
    eventually(async () => assert.equal(await chat.connection.getAttribute('data-state'), 'reconnecting'))

  it('comes back by itself after a cut in mid-answer, and completes it to the character', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    network.sever()
    await lost(chat)
    call.say(MIDDLE)
    await chat.shows(START)
    network.mend()
    await chat.shows(START + MIDDLE)
    call.say(END)
    call.end()
    await chat.showsFinished(SENTENCE)
    await stage.kept(chat, [SENTENCE, 'complete'])
    await chat.hasSent('Tell me')
  })

  it('has the whole answer when that ended during the cut', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    network.sever()
    await lost(chat)
    call.say(MIDDLE + END)
    call.end()
    await stage.kept(chat, [SENTENCE, 'complete'])
    network.mend()
    await chat.showsFinished(SENTENCE)
  })

  it('says that it is offline, keeps what is typed meanwhile, and sends it once when it is back', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor, server: network.url })
    await chat.open()
    await visitor.setOffline(true)
    network.sever()
    await chat.connection.getByText(OFFLINE).waitFor()
    const hidden = await chat.connection.evaluate((line) => line.scrollWidth - line.clientWidth)
    assert.equal(hidden, 0, 'the line is cut')
    await chat.send('Are you there?')
    await chat.frame.getByText('Sending…').waitFor()
    network.mend()
    await visitor.setOffline(false)
    const call = await stage.model.calls.take()
    call.say('I am.')
    call.end()
    await chat.showsFinished('I am.')
    await chat.hasSent('Are you there?')
    await stage.kept(chat, ['I am.', 'complete'])
  })

  it('keeps what is typed offline over a reload', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor, server: network.url })
    await chat.open()
    await chat.send('Hello')
    const hello = await stage.model.calls.take()
    hello.say('Hello!')
    hello.end()
    await chat.showsFinished('Hello!')
    network.sever()
    await lost(chat)
    await chat.send('Are you there?')
    await chat.frame.getByText('Sending…').waitFor()
    network.mend()
    await chat.page.reload()
    await chat.open()
    const call = await stage.model.calls.take()
    call.say('I am.')
    call.end()
    await chat.showsFinished('Hello!', 'I am.')
    await chat.hasSent('Hello', 'Are you there?')
    assert.equal(stage.model.calls.all.length, 2)
  })

  it('does not lose or double a message whose ack never came', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor, server: network.url })
    await chat.open()
    const call = stage.model.calls.take()
    await chat.composer.fill('Tell me')
    network.deafen()
    await chat.composer.press('Enter')
    const heard = await call
    await chat.frame.getByText('Sending…').waitFor()
    network.sever()
    network.mend()
    heard.say(SENTENCE)
    heard.end()
    await chat.showsFinished(SENTENCE)
    await chat.hasSent('Tell me')
    await stage.kept(chat, [SENTENCE, 'complete'])
    assert.equal(stage.model.calls.all.length, 1)
  })

  it('leaves a line that went dead without a word as soon as the network says it is back', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor, server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    network.stall()
    call.say(MIDDLE)
    await visitor.setOffline(true)
    await chat.connection.getByText(OFFLINE).waitFor()
    await chat.shows(START)
    await visitor.setOffline(false)
    await chat.shows(START + MIDDLE)
    call.say(END)
    call.end()
    await chat.showsFinished(SENTENCE)
  })

  it('comes when it is opened again, after it could not come at first', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.launcher.waitFor()
    network.sever()
    const failed = chat.page.waitForEvent('requestfailed')
    await chat.launcher.click()
    await failed
    await chat.launcher.waitFor()
    network.mend()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(SENTENCE)
    call.end()
    await chat.showsFinished(SENTENCE)
  })

  it('outlives many cuts in one answer', async () => {
    const chat = await stage.visit({ server: network.url })
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    const words = SENTENCE.split(/(?= )/)
    let said = ''
    for (const word of words.slice(0, 6)) {
      said += word
      call.say(word)
      network.sever()
      network.mend()
      await chat.shows(said)
    }
    call.say(words.slice(6).join(''))
    call.end()
    await chat.showsFinished(SENTENCE)
    await stage.kept(chat, [SENTENCE, 'complete'])
  })
})
