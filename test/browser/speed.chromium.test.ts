import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession } from 'playwright-core'
import { setStage } from '../support/browser-stage.ts'

const PARTS = [
  '## Returns\n\nYou have **60 whole days**, see [our page](https://acme.example/r). Order `AB-1042` is *open*.\n\n',
  '1. Open *My account*\n2. Choose **Return**\n   - print the label\n   - drop the parcel off\n3. Wait\n\n',
  '```js\nfor (const order of orders) {\n  if (order.age < days) console.log(order.number)\n}\n```\n\n',
  '| Size | Left |\n|---|---|\n| 41 | 3 |\n| 42 | 0 |\n\n',
  '> Worn is fine, we repair what we can.\n\nאפשר להחזיר את הזמנה AB-1042 **בלי לשלם**.\n\n',
]
/** Tokens of four characters: those that are there already, and those that are measured. */
const BEFORE = 6_000
const TOKENS = 400
/** Milliseconds between two of them: 200 a second. */
const EVERY = 5

describe('An answer of 200 tokens a second', () => {
  const stage = setStage()

  it('is drawn 40 times a second at most and only at its end, for well under one core', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Go on')
    const call = await stage.model.calls.take()
    const text = Array.from({ length: 500 }, (_, part) => PARTS[part % PARTS.length]).join('')
    call.say(text.slice(0, BEFORE * 4))
    await chat.answerTexts.getByText('Returns').nth(50).waitFor()
    const frame = chat.page.frames().find((one) => one.url().includes('/frame'))!
    await frame.evaluate(WATCH)
    const browser = await chat.page.context().browser()!.newBrowserCDPSession()
    const [spent, began] = [await processorTime(browser), performance.now()]
    for (let token = BEFORE; token < BEFORE + TOKENS; token += 1) {
      call.say(text.slice(token * 4, token * 4 + 4))
      const early = began + (token - BEFORE) * EVERY - performance.now()
      // The pace of a model, not a wait for something.
      if (early > 0) await pause(early)
    }
    const seconds = (performance.now() - began) / 1_000
    const share = ((await processorTime(browser)) - spent) / seconds
    const { drawings, elsewhere } = await frame.evaluate<{ drawings: number; elsewhere: number }>(
      'window.watched',
    )
    call.end()
    assert.ok(drawings > 0 && drawings <= seconds * 40 + 2, `${drawings} drawings in ${seconds} s`)
    assert.ok(elsewhere <= drawings * 2, `${elsewhere} changes in blocks that were finished`)
    assert.ok(share < 0.8, `${Math.round(share * 100)} % of a core`)
  })
})

/** Seconds of processor time that pages have had, all threads of them. */
async function processorTime(browser: CDPSession): Promise<number> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  return processInfo.filter(({ type }) => type === 'renderer').reduce((sum, { cpuTime }) => sum + cpuTime, 0)
}

/** Counts how often the answer is drawn, and what changes in it before its last two blocks. */
const WATCH = `{
  const answer = [...document.querySelectorAll('[data-testid=answer-text]')].at(-1)
  const watched = window.watched = { drawings: 0, elsewhere: 0 }
  new MutationObserver((changes) => {
    watched.drawings += 1
    const end = [...answer.children].slice(-2)
    watched.elsewhere += changes.filter(({ target }) => target !== answer && !end.some((one) => one.contains(target))).length
  }).observe(answer, { childList: true, characterData: true, attributes: true, subtree: true })
}`
