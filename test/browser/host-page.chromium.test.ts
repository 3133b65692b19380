import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { launchWithProfile } from '../support/browser.ts'
import type { ChatPage } from '../support/browser-chat.ts'
import { scriptTag, shopPage } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'

/** What Chromium's settings call "always" and "block". */
const ALWAYS = 1
const BLOCK = 2

describe('The page around the widget', () => {
  const stage = setStage()

  const chatsOn = async (chat: ChatPage) => {
    await chat.send('Hello?')
    const call = await stage.model.calls.take()
    call.say('Hello!')
    call.end()
    await chat.showsFinished('Hello!')
    await chat.hasSent('Hello?')
  }

  it('may have a strict policy: the launcher is dressed, the chat works, nothing breaks the policy', async () => {
    const visitor = await stage.newVisitor()
    await visitor.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`broken policy: ${event.violatedDirective} ${event.blockedURI}`)
      })
    })
    const policy = [
      "default-src 'none'",
      `script-src ${stage.app.url}`,
      `frame-src ${stage.app.url}`,
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; ')
    const chat = await stage.visit({ visitor, headers: { 'content-security-policy': policy } })
    const launcher = await dressOf(chat)
    assert.deepEqual(launcher, {
      position: 'fixed',
      width: 56,
      height: 56,
      round: '50%',
      right: 20,
      bottom: 20,
    })
    await chat.open()
    await chatsOn(chat)
    const colour = await chat.page
      .getByRole('button', { name: 'Close chat' })
      .first()
      .evaluate((button) => getComputedStyle(button).backgroundColor)
    assert.equal(colour, 'rgb(15, 107, 82)')
  })

  it('gets one widget from a script that is there twice, and one new global', async () => {
    const visitor = await stage.newVisitor()
    const page = await visitor.newPage()
    await page.goto(stage.site.put('/bare', { html: shopPage('') }))
    const globals = () => page.evaluate(() => Object.getOwnPropertyNames(window))
    const before = new Set(await globals())
    const tag = scriptTag(stage.app.url)
    const chat = await stage.visit({ visitor, html: shopPage(tag + tag.replace('widget.js', 'widget.js?2')) })
    await chat.page.waitForLoadState()
    assert.equal(await chat.page.locator('parlor-widget').count(), 1)
    await chat.open()
    await chatsOn(chat)
    const after = await chat.page.evaluate(() => Object.getOwnPropertyNames(window))
    assert.deepEqual(
      after.filter((name) => !before.has(name)),
      ['Parlor'],
    )
  })

  it('is rid of everything after destroy(), and can have the widget again', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chatsOn(chat)
    const nodes = () => chat.page.evaluate(() => document.documentElement.outerHTML)
    await chat.page.evaluate(() => (window as unknown as Parlor).Parlor.destroy())
    assert.equal(await chat.page.locator('parlor-widget').count(), 0)
    assert.equal(await chat.page.evaluate(() => 'Parlor' in window), false)
    await eventually(() => assert.equal(chat.page.frames().length, 1))
    assert.doesNotMatch(await nodes(), /parlor/i)
    await chat.page.evaluate((src) => {
      const script = document.createElement('script')
      script.src = src
      script.dataset['clientKey'] = 'pk_demo'
      document.head.append(script)
    }, `${stage.app.url}/widget.js?again`)
    await chat.open()
    await chat.showsFinished('Hello!')
  })

  it('can open the chat, send for its visitor, and hear what happens', async () => {
    const chat = await stage.visit()
    await chat.launcher.waitFor()
    await chat.page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      const { Parlor } = window as unknown as Parlor
      Parlor.on('opened', () => heard.push('opened'))
      Parlor.on('message:sent', ({ text }) => heard.push(`sent ${text}`))
      Parlor.on('message:received', ({ text }) => heard.push(`received ${text}`))
      Parlor.sendMessage('Hello?')
      Parlor.open()
    })
    const call = await stage.model.calls.take()
    call.say('Hello!')
    call.end()
    await chat.showsFinished('Hello!')
    await eventually(async () =>
      assert.deepEqual(await chat.page.evaluate(() => (window as unknown as { heard: string[] }).heard), [
        'opened',
        'sent Hello?',
        'received Hello!',
      ]),
    )
  })

  it('may have cross-site storage denied in the frame: the session outlives a reload all the same', async () => {
    await withSettings({ cookie_controls_mode: ALWAYS, block_third_party_cookies: true }, async (visitor) => {
      const chat = await stage.visit({ visitor })
      await chat.open()
      assert.equal(await chat.composer.evaluate(() => storageIsDenied()), true)
      assert.equal(await chat.page.evaluate(() => storageIsDenied()), false)
      await chatsOn(chat)
      await chat.page.reload()
      await chat.open()
      await chat.showsFinished('Hello!')
    })
  })

  it('may have all storage denied: the chat works for as long as the page lives', async () => {
    await withSettings({ default_content_setting_values: { cookies: BLOCK } }, async (visitor) => {
      const chat = await stage.visit({ visitor })
      await chat.open()
      assert.equal(await chat.page.evaluate(() => storageIsDenied()), true)
      await chatsOn(chat)
      await chat.page.reload()
      await chat.open()
      await chat.showsFinished()
    })
  })

  it('shows how many answers came while the chat was closed', async () => {
    const chat = await stage.visit()
    await chat.open()
    await chat.send('Hello?')
    const call = await stage.model.calls.take()
    await chat.frame.getByRole('button', { name: 'Close chat' }).click()
    call.say('Hello!')
    call.end()
    const launcher = chat.page.getByRole('button', { name: 'Open chat, 1 new message' })
    await launcher.click()
    await chat.showsFinished('Hello!')
    await chat.page.getByRole('button', { name: 'Close chat', exact: true }).first().click()
    await chat.page.getByRole('button', { name: 'Open chat', exact: true }).waitFor()
  })

  it('sees its own page untouched while the visitor has not opened anything', async () => {
    const visitor = await stage.newVisitor()
    const asked: string[] = []
    visitor.on('request', (request) => asked.push(request.url()))
    const chat = await stage.visit({ visitor })
    await chat.launcher.waitFor()
    await chat.page.waitForLoadState('networkidle')
    assert.deepEqual(
      asked.filter((url) => !url.startsWith('data:')),
      [chat.page.url(), `${stage.app.url}/widget.js`],
    )
    assert.deepEqual(await chat.page.evaluate(() => Object.keys(localStorage)), [])
    assert.deepEqual(await visitor.cookies(), [])
  })

  /** A visitor whose browser has these settings from its first start on. */
  async function withSettings(profile: object, visit: (visitor: BrowserContext) => Promise<void>) {
    const folder = await mkdtemp(join(tmpdir(), 'parlor-profile-'))
    try {
      await mkdir(join(folder, 'Default'))
      await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }))
      const visitor = await launchWithProfile(folder)
      stage.watch(visitor)
      try {
        await visitor.addInitScript(() => {
          Object.assign(window, {
            storageIsDenied() {
              try {
                localStorage.setItem('probe', '1')
                localStorage.removeItem('probe')
                return false
              } catch {
                return true
              }
            },
          })
        })
        await visit(visitor)
      } finally {
        await visitor.close()
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
})

/** Defined in every page of `withSettings`. */
declare function storageIsDenied(): boolean

interface Parlor {
  Parlor: {
    open(): void
    destroy(): void
    sendMessage(text: string): void
    on(name: string, listener: (detail: { text: string }) => void): void
  }
}

/** How the launcher looks from outside. */
function dressOf({ launcher }: ChatPage) {
  return launcher.evaluate((button) => {
    const { left, top, width, height } = button.getBoundingClientRect()
    const { position, borderRadius } = getComputedStyle(button)
    const [right, bottom] = [innerWidth - left - width, innerHeight - top - height]
    return { position, width, height, round: borderRadius, right, bottom }
  })
}
