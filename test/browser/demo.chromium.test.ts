import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { seedDemoTools } from '../../server/demo/seed-tools.ts'
import { startApp, testConfig, type TestApp } from '../support/app.ts'
import { launchBrowser, PAGE_PATIENCE, PHONE } from '../support/browser.ts'
import { ChatPage } from '../support/browser-chat.ts'
import { silentLog } from '../support/databases.ts'
import { eventually } from '../support/eventually.ts'

const QUESTION = 'How long does shipping take?'

describe('The demo shop', () => {
  let app: TestApp
  let browser: Browser

  before(async () => {
    browser = await launchBrowser()
    app = await startApp()
    await seedDemoTools(app.place.database, testConfig(), silentLog)
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  it('answers from its help pages, with sources, and says that no model is configured', async () => {
    const { chat, complaints } = await visit({ viewport: { width: 1280, height: 830 } })
    await chat.open()
    const lengths = new Set<number>()
    await chat.frame.getByRole('button', { name: QUESTION }).click()
    await eventually(async () => {
      lengths.add((await chat.answerTexts.allTextContents()).join('').length)
      assert.equal((await chat.sources.count()) > 0, true)
    })
    assert.ok(lengths.size > 3, 'the answer did not grow')
    const [answer] = await chat.answerTexts.allTextContents()
    assert.match(answer!, /3 to 5 business days/)
    assert.match(answer!, /model/)
    assert.match((await chat.sources.allTextContents()).join(), /shipping/)
    await chat.send('מהן שעות הפתיחה?')
    await chat.answerTexts.getByText('החנויות פתוחות').waitFor()
    await eventually(async () => assert.equal(await chat.running(), 0))
    assert.deepEqual(complaints, [])
  })

  it('looks an order up, and says so while it does', async () => {
    const { chat, complaints } = await visit({ viewport: { width: 1280, height: 830 } })
    await chat.open()
    await chat.frame.getByRole('button', { name: 'Where is my order 1001?' }).click()
    await chat.frame.getByTestId('thinking').getByText('Looking up your order').waitFor()
    await chat.answerTexts.getByText('on its way').waitFor()
    await eventually(async () => assert.equal(await chat.running(), 0))
    assert.deepEqual(complaints, [])
  })

  it('fills a phone', async () => {
    const { chat, complaints } = await visit(PHONE)
    await chat.launcher.tap()
    await chat.online()
    await chat.frame.getByRole('button', { name: QUESTION }).tap()
    await chat.sources.first().waitFor()
    assert.deepEqual(complaints, [])
  })

  async function visit(options: BrowserContextOptions): Promise<{ chat: ChatPage; complaints: string[] }> {
    const visitor = await browser.newContext({ locale: 'en-GB', ...options })
    visitor.setDefaultTimeout(PAGE_PATIENCE)
    const complaints: string[] = []
    visitor.on('weberror', (error) => complaints.push(error.error().message))
    visitor.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    const page = await visitor.newPage()
    await page.goto(`${app.url}/demo`)
    return { chat: new ChatPage(page), complaints }
  }
})
