import assert from 'node:assert/strict'
import type { ModelMessage, ModelRequest } from '../../server/llm/provider.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'

const SENTENCE = 'The quick brown 🦊 jumps over the lazy 🐕, שלום לכולם, and away it goes.'
const [START, MIDDLE, END] = [SENTENCE.slice(0, 18), SENTENCE.slice(18, 42), SENTENCE.slice(42)] as const

describe('The widget on a page of another site', () => {
  const stage = setStage()

  it('shows an answer growing, and at its end what is kept, labelled as AI, with its sources', async () => {
    const chat = await stage.visit()
    assert.notEqual(new URL(chat.page.url()).hostname, new URL(stage.app.url).hostname)
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    let said = ''
    for (const piece of [START, MIDDLE, END]) {
      said += piece
      call.say(piece)
      await chat.shows(said)
      assert.equal(await chat.running(), 1)
    }
    call.end({ sources: [{ title: 'Fables', url: 'https://example.com/fables' }, { title: 'Tales' }] })
    await chat.showsFinished(SENTENCE)
    await stage.kept(chat, [SENTENCE, 'complete'])
    await eventually(async () => assert.deepEqual(await chat.sources.allTextContents(), ['Fables', 'Tales']))
    assert.equal(await chat.answers.getByText('AI', { exact: true }).count(), 1)
    await chat.hasSent('Tell me')
  })

  it('goes on after a reload in mid-answer, to the character, in one bubble', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    await chat.page.reload({ waitUntil: 'commit' })
    call.say(MIDDLE)
    await chat.open()
    await chat.shows(START + MIDDLE)
    call.say(END)
    call.end()
    await chat.showsFinished(SENTENCE)
    await stage.kept(chat, [SENTENCE, 'complete'])
    await chat.hasSent('Tell me')
  })

  it('has the whole answer after a reload during which it ended', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    await chat.page.goto('about:blank')
    call.say(MIDDLE + END)
    call.end()
    await chat.page.goBack()
    await chat.open()
    await chat.showsFinished(SENTENCE)
    await stage.kept(chat, [SENTENCE, 'complete'])
  })

  it('shows the same in two tabs, also in one that opens in mid-answer', async () => {
    const visitor = await stage.newVisitor()
    const one = await stage.visit({ visitor })
    await one.open()
    await one.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await one.shows(START)
    const two = await stage.visit({ visitor })
    await two.open()
    await two.shows(START)
    call.say(MIDDLE)
    for (const tab of [one, two]) await tab.shows(START + MIDDLE)
    call.say(END)
    call.end()
    for (const tab of [one, two]) {
      await tab.showsFinished(SENTENCE)
      await tab.hasSent('Tell me')
    }
    await two.send('And then?')
    const next = await stage.model.calls.take()
    next.say('That was all.')
    next.end()
    for (const tab of [one, two]) {
      await tab.showsFinished(SENTENCE, 'That was all.')
      await tab.hasSent('Tell me', 'And then?')
    }
    assert.deepEqual(await one.session(), await two.session())
    await stage.kept(one, [SENTENCE, 'complete'], ['That was all.', 'complete'])
  })

  it('makes one session for two tabs that open the chat at the same time', async () => {
    const before = await stage.countSessions()
    const visitor = await stage.newVisitor()
    const tabs = [await stage.visit({ visitor }), await stage.visit({ visitor })]
    await Promise.all(tabs.map((tab) => tab.open()))
    await tabs[0]!.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(SENTENCE)
    call.end()
    for (const tab of tabs) await tab.showsFinished(SENTENCE)
    assert.equal(await stage.countSessions(), before + 1)
  })

  it('stops an answer before its first word: nothing is said, and the next question is answered', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    await chat.stopButton.click()
    await eventually(() => assert.equal(call.signal.aborted, true))
    await chat.answers.getByText('Stopped').waitFor()
    await chat.showsFinished()
    await stage.kept(chat, ['', 'stopped'])
    assert.equal(stage.model.calls.all.length, 1)

    await chat.send('Something else')
    const next = await stage.model.calls.take()
    next.say('Gladly.')
    next.end()
    await chat.showsFinished('Gladly.')
  })

  it('stops an answer in the middle: what was said stays, nothing follows', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Tell me')
    const call = await stage.model.calls.take()
    call.say(START)
    await chat.shows(START)
    await chat.stopButton.click()
    await chat.answers.getByText('Stopped').waitFor()
    await chat.showsFinished(START)
    await stage.kept(chat, [START, 'stopped'])
    await chat.page.reload()
    await chat.open()
    await chat.showsFinished(START)
  })

  it('gives three fragments in a row one answer', async () => {
    const chat = await stage.visit()
    await chat.open()
    for (const fragment of ['Hi', 'I have a question', 'about boots']) {
      await chat.composer.pressSequentially(fragment)
      await chat.composer.press('Enter')
    }
    const call = await stage.model.calls.take(
      ({ request, signal }) => fragmentsOf(request).length === 3 && !signal.aborted,
    )
    call.say('Boots!')
    call.end()
    await chat.showsFinished('Boots!')
    await chat.hasSent('Hi', 'I have a question', 'about boots')
    await stage.kept(chat, ['Boots!', 'complete'])
  })

  it('leaves an answer in its place while its visitor writes on, and answers that next', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('First')
    const first = await stage.model.calls.take()
    first.say('This was')
    await chat.shows('This was')
    await chat.send('Second')
    await chat.hasSent('First', 'Second')
    first.say(' the first.')
    first.end()
    const second = await stage.model.calls.take()
    second.say('And this the second.')
    second.end()
    await chat.showsFinished('This was the first.', 'And this the second.')
    const rows = chat.frame.getByTestId('messages').getByRole('listitem')
    const order = await rows.evaluateAll((items) =>
      items.map((item) => item.querySelector('.bubble')?.textContent),
    )
    assert.deepEqual(order, ['First', 'This was the first.', 'Second', 'And this the second.'])
  })
})

/** What visitors wrote, without what was looked up for it. */
function fragmentsOf({ messages }: ModelRequest): ModelMessage[] {
  return messages.filter(({ role }) => role === 'user')
}
