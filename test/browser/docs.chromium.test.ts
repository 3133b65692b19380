import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { startApp, type AppUnderTest } from '../http/start-app.ts'
import { launchBrowser, PHONE } from '../support/browser.ts'

const PUBLIC = join(import.meta.dirname, '../../dist/public')

/** Milliseconds. */
const DRAWN_MS = 45_000

describe('The page of the API', function () {
  // Its script is 3.5 MB.
  this.timeout(60_000)
  let app: AppUnderTest
  let url: string
  let browser: Browser

  before(async () => {
    browser = await launchBrowser()
    app = await startApp(() => ({ config: { http: { publicUrl: null }, publicDir: PUBLIC } }))
    url = `http://127.0.0.1:${app.port}`
  })
  after(async () => {
    await browser.close()
    await app.close()
  })

  const devices: [name: string, options: BrowserContextOptions][] = [
    ['desktop, dark', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' }],
    ['phone, light', PHONE],
  ]
  for (const [name, options] of devices) {
    it(`shows every operation within its policy, from here alone: ${name}`, async () => {
      const context = await browser.newContext(options)
      const page = await context.newPage()
      // It is drawn from one large description, which a busy machine takes long to go through.
      page.setDefaultTimeout(DRAWN_MS)
      const complaints: string[] = []
      const asked = new Set<string>()
      page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('request', (request) => asked.add(new URL(request.url()).origin))
      await page.goto(`${url}/docs`)
      await page.getByText('End the conversation').first().waitFor({ state: 'attached' })
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
      assert.equal(colour === 'rgb(255, 255, 255)', options.colorScheme !== 'dark', colour)
      const [wide, seen] = await page.evaluate(() => [document.body.scrollWidth, window.innerWidth] as const)
      assert.ok(wide <= seen, `${wide} wide, ${seen} seen`)
      await context.close()
      asked.delete('null')
      assert.deepEqual([complaints, [...asked]], [[], [url]])
    })
  }
})
