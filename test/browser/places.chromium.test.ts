import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import type { Statement } from '../../server/infra/database.ts'
import { launchWithProfile } from '../support/browser.ts'
import { ChatPage, ENGLISH } from '../support/browser-chat.ts'
import { asks, leavesNothing, placePage, processorTimes } from '../support/browser-places.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient } from '../support/factories.ts'

/** What Chromium's settings call leaving the storage of frames alone. */
const NEVER = 0

describe('The widget works', () => {
  const stage = setStage()
  before(async () => {
    const { database } = stage.app.place
    await database.run(ALLOW, [[siteOf('shop'), siteOf('embeds')]])
    await makeClient(database, { api_key: 'pk_elsewhere', allowed_origins: ['https://elsewhere.example'] })
  })

  const html = (name: string) =>
    placePage(name, {
      widget: `${stage.app.url}/widget.js`,
      embeds: siteOf('embeds'),
    })
  const visit = (name: string, headers: Record<string, string> = {}) =>
    stage.visit({ html: html(name), headers })

  /** The colour is there before the chat is: it came with the script. */
  const wearsItsColour = async ({ launcher }: ChatPage) =>
    assert.equal(
      await launcher.evaluate((button) => getComputedStyle(button).backgroundColor),
      'rgb(15, 107, 82)',
    )

  /** Everything that a visitor does, and then the page's owner. */
  const serves = async (chat: ChatPage, { arrive = nothing, where = () => chat.page }: Manner = {}) => {
    await arrive()
    await wearsItsColour(chat)
    await chat.open()
    await asks(stage, chat, 'Hello?', 'Hello, dear visitor!')
    await chat.page.reload()
    await arrive()
    await chat.open()
    await chat.showsFinished('Hello, dear visitor!')
    await leavesNothing(chat, where())
  }

  it('on a WordPress page whose optimiser delays scripts until the first interaction', async () => {
    const chat = await visit('wordpress')
    const arrive = async () => {
      assert.equal(await chat.page.locator('parlor-widget').count(), 0)
      await chat.page.mouse.move(20, 20)
      await chat.launcher.waitFor()
    }
    await serves(chat, { arrive })
    assert.equal(await chat.page.locator('.entry-title').textContent(), 'Blue Bakery, ready')
  })

  it('on a page whose optimiser has combined it with other scripts, under another name', async () => {
    const script = await fetch(`${stage.app.url}/widget.js?key=pk_demo`)
    const text = (await script.text()).replace('"origin":null', `"origin":"${stage.app.url}"`)
    stage.site.put('/wp-content/cache/min/1/ddaf06baadef88884af9a86038837e20.js', {
      html: `var theme = {}\n;${text}\n;var more = theme`,
      headers: { 'content-type': 'text/javascript' },
    })
    await serves(await visit('combined'))
  })

  it('in a frame of another site within a Wix page, whose sites are both allowed', async () => {
    stage.site.put('/wix-embedded', { html: html('wix-embedded') })
    stage.site.put('/wix', { html: html('wix') })
    await inOrdinaryBrowser(async (visitor) => {
      const page = await visitor.newPage()
      await page.goto(`${siteOf('shop')}/wix`)
      const chat = new ChatPage(page, ENGLISH, page.frameLocator('[name=htmlComp-iframe]'))
      await serves(chat, { where: () => page.frame('htmlComp-iframe')! })
    })
  })

  it('on a Shopify page, from its list of scripts and from a theme block that is rendered anew', async () => {
    const policy = [
      `script-src 'self' 'unsafe-inline' ${stage.app.url}`,
      `frame-src ${stage.app.url}`,
      "frame-ancestors 'none'",
      "object-src 'none'",
      'block-all-mixed-content',
    ]
    const chat = await visit('shopify', { 'content-security-policy': policy.join('; ') })
    await chat.open()
    await asks(stage, chat, 'Hello?', 'Hello, dear visitor!')
    await chat.page.evaluate("renderAnew('shopify-section-template--1__main')")
    await asks(stage, chat, 'Still there?', 'Still here.')
    assert.equal(await chat.page.locator('parlor-widget').count(), 1)
    await chat.page.reload()
    await chat.open()
    await chat.showsFinished('Hello, dear visitor!', 'Still here.')
    await leavesNothing(chat)
  })

  it('in a single-page app that swaps its body, and stays open', async () => {
    const chat = await visit('single-page-app')
    await chat.open()
    await chat.send('Hello?')
    const call = await stage.model.calls.take()
    call.say('Hello, ')
    await chat.shows('Hello,')
    await chat.page.evaluate("visit('/bread', 'Bread'), visit('/cake', 'Cake')")
    assert.equal(await chat.page.locator('h1').textContent(), 'Cake')
    call.say('dear visitor!')
    call.end()
    await chat.showsFinished('Hello, dear visitor!')
    assert.equal(await chat.page.locator('parlor-widget').count(), 1)
    stage.site.put('/cake', { html: html('single-page-app') })
    await chat.page.reload()
    await chat.open()
    await chat.showsFinished('Hello, dear visitor!')
    await leavesNothing(chat)
  })

  it('under a policy of nonces with strict-dynamic', async () => {
    const policy = `default-src 'none'; script-src 'nonce-bm9uY2U' 'strict-dynamic'; frame-src ${stage.app.url}`
    await serves(await visit('plain', { 'content-security-policy': policy }))
  })

  it('on an isolated page, which requires a policy of everything that it embeds', async () => {
    const chat = await visit('plain', {
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
    })
    assert.equal(await chat.page.evaluate(() => crossOriginIsolated), true)
    await serves(chat)
  })

  it('on a page in quirks mode whose styles spare nothing', async () => {
    const chat = await visit('old-and-hostile')
    assert.equal(await chat.page.evaluate(() => document.compatMode), 'BackCompat')
    const box = await chat.launcher.boundingBox()
    assert.deepEqual([box?.width, box?.height], [56, 56])
    await serves(chat)
  })

  it('on a page whose scripts have changed what every script builds on', async () => {
    await serves(await visit('polluted'))
  })

  it('in a sandbox that leaves it no origin, by a tab of its own', async () => {
    // A browser asks for the icon of a page in a tab, and complains when there is none.
    stage.expectComplaint(/favicon\.ico/)
    stage.site.put('/sandboxed', { html: html('plain') })
    const { page } = await visit('sandbox')
    const tab = page.context().waitForEvent('page')
    await page.frameLocator('[title=Preview]').getByRole('button', { name: 'Open chat' }).click()
    const chat = await tab
    assert.equal(new URL(chat.url()).origin, stage.app.url)
    const composer = chat.getByRole('textbox', { name: 'Message' })
    await composer.fill('Hello?')
    await composer.press('Enter')
    const call = await stage.model.calls.take()
    call.say('Hello, dear visitor!')
    call.end()
    await chat.getByTestId('answer-text').getByText('Hello, dear visitor!').waitFor()
  })

  it('not where its server does not answer: the page is told in one line, and the next opening asks again', async () => {
    stage.expectComplaint(/ERR_FAILED|^warning: Parlor: /)
    const chat = await visit('plain')
    const lines = linesOf(chat.page)
    await chat.page.route('**/frame?*', (route) => route.abort())
    await chat.launcher.click()
    await eventually(() => assert.equal(lines.length, 1))
    assert.equal(await chat.page.locator('h1').isVisible(), true)
    await chat.page.unroute('**/frame?*')
    await chat.page.getByRole('button', { name: 'Close chat' }).click()
    await chat.open()
    assert.deepEqual(lines.length, 1)
  })

  for (const [reason, key] of [
    ['for a key that nobody has', 'pk_nobody'],
    ['where its client does not want it', 'pk_elsewhere'],
  ] as const) {
    it(`not ${reason}: the page is told in one line, and is as it was after destroy()`, async () => {
      stage.expectComplaint(/401|frame-ancestors|^warning: Parlor: /)
      const visited = stage.visit({ html: html('plain').replace('pk_demo', key) })
      const chat = await visited
      const lines = linesOf(chat.page)
      await chat.launcher.click()
      await eventually(() => assert.equal(lines.length, 1))
      assert.match(lines[0]!, /^Parlor: /)
      await leavesNothing(chat)
    })
  }

  it('without a task of 50 ms, also on a processor of half the speed', async () => {
    const visitor = await stage.newVisitor()
    const page = await visitor.newPage()
    const work = await processorTimes(page, ['/widget.js', '/assets/desk-'], async () => {
      await page.goto(stage.site.put('/', { html: html('plain') }))
      await new ChatPage(page).open()
    })
    assert.ok(work.length > 3, 'nothing of ours was seen')
    assert.ok(Math.max(...work) < 25, `milliseconds of the processor: ${work.join(', ')}`)
  })

  it('with a loader of another release, whose files are gone', async () => {
    const script = await fetch(`${stage.app.url}/widget.js?key=pk_demo`)
    const text = (await script.text())
      .replace('"origin":null', `"origin":"${stage.app.url}"`)
      .replace(/assets\/desk-[\w-]+\.js/, 'assets/desk-OfYesterday.js')
    stage.site.put('/wp-content/cache/min/1/ddaf06baadef88884af9a86038837e20.js', {
      html: text,
      headers: { 'content-type': 'text/javascript' },
    })
    stage.expectComplaint(/404/)
    const chat = await visit('combined')
    await chat.open()
    await asks(stage, chat, 'Hello?', 'Hello, dear visitor!')
  })

  /** Frames of other sites have storage of their own there, as they have in most browsers. */
  async function inOrdinaryBrowser(visit: (visitor: BrowserContext) => Promise<void>) {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-profile-'))
    const profile = { cookie_controls_mode: NEVER, block_third_party_cookies: false }
    await mkdir(join(folder, 'Default'))
    await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }))
    const visitor = await launchWithProfile(folder)
    try {
      stage.watch(visitor)
      await visit(visitor)
    } finally {
      await visitor.close()
      await rm(folder, { recursive: true, force: true })
    }
  }

  /** The same server under another name: another site. */
  function siteOf(name: string): string {
    return stage.site.url.replace('localhost', `${name}.localhost`)
  }
})

interface Manner {
  /** What it takes until the widget is there. */
  arrive?: () => Promise<unknown>
  /** The page or frame that the widget is on. */
  where?: () => Page | Frame
}

/** What the console is told by us, from now on. */
function linesOf(page: Page): string[] {
  const lines: string[] = []
  page.on('console', (message) => message.text().startsWith('Parlor') && lines.push(message.text()))
  return lines
}

const nothing = () => Promise.resolve()

const ALLOW: Statement = {
  name: 'test/allow-origins',
  text: `UPDATE clients SET allowed_origins = allowed_origins || $1::text[] WHERE api_key = 'pk_demo'`,
}
