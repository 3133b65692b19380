import assert from 'node:assert/strict'
import { createSecrets } from '../../server/infra/secrets.ts'
import { ProviderError } from '../../server/llm/provider.ts'
import { testConfig } from '../support/app.ts'
import { breaksNoRule, chatFrame } from '../support/axe.ts'
import { type ChatPage, HEBREW } from '../support/browser-chat.ts'
import { scriptTag } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { json, startStandIn, type StandIn } from '../support/stand-in-n8n.ts'
import { setUpTools } from '../tools/turn/stage.ts'

/** Everything that an answer can be made of. */
const RICH = [
  '## Returns',
  'You have **30 days**. See [our page](https://shop.example/returns), or https://shop.example/x.',
  '1. Pack it\n2. Write `AB-1042` on it',
  '```\nship --to "Blue Bakery"\n```',
  '> As good as new',
  '### And then\n\n- *one*\n- ~~two~~',
].join('\n\n')
const SOURCES = [{ title: 'Returns', url: 'https://shop.example/r' }, { title: 'Shipping' }]
const NOT_SENT = {
  client_message_id: 'never-sent',
  text: 'Hello?',
  created_at: '2026-11-23T09:00:00.000Z',
  failed: 'bad_request',
}
/** What Chromium itself logs of a line that cannot be had. */
const NO_LINE = /WebSocket connection to .* failed|net::ERR_/

describe('The widget, for everyone', () => {
  let standIn: StandIn
  const stage = setStage(async () => {
    standIn = await startStandIn()
    return { OUTBOUND_ALLOW: standIn.hostAndPort }
  })
  before(async () => {
    standIn.on('/book', json({ booked: true }))
    const parameters_schema = { type: 'object', additionalProperties: { type: 'string' } }
    const tools = { book: { parameters_schema, set: { policy: 'confirm', label: 'Booking a fitting' } } }
    const secrets = createSecrets(testConfig().secrets)
    await setUpTools(stage.app.place.database, 'pk_demo', { standIn, tools, secrets })
  })
  after(() => standIn.close())

  const shop = (attributes = '') =>
    [
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Blue Bakery</title>',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      `${scriptTag(stage.app.url, { attributes })}</head>`,
      '<body><main><h1>Blue Bakery</h1><p><a href="#menu">Bread</a> since 1912.</p></main></body></html>',
    ].join('\n')

  const asks = async (chat: ChatPage, question: string) => {
    await chat.send(question)
    return stage.model.calls.take()
  }

  it('breaks no rule of axe: closed, open, while it writes, when it has written, with its menu open', async () => {
    const chat = await stage.visit({ html: shop() })
    await chat.launcher.waitFor()
    await breaksNoRule(chat.page.mainFrame(), 'closed')
    await chat.open()
    const frame = chatFrame(chat)
    await breaksNoRule(frame, 'open')
    const call = await asks(chat, 'How do I return boots?')
    call.say(RICH.slice(0, 90))
    await chat.answerTexts.waitFor()
    await breaksNoRule(frame, 'streaming')
    call.say(RICH.slice(90))
    call.end({ sources: SOURCES })
    await chat.sources.first().waitFor()
    await chat.frame.getByRole('button', { name: 'More' }).click()
    await breaksNoRule(frame, 'answered, with the menu open')
  })

  it('breaks none in the dark and in Hebrew: asked to agree, failed, not sent, leaving an address, rating, offline', async () => {
    stage.expectComplaint(NO_LINE)
    const visitor = await stage.newVisitor({ colorScheme: 'dark', locale: 'he-IL' })
    await visitor.addInitScript((entry) => {
      if (location.hostname === 'localhost')
        localStorage.setItem('parlor:pk_demo:outbox', JSON.stringify([entry]))
    }, NOT_SENT)
    const chat = await stage.visit({ visitor, html: shop('data-locale="he"'), names: HEBREW })
    await chat.open()
    const frame = chatFrame(chat)
    await chat.frame.getByText('לא נשלח.').first().waitFor()
    const call = await asks(chat, 'אפשר לקבוע מדידה?')
    call.end({ calls: [{ id: 'c', name: 'book', arguments: { when: 'Friday' } }], stop: 'tools' })
    await chat.frame.getByTestId('confirm').waitFor()
    await breaksNoRule(frame, 'not sent, and asked to agree')
    await chat.frame.getByRole('button', { name: 'מחיקה' }).click()
    await eventually(async () => assert.match(await noticeOf(chat), /Booking a fitting/))
    await chat.frame.getByRole('button', { name: 'לא', exact: true }).click()
    const next = await stage.model.calls.take()
    next.fail(new ProviderError('rejected', 'no such model'))
    await chat.frame.getByText('לא הצלחנו להשלים').first().waitFor()
    await eventually(async () => assert.match(await noticeOf(chat), /לא הצלחנו להשלים/))
    const menu = chat.frame.getByRole('button', { name: 'עוד', exact: true })
    await menu.click()
    await chat.frame.getByRole('menuitem', { name: 'מעבר למענה אנושי' }).click()
    const contact = chat.frame.getByTestId('contact')
    await contact.getByRole('button').click()
    await contact.getByRole('alert').waitFor()
    await breaksNoRule(frame, 'failed, and asked for an address that is none')
    await menu.click()
    await chat.frame.getByRole('menuitem', { name: 'סיום השיחה' }).click()
    await chat.frame.getByTestId('rating').getByRole('radio').nth(3).check({ force: true })
    await visitor.setOffline(true)
    await chat.connection.getByText('אין חיבור לרשת').waitFor()
    await breaksNoRule(frame, 'ended, rating, and offline')
  })

  it('says a finished answer once to those who listen, none of its pieces, and the same words anew', async () => {
    const chat = await stage.visit()
    await chat.open()
    const said = chat.frame.getByTestId('announcement')
    const call = await asks(chat, 'Tell me')
    call.say('It is **really')
    await chat.shows('It is really')
    assert.equal(await said.textContent(), '')
    await said.evaluate((region) => {
      const heard: (string | null)[] = []
      Object.assign(window, { heard })
      const observer = new MutationObserver(() => region.textContent && heard.push(region.textContent))
      observer.observe(region, { childList: true, subtree: true, characterData: true })
    })
    call.say(' good**.')
    call.end()
    await chat.showsFinished('It is really good.')
    const again = await asks(chat, 'Really?')
    again.say('It is really good.')
    again.end()
    await chat.showsFinished('It is really good.', 'It is really good.')
    const words = 'Acme Assistant: It is really good.'
    await eventually(async () =>
      assert.deepEqual(
        await chatFrame(chat).evaluate(() => (window as unknown as { heard: string[] }).heard),
        [words, words],
      ),
    )
  })

  it('tells who said what and when, to those who go through it', async () => {
    const chat = await stage.visit()
    await chat.open()
    const call = await asks(chat, 'Hello?')
    call.say('Hello!')
    call.end()
    await chat.showsFinished('Hello!')
    const heard = await chat.frame.getByTestId('messages').ariaSnapshot()
    assert.match(
      heard.replace(/\d{1,2}:\d\d/g, '9:41'),
      /You,\s+- time: 9:41\s+- text: ":"\s+- paragraph: Hello\?/,
    )
    assert.match(heard, /Acme Assistant AI\s+- time: .*\s+- paragraph: Hello!/)
  })

  it('can be used by keyboard alone, and nothing that is used takes the focus with it', async () => {
    const chat = await stage.visit({ html: shop() })
    await chat.launcher.waitFor()
    const { keyboard } = chat.page
    for (const key of ['Tab', 'Tab', 'Enter']) await keyboard.press(key)
    await chat.online()
    const focused = () =>
      chatFrame(chat).evaluate(() => {
        const { activeElement: one } = document
        return one?.getAttribute('aria-label') ?? one?.textContent.trim() ?? ''
      })
    const passes = async (...names: string[]) => {
      for (const name of names) {
        await keyboard.press('Shift+Tab')
        assert.equal(await focused(), name)
      }
    }
    const [first, ...others] = await chat.frame
      .getByRole('list', { name: 'Suggested questions' })
      .getByRole('button')
      .allTextContents()
    await eventually(async () => assert.equal(await focused(), 'Message'))
    await passes(...others.reverse(), first!)
    const ring = await chatFrame(chat).evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
    assert.equal(ring, 'solid')
    await keyboard.press('Enter')
    const call = await stage.model.calls.take()
    await eventually(async () => assert.equal(await focused(), 'Message'))
    await keyboard.press('Tab')
    assert.equal(await focused(), 'Stop the answer')
    await keyboard.press('Enter')
    await eventually(() => assert.equal(call.signal.aborted, true))
    await chat.answers.getByText('Stopped').waitFor()
    await eventually(async () => assert.equal(await focused(), 'Message'))

    await passes('Messages', 'Close chat', 'More')
    await keyboard.press('Enter')
    await chat.frame.getByRole('menu').waitFor()
    const items = await chat.frame.getByRole('menu').locator('[role^=menuitem]').allTextContents()
    const [top, bottom, above] = [items[0]!.trim(), items.at(-1)!.trim(), items.at(-2)!.trim()]
    assert.equal(await focused(), top)
    for (const [key, name] of [
      ['ArrowUp', bottom],
      ['ArrowUp', above],
      ['ArrowDown', bottom],
      ['ArrowDown', top],
      ['End', bottom],
      ['Home', top],
      ['Escape', 'More'],
    ] as const) {
      await keyboard.press(key)
      assert.equal(await focused(), name)
    }
    for (const key of ['Tab', 'Tab', 'Tab']) await keyboard.press(key)
    await keyboard.type('Hello?')
    await keyboard.press('Shift+Enter')
    await keyboard.type('Anybody?')
    await keyboard.press('Enter')
    await chat.hasSent(first!, 'Hello?\nAnybody?')
    await keyboard.press('Escape')
    await chat.launcher.waitFor()
    assert.equal(await chat.launcher.evaluate((button) => button.matches(':focus')), true)
  })

  it('can be seen where the system chooses the colours, and used at four times the size', async () => {
    const viewport = { width: 320, height: 256 }
    const visitor = await stage.newVisitor({ viewport, forcedColors: 'active' })
    const chat = await stage.visit({ visitor })
    await chat.launcher.waitFor()
    assert.equal(await chat.launcher.evaluate((button) => getComputedStyle(button).borderStyle), 'solid')
    await chat.open()
    const call = await asks(chat, 'How do I return boots?')
    call.say(RICH)
    call.end({ sources: SOURCES })
    await chat.sources.first().waitFor()
    const frame = chatFrame(chat)
    const edges = await frame.evaluate(() =>
      [...document.querySelectorAll('.bubble, .ai, .send')].map((one) => getComputedStyle(one).borderStyle),
    )
    assert.deepEqual(new Set(edges), new Set(['solid']))
    // Blank space between letters, words and lines as in WCAG 2.2, 1.4.12.
    await frame.evaluate(() => {
      for (const element of document.querySelectorAll<HTMLElement>('body *'))
        Object.assign(element.style, { lineHeight: '1.5', letterSpacing: '.12em', wordSpacing: '.16em' })
    })
    const hidden = await frame.evaluate(() =>
      [...document.querySelectorAll('body, header, [role=region], main, form, p, button')]
        .filter((one) => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
        .map((one) => one.outerHTML),
    )
    assert.deepEqual(hidden, [])
    const list = (await chat.frame.getByRole('region').boundingBox())!
    assert.ok(list.height >= 100, `${list.height} pixels for messages`)
    await chat.frame.getByRole('button', { name: 'More' }).click()
    await chat.frame.getByRole('menu').waitFor()
    await chat.page.keyboard.press('End')
    const last = chat.frame.getByRole('menu').locator('[role^=menuitem]').last()
    await eventually(async () => assert.equal(await isInside(chat, last), true))
    for (const name of ['Close chat', 'More', 'Send'])
      assert.equal(await isInside(chat, chat.frame.getByRole('button', { name })), true, name)
  })
})

function noticeOf(chat: ChatPage): Promise<string> {
  return chat.frame.getByTestId('notice').innerText()
}

async function isInside(
  { page }: ChatPage,
  control: ReturnType<ChatPage['frame']['locator']>,
): Promise<boolean> {
  const box = (await control.boundingBox())!
  const { width, height } = page.viewportSize()!
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height
}
