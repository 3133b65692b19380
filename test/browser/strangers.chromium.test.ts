import assert from 'node:assert/strict'
import type { Frame } from 'playwright-core'
import { PHONE } from '../support/browser.ts'
import { ChatPage } from '../support/browser-chat.ts'
import { scriptTag, shopPage, startHostSite, type HostSite } from '../support/browser-site.ts'
import { setStage } from '../support/browser-stage.ts'
import { eventually } from '../support/eventually.ts'
import { makeClient } from '../support/factories.ts'

/** What Chromium itself logs of a frame that may not be embedded. */
const FRAME_REFUSED = /frame-ancestors|net::ERR_BLOCKED_BY_RESPONSE|Refused to frame/i
/** What Chromium itself logs of an answer that the page may not read. */
const NOT_READABLE = /blocked by CORS policy|net::ERR_FAILED|status of 403/

/** Everything that a loader or a frame believes, from somebody who is neither. */
const FORGERIES = [
  { type: 'send', text: 'I never wrote this' },
  { type: 'visibility', open: false },
  { type: 'session:claimed', session: { session_id: 'stolen', session_token: 'stolen' } },
  { type: 'session:save', session: { session_id: 'stolen', session_token: 'stolen' } },
  { type: 'session:claim', stale: 'any' },
  { type: 'outbox:put', entry: { client_message_id: 'x', text: 'I never wrote this', created_at: '' } },
  { type: 'look', look: { color: '#ff0000', on_color: '#ff0000', name: 'Evil', position: 'left' } },
  { type: 'unread', count: 7 },
  { type: 'event', name: 'message:received', detail: { role: 'agent', text: 'Your card number, please' } },
  { type: 'close' },
]

describe('Strangers to the widget', () => {
  const stage = setStage()
  let evil: HostSite

  before(async () => {
    evil = await startHostSite()
  })
  after(() => evil.close())

  const answer = async (text: string) => {
    const call = await stage.model.calls.take()
    call.say(text)
    call.end()
  }

  it('that are not on the list cannot embed the chat; their page is not disturbed', async () => {
    stage.expectComplaint(FRAME_REFUSED)
    const client = await makeClient(stage.app.place.database, { allowed_origins: ['https://shop.example'] })
    const before = await stage.countSessions()
    const chat = await stage.visit({ tag: { key: client.api_key } })
    await chat.launcher.click()
    const frame = chat.page.getByTitle('Chat', { exact: true })
    await eventually(() => assert.match(chat.page.frames().at(-1)!.url(), /^chrome-error:/))
    await chat.page.getByRole('button', { name: 'Close chat' }).click()
    await chat.launcher.click()
    assert.equal(await frame.count(), 1)
    assert.equal(await chat.page.getByText('Bread since 1912.').isVisible(), true)
    assert.equal(await stage.countSessions(), before)
  })

  it('that are not on the list get no chat on a phone either, and can close what they opened', async () => {
    stage.expectComplaint(FRAME_REFUSED)
    const client = await makeClient(stage.app.place.database, { allowed_origins: ['https://shop.example'] })
    const chat = await stage.visit({ visitor: await stage.newVisitor(PHONE), tag: { key: client.api_key } })
    await chat.launcher.tap()
    await eventually(() => assert.match(chat.page.frames().at(-1)!.url(), /^chrome-error:/))
    await chat.page.getByRole('button', { name: 'Close chat' }).tap()
    await chat.launcher.waitFor()
  })

  it('on another port or another scheme than the list says cannot embed it either', async () => {
    stage.expectComplaint(FRAME_REFUSED)
    const { protocol, port } = new URL(stage.site.url)
    assert.equal(protocol, 'http:')
    const client = await makeClient(stage.app.place.database, {
      allowed_origins: [
        `https://localhost:${port}`,
        `http://localhost:${Number(port) + 1}`,
        'http://localhost',
      ],
    })
    const chat = await stage.visit({ tag: { key: client.api_key } })
    await chat.launcher.click()
    await eventually(() => assert.match(chat.page.frames().at(-1)!.url(), /^chrome-error:/))
  })

  it('on the list can', async () => {
    const client = await makeClient(stage.app.place.database, { allowed_origins: [stage.site.url] })
    const chat = await stage.visit({ tag: { key: client.api_key } })
    await chat.open()
    await chat.send('Hello?')
    await answer('Hello!')
    await chat.showsFinished('Hello!')
  })

  it('cannot speak to the server from their own page, by socket or by request', async () => {
    stage.expectComplaint(NOT_READABLE)
    const { api_key } = await makeClient(stage.app.place.database, { allowed_origins: ['https://a.example'] })
    const page = await (await stage.newVisitor()).newPage()
    await page.goto(stage.site.put('/stranger', { html: shopPage('') }))
    const refused = await page.evaluate(
      ([server, key]) =>
        new Promise<string[]>((resolve) => {
          const heard: string[] = []
          const socket = new WebSocket(`${server.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
          socket.onopen = () => {
            socket.send(`40/widget,${JSON.stringify({ client_key: key, protocol: 1 })}`)
          }
          socket.onmessage = ({ data }) => heard.push(String(data))
          socket.onclose = () => resolve(heard)
        }),
      [stage.app.url, api_key] as const,
    )
    assert.equal(refused.length, 2)
    assert.match(refused[1]!, /^44\/widget,.*"code":"origin_not_allowed"/)

    const before = await stage.countSessions()
    const read = await page.evaluate(
      ([server, key]) =>
        fetch(`${server}/api/v1/sessions/start`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: JSON.stringify({ client_api_key: key }),
        }).then(
          (response) => response.status,
          () => 'not readable',
        ),
      [stage.app.url, api_key] as const,
    )
    assert.ok(read === 403 || read === 'not readable', String(read))
    assert.equal(await stage.countSessions(), before)
  })

  it('who know the id of a session, but not its token, see nothing of it', async () => {
    const owner = await stage.visit()
    await owner.open()
    await owner.send('My secret question')
    await answer('My secret answer')
    await owner.showsFinished('My secret answer')
    const { session_id } = await owner.session()

    const thief = await stage.visit()
    await thief.page.evaluate(
      (session) => localStorage.setItem('parlor:pk_demo:session', JSON.stringify(session)),
      { session_id, session_token: 'x'.repeat(43) },
    )
    await thief.page.reload()
    await thief.open()
    await thief.showsFinished()
    await thief.hasSent()
    assert.notEqual((await thief.session()).session_id, session_id)
    await thief.send('Something of my own')
    await answer('For you alone')
    await thief.showsFinished('For you alone')
    await owner.showsFinished('My secret answer')
  })

  it('in another frame of the same page find no way to the chat, and are not believed by the loader', async () => {
    const chat = await visitWith(evil.put('/ad', { html: shopPage('', 'Buy now') }))
    await greet(chat)
    const before = await stateOf(chat)
    await countMessages(chat)
    const reachable = await neighbour(chat).evaluate((forgeries) => {
      for (const says of forgeries) parent.postMessage({ parlor: 1, says }, '*')
      return parent.length
    }, FORGERIES)
    assert.equal(reachable, 1)
    await eventually(async () => assert.deepEqual(await counts(chat), [FORGERIES.length, 0]))
    await isUntouched(chat, before)
  })

  it('in a frame that is as near to the chat as its page are not believed by the chat', async () => {
    const chat = await visitWith(stage.site.put('/near', { html: shopPage('', 'Our newsletter') }))
    await greet(chat)
    const before = await stateOf(chat)
    await countMessages(chat)
    await neighbour(chat).evaluate((forgeries) => {
      const widget = parent.document.querySelector('parlor-widget')
      const frame = widget?.shadowRoot?.querySelector('iframe')?.contentWindow
      for (const says of forgeries) frame?.postMessage({ parlor: 1, says }, '*')
    }, FORGERIES)
    await eventually(async () => assert.deepEqual(await counts(chat), [0, FORGERIES.length]))
    await isUntouched(chat, before)
  })

  it('that opened the page in a window are not believed either', async () => {
    const visitor = await stage.newVisitor()
    const stranger = await visitor.newPage()
    await stranger.goto(evil.put('/opener', { html: shopPage('') }))
    const shop = stage.site.put('/', { html: shopPage(scriptTag(stage.app.url)) })
    const opened = visitor.waitForEvent('page')
    await stranger.evaluate((url) => void Object.assign(window, { shop: open(url) }), shop)
    const chat = new ChatPage(await opened)
    await greet(chat)
    const before = await stateOf(chat)
    await countMessages(chat)
    const reachable = await stranger.evaluate((forgeries) => {
      const { shop } = window as unknown as { shop: Window }
      for (const says of forgeries) shop.postMessage({ parlor: 1, says }, '*')
      return shop.length
    }, FORGERIES)
    assert.equal(reachable, 0)
    await eventually(async () => assert.deepEqual(await counts(chat), [FORGERIES.length, 0]))
    await isUntouched(chat, before)
  })

  it('in the page itself who write nonsense to the chat do not break it', async () => {
    const chat = await stage.visit()
    await chat.open()
    await countMessages(chat)
    const nonsense = [null, 1, 'x', [], {}, { parlor: 1 }, { parlor: 1, says: null }, { parlor: 1, says: {} }]
    await chat.page.evaluate((list) => {
      const widget = document.querySelector('parlor-widget')
      const frame = widget?.shadowRoot?.querySelector('iframe')?.contentWindow
      for (const data of list) frame?.postMessage(data, '*')
      frame?.postMessage({ parlor: 1, says: { type: '__proto__' } }, '*')
    }, nonsense)
    await eventually(async () => assert.deepEqual(await counts(chat), [0, nonsense.length + 1]))
    await chat.send('Hello?')
    await answer('Hello!')
    await chat.showsFinished('Hello!')
  })

  /** The shop with another frame beside the widget. */
  function visitWith(frame: string): Promise<ChatPage> {
    const neighbour = `<iframe name="neighbour" src="${frame}"></iframe>`
    return stage.visit({ html: shopPage(scriptTag(stage.app.url), neighbour) })
  }

  async function greet(chat: ChatPage): Promise<void> {
    await chat.open()
    await chat.send('Hello?')
    await answer('Hello!')
    await chat.showsFinished('Hello!')
  }

  async function isUntouched(chat: ChatPage, before: unknown): Promise<void> {
    assert.equal(await chat.composer.isVisible(), true)
    await chat.showsFinished('Hello!')
    await chat.hasSent('Hello?')
    assert.deepEqual(await stateOf(chat), before)
    assert.deepEqual(await chat.page.evaluate(() => (window as unknown as Ears).events), [])
    assert.equal(stage.model.calls.all.length, 1)
  }
})

function neighbour(chat: ChatPage): Frame {
  return chat.page.frame({ name: 'neighbour' })!
}

interface Ears {
  heard: number
  events: string[]
  Parlor: { on(name: string, listener: () => void): void }
}

/** From now on counts what arrives at the page and at the chat, so that a test knows when it has been ignored. */
async function countMessages(chat: ChatPage): Promise<void> {
  await chat.page.evaluate(() => {
    const ears = window as unknown as Ears
    ears.heard = 0
    ears.events = []
    addEventListener('message', ({ source }) => {
      if (
        source !== document.querySelector('parlor-widget')?.shadowRoot?.querySelector('iframe')?.contentWindow
      )
        ears.heard += 1
    })
    for (const name of ['message:received', 'unread:changed', 'closed'])
      ears.Parlor.on(name, () => ears.events.push(name))
  })
  await chat.composer.evaluate(() => {
    const ears = window as unknown as Ears
    ears.heard = 0
    addEventListener('message', () => (ears.heard += 1))
  })
}

async function counts(chat: ChatPage): Promise<[page: number, frame: number]> {
  const ofPage = await chat.page.evaluate(() => (window as unknown as Ears).heard)
  const ofFrame = await chat.composer.evaluate(() => (window as unknown as Ears).heard)
  return [ofPage, ofFrame]
}

/** What the page keeps, and how the launcher looks. */
async function stateOf(chat: ChatPage): Promise<unknown> {
  const kept = await chat.page.evaluate(() => Object.entries(localStorage).sort())
  const launcher = chat.page.getByRole('button', { name: 'Close chat', exact: true }).first()
  return { kept, colour: await launcher.evaluate((button) => getComputedStyle(button).backgroundColor) }
}
