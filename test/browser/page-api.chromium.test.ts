import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { defineModels } from '../../models/index.ts'
import { createIdentitySecrets } from '../../server/auth/identity/identity-secrets.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import type { ParlorApi, ParlorEvent } from '../../widget/public.ts'
import { ChatPage, HEBREW } from '../support/browser-chat.ts'
import { scriptTag, shopPage } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'

const key = randomBytes(32)

describe("The page's own code", () => {
  const stage = setStage(() => Promise.resolve({ ENCRYPTION_KEY: key.toString('hex') }))
  let secret: string

  before(async () => {
    const { database } = stage.app.place
    const secrets = createSecrets({ encryption: key, encryptionPrevious: null })
    const issued = await createIdentitySecrets(database, defineModels(database.sequelize), secrets).issue({
      api_key: 'pk_demo',
    })
    assert.ok(issued.ok)
    secret = issued.data.secret
  })

  const sign = (sub: string) =>
    new SignJWT({ sub })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('5m')
      .sign(Buffer.from(secret))

  const talk = async (chat: ChatPage, question: string, answer: string) => {
    await chat.send(question)
    const call = await stage.model.calls.take()
    call.say(answer)
    call.end()
    await chat.showsFinished(answer)
  }

  it('makes the anonymous conversation that of who signs in, and shows it to nobody else who does', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor })
    await chat.open()
    await talk(chat, 'Where is my order?', 'On its way.')
    const anonymous = await chat.session()
    await call(chat, 'identify', await sign('ada'))
    await eventually(async () =>
      assert.deepEqual(await userOf(anonymous.session_id), { user: 'ada', proven: true }),
    )
    assert.deepEqual(await chat.session(), anonymous)
    await chat.shows('On its way.')

    // Somebody else signs in on the next page: nothing of what was is shown, sent or kept.
    await chat.page.evaluate(() => {
      const entry = {
        client_message_id: crypto.randomUUID(),
        text: 'A secret of Ada',
        created_at: '2026-01-01',
      }
      localStorage.setItem('parlor:pk_demo:outbox', JSON.stringify([entry]))
    })
    const tag = scriptTag(stage.app.url, { attributes: `data-identity-token="${await sign('bob')}"` })
    const other = await stage.visit({ visitor, html: shopPage(tag) })
    await other.open()
    await other.shows()
    assert.equal(await other.visitorMessages.count(), 0)
    const bob = await other.session()
    assert.notEqual(bob.session_id, anonymous.session_id)
    assert.deepEqual(await userOf(bob.session_id), { user: 'bob', proven: true })
    // The tab in which Ada was signed in has let go of her too.
    await eventually(async () => assert.equal(await chat.visitorMessages.count(), 0))
    assert.deepEqual(await kept('A secret of Ada'), [])
  })

  it('forgets the visitor with reset(), in all tabs of the site', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor })
    await call(chat, 'identify', await sign('carol'))
    await chat.open()
    await talk(chat, 'Hello?', 'Hello, Carol.')
    const before = await chat.session()
    const second = await stage.visit({ visitor })
    await second.open()
    await second.showsFinished('Hello, Carol.')
    await call(chat, 'reset')
    for (const tab of [chat, second]) {
      await tab.shows()
      await eventually(async () => assert.equal(await tab.visitorMessages.count(), 0))
      await tab.online()
    }
    const { session_id: fresh } = await chat.session()
    assert.notEqual(fresh, before.session_id)
    assert.deepEqual(await userOf(fresh), { user: null, proven: false })
    assert.equal(await chat.page.evaluate(() => localStorage.getItem('parlor:pk_demo:owner')), null)
  })

  it('shows nothing of a visitor whom its function cannot prove any more, and says why', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor })
    await call(chat, 'identify', await sign('dora'))
    await chat.open()
    await talk(chat, 'Hello?', 'Hello, Dora.')
    const { session_id: doras } = await chat.session()
    const queue = `<script>Parlor = [
      ['on', 'error', ({ code }) => (window.codes ??= []).push(code)],
      ['identify', () => Promise.reject(new Error('signed out'))]]</script>`
    const later = await stage.visit({ visitor, html: shopPage(queue + scriptTag(stage.app.url)) })
    await later.open()
    await later.shows()
    assert.equal(await later.visitorMessages.count(), 0)
    assert.ok((await heard(later, 'codes')).every((code) => code === 'identity_invalid'))
    assert.equal((await later.session()).session_id, doras)
  })

  it('changes language and theme while the visitor writes, and fills the field in', async () => {
    const chat = await stage.visit()
    await call(chat, 'prefill', 'About order 1042: ')
    await chat.open()
    await eventually(async () => assert.equal(await chat.composer.inputValue(), 'About order 1042: '))
    await call(chat, 'setLocale', 'he')
    await call(chat, 'setTheme', 'dark')
    const hebrew = new ChatPage(chat.page, HEBREW)
    await eventually(async () => assert.equal(await hebrew.composer.inputValue(), 'About order 1042: '))
    assert.deepEqual(
      await hebrew.composer.evaluate(() => {
        const { lang, dir, dataset } = document.documentElement
        return [lang, dir, dataset['theme']]
      }),
      ['he', 'rtl', 'dark'],
    )
    await hebrew.online()
  })

  it('needs no more than a nonce for the script, with strict-dynamic or without', async () => {
    for (const more of ["'strict-dynamic'", '']) {
      const tag = scriptTag(stage.app.url, { attributes: 'nonce="abc"' })
      const policy = `default-src 'none'; script-src 'nonce-abc' ${more}; frame-src ${stage.app.url}`
      const headers = { 'content-security-policy': policy }
      const chat = await stage.visit({ html: shopPage(tag), headers })
      await chat.open()
    }
  })

  it('keeps the chat through whatever it does to its own document', async () => {
    const visitor = await stage.newVisitor()
    const chat = await stage.visit({ visitor })
    await chat.open()
    await talk(chat, 'Hello?', 'Hello!')
    const swaps = [
      () => document.body.replaceWith(document.createElement('body')),
      () =>
        document.documentElement.replaceChildren(
          document.createElement('head'),
          document.createElement('body'),
        ),
      () => {
        const script = document.createElement('script')
        script.src = (window as unknown as { parlorScript: string }).parlorScript
        document.open()
        document.close()
        document.head.append(script)
      },
    ]
    await chat.page.evaluate(
      (src) => Object.assign(window, { parlorScript: src }),
      `${stage.app.url}/widget.js?key=pk_demo`,
    )
    for (const swap of swaps) {
      await chat.page.evaluate(swap)
      await chat.showsFinished('Hello!')
      await chat.online()
      assert.equal(await chat.page.locator('parlor-widget').count(), 1)
    }
  })

  it('hears of a frame that its policy forbids; the chat comes in a tab of its own, and stays there', async () => {
    stage.expectComplaint(/frame-src|Framing|did not come|favicon/i)
    const visitor = await stage.newVisitor()
    const policy = `script-src ${stage.app.url}; frame-src 'none'`
    const chat = await stage.visit({ visitor, headers: { 'content-security-policy': policy } })
    const opened = visitor.waitForEvent('page')
    await chat.launcher.click()
    const tab = await opened
    const composer = tab.getByRole('textbox', { name: 'Message' })
    await composer.fill('Hello?')
    await composer.press('Enter')
    const model = await stage.model.calls.take()
    model.say('Hello!')
    model.end()
    await tab.getByTestId('answer-text').getByText('Hello!').waitFor()
    await tab.reload()
    await tab.getByTestId('answer-text').getByText('Hello!').waitFor()
  })

  it('comes in a tab also from a sandbox that takes the page’s origin away', async () => {
    stage.expectComplaint(/favicon/)
    const visitor = await stage.newVisitor()
    const inner = stage.site.put('/inner', { html: shopPage(scriptTag(stage.app.url)) })
    const sandbox = 'allow-scripts allow-popups allow-popups-to-escape-sandbox'
    const html = shopPage(
      '',
      `<iframe sandbox="${sandbox}" src="${inner}" width="600" height="600"></iframe>`,
    )
    const { page } = await stage.visit({ visitor, html })
    const opened = visitor.waitForEvent('page')
    await page.frameLocator('iframe').getByRole('button', { name: 'Open chat' }).click()
    await (await opened).getByRole('textbox', { name: 'Message' }).waitFor()
  })

  it('is left alone after destroy(): no listener, no timer, no element, its title as it was', async () => {
    const visitor = await stage.newVisitor()
    await visitor.addInitScript(watchListeners)
    const chat = await stage.visit({ visitor })
    await chat.open()
    await talk(chat, 'Hello?', 'Hello!')
    assert.ok((await heard(chat, 'listening')).length > 3)
    await call(chat, 'destroy')
    await eventually(async () => assert.deepEqual(await heard(chat, 'listening'), []))
    assert.equal(await chat.page.title(), 'Blue Bakery')
  })

  it('never has anything thrown at it, whatever it asks for', async () => {
    const chat = await stage.visit()
    await chat.launcher.waitFor()
    await listen(chat, 'error')
    for (const nonsense of [null, undefined, 7, {}, [], '']) {
      for (const name of [
        'identify',
        'setAttributes',
        'setLocale',
        'setTheme',
        'prefill',
        'sendMessage',
      ] as const)
        if (name !== 'sendMessage' || typeof nonsense === 'string') await call(chat, name, nonsense)
    }
    await chat.open()
    await eventually(async () => assert.ok((await heard(chat, 'heard')).includes('error')))
  })

  const call = (chat: ChatPage, name: keyof ParlorApi, argument?: unknown) =>
    chat.page.evaluate(
      ([method, value]) => {
        const { Parlor } = window as unknown as { Parlor: Record<string, (value: unknown) => unknown> }
        Parlor[method]!(value)
      },
      [name, argument] as const,
    )

  const listen = (chat: ChatPage, name: ParlorEvent) =>
    chat.page.evaluate((event) => {
      const heard: string[] = []
      Object.assign(window, { heard })
      ;(window.Parlor as ParlorApi).on(event, () => heard.push(event))
    }, name)

  const heard = (chat: ChatPage, list: 'heard' | 'codes' | 'listening') =>
    chat.page.evaluate((name) => [...((window as unknown as Record<string, string[]>)[name] ?? [])], list)

  const query = async <Row>(sql: string, value: string) => {
    const [rows] = await stage.app.place.database.sequelize.query(sql, { bind: [value] })
    return rows as Row[]
  }
  const userOf = async (session: string) => {
    const rows = await query<{ user_identifier: string | null; proven: boolean }>(
      'SELECT v.user_identifier, v.proven FROM sessions s JOIN visitors v ON v.id = s.visitor_id WHERE s.id = $1',
      session,
    )
    return { user: rows[0]!.user_identifier, proven: rows[0]!.proven }
  }
  const kept = (content: string) => query('SELECT id FROM messages WHERE content = $1', content)
})

/** Keeps a list of what listens to window, document and what they give, and does so still. */
function watchListeners(): void {
  const listening: string[] = []
  Object.assign(window, { listening })
  const add = Reflect.get(EventTarget.prototype, 'addEventListener') as typeof addEventListener
  EventTarget.prototype.addEventListener = function (this: EventTarget, type, listener, options) {
    const isShared = this === window || this === document || this === window.visualViewport
    if (isShared && !listening.includes(type)) {
      listening.push(type)
      const signal = typeof options === 'object' ? options.signal : undefined
      if (signal) add.call(signal, 'abort', () => listening.splice(listening.indexOf(type), 1))
    }
    if (listener) add.call(this, type, listener, options)
  }
}
