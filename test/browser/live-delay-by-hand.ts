import { setTimeout as pause } from 'node:timers/promises'
import assert from 'node:assert/strict'
import type { Frame } from 'playwright-core'
import { openRedis, type Redis } from '../../server/infra/redis/redis.ts'
import { makeAdmin, PASSWORD } from '../support/admins.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { launchBrowser } from '../support/browser.ts'
import { ChatPage } from '../support/browser-chat.ts'
import { scriptTag, shopPage, startHostSite } from '../support/browser-site.ts'
import { openTestDatabase, silentLog } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnRedis } from '../support/own-redis.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'

const LIMITS = { connect: 2_000, command: 2_000, retry: { shortest: 10, longest: 50 } }
/** Words, and milliseconds between two: 40 a second. */
const WORDS = 400
const EVERY = 25
/** Milliseconds after the visitor's screen until the watcher's has a word. */
const ALLOWED = 100

interface Growth {
  length: number
  at: number
}

/** By hand: `npx mocha test/browser/live-delay-by-hand.ts`. Two nodes, the visitor at one, who watches at the other. */
describe('Who watches at another node', () => {
  it('has each word on the screen within 100 ms of its visitor', async () => {
    const model = new ScriptedProvider()
    const redis = await startOwnRedis()
    const place = await openTestDatabase()
    const links: Redis[] = []
    const nodes: TestApp[] = []
    while (nodes.length < 2) {
      const link = await openRedis(redis.url, silentLog, LIMITS)
      links.push(link)
      nodes.push(await startApp({ provider: model, redis: link, place }))
    }
    const [here, there] = nodes
    const site = await startHostSite()
    const browser = await launchBrowser()
    try {
      const { email } = await makeAdmin(place.database, { clientKey: 'pk_demo' })
      const dana = await browser.newPage()
      await dana.goto(`${there!.url}/dashboard/live`)
      await dana.locator('input[type=email]').fill(email)
      await dana.locator('input[type=password]').fill(PASSWORD)
      await dana.locator('button[type=submit]').click()
      const visitor = await (await browser.newContext()).newPage()
      await visitor.goto(site.put('/', { html: shopPage(scriptTag(here!.url)) }))
      const chat = new ChatPage(visitor)
      await chat.open()
      await chat.send('Go on')
      const call = await model.calls.take()
      await dana.getByTestId('inbox-row').click()
      call.say('Begin. ')
      await dana.getByTestId('reply').getByText('Begin.').waitFor()
      await chat.answerTexts.getByText('Begin.').waitFor()
      const frame = visitor.frames().find((one) => one.url().includes('/frame'))!
      await frame.evaluate(watch('[data-testid=answer-text]'))
      await dana.mainFrame().evaluate(watch('[data-testid=reply] [data-testid=model-text]'))
      let said = 'Begin. '.length
      const ends: number[] = []
      for (let word = 0; word < WORDS; word += 1) {
        const text = `word${word}, `
        call.say(text)
        ends.push((said += text.length))
        await pause(EVERY)
      }
      const last = `word${WORDS - 1},`
      await eventually(async () => {
        for (const page of [frame, dana.mainFrame()]) assert.ok((await page.content()).includes(last))
      })
      const [visitors, watchers] = [await growthOf(frame), await growthOf(dana.mainFrame())]
      call.end()
      const delays = ends
        .map((end) => seenAt(watchers, end - 1) - seenAt(visitors, end - 1))
        .sort((a, b) => a - b)
      const at = (share: number) => Math.round(delays[Math.min(WORDS - 1, Math.floor(WORDS * share))]!)
      console.log(
        `after the visitor, ms: median ${at(0.5)}, 95 % ${at(0.95)}, 99 % ${at(0.99)}, longest ${at(1)}`,
      )
      assert.ok(at(0.99) <= ALLOWED)
    } finally {
      await browser.close()
      await site.close()
      for (const node of nodes) await node.stop()
      for (const link of links) link.close()
      await place.close()
      await redis.close()
    }
  })
})

/** Notes when the text was drawn at which length: by one clock, that of the machine. */
function watch(selector: string): string {
  return `{
    const grown = window.grown = []
    const note = () => {
      const length = document.querySelector('${selector}')?.textContent.length ?? 0
      requestAnimationFrame(() => grown.push({ length, at: performance.timeOrigin + performance.now() }))
    }
    new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true })
  }`
}

function growthOf(frame: Frame): Promise<Growth[]> {
  return frame.evaluate<Growth[]>('window.grown')
}

function seenAt(grown: readonly Growth[], length: number): number {
  const found = grown.find((one) => one.length >= length)
  assert.ok(found, `${length} characters were not seen`)
  return found.at
}
