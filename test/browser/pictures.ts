import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { createSecrets } from '../../server/infra/secrets.ts'
import { testConfig } from '../support/app.ts'
import { PHONE } from '../support/browser.ts'
import { ChatPage, ENGLISH, HEBREW, type ControlNames } from '../support/browser-chat.ts'
import { Stage } from '../support/browser-stage.ts'
import { startStandIn } from '../support/stand-in-n8n.ts'
import { setUpTools } from '../tools/turn/stage.ts'

/** `npm run pictures`: takes the pictures of the widget for docs/widget.md anew, from what was built last. */

const FOLDER = join(import.meta.dirname, '../../docs/images')
const DESK: BrowserContextOptions = { viewport: { width: 640, height: 840 }, deviceScaleFactor: 1.5 }

const QUESTION = 'Do you have the rain jacket in M?'
const ANSWER = [
  'Yes, the **rain jacket** is there in M, in two colours:\n\n',
  '- moss green, in stock\n- sand, from Thursday\n\n',
  'We wax it anew for free; see [how to care for it](https://shop.example/care).',
]
const STREAMING = ANSWER.slice(0, 2)

const stage = new Stage()
const standIn = await startStandIn()
try {
  await stage.build({ OUTBOUND_ALLOW: standIn.hostAndPort })
  await mkdir(FOLDER, { recursive: true })
  await takeAll()
} finally {
  await stage.takeDown()
  await standIn.close()
}

async function takeAll(): Promise<void> {
  const closed = await visit(DESK)
  await take(closed.page, 'closed')
  await closed.open()
  await closed.frame.getByRole('button').last().waitFor()
  await take(closed.page, 'open')
  const finish = await ask(closed, QUESTION, STREAMING)
  await take(closed.page, 'streaming')
  finish(ANSWER.at(-1)!)
  await closed.frame.getByRole('link').waitFor()

  const dark = await visit({ ...DESK, colorScheme: 'dark' })
  await dark.page.evaluate(() => window.Parlor?.setTheme?.('dark'))
  await dark.open()
  ;(await ask(dark, QUESTION, ANSWER))('')
  await dark.showsFinished(...(await dark.answerTexts.allTextContents()))
  await take(dark.page, 'dark')

  const phone = await visit({ ...PHONE, deviceScaleFactor: 1.5 })
  await phone.open()
  ;(await ask(phone, QUESTION, ANSWER))('')
  await phone.showsFinished(...(await phone.answerTexts.allTextContents()))
  await take(phone.page, 'phone')

  const hebrew = await visit({ ...DESK, locale: 'he-IL' }, HEBREW)
  await hebrew.open()
  const words = ['הזמנה **AB-1001** נשלחה אתמול עם Israel Post, ', 'והיא תגיע עד יום חמישי בשעה 18:00.']
  ;(await ask(hebrew, 'איפה הזמנה AB-1001?', words))('')
  await hebrew.showsFinished(...(await hebrew.answerTexts.allTextContents()))
  await take(hebrew.page, 'hebrew')

  await takeConfirm()
}

async function takeConfirm(): Promise<void> {
  const parameters_schema = { type: 'object', additionalProperties: { type: 'string' } }
  const tools = { book: { parameters_schema, set: { policy: 'confirm', label: 'Booking a fitting' } } }
  const secrets = createSecrets(testConfig().secrets)
  await setUpTools(stage.app.place.database, 'pk_demo', { standIn, tools, secrets })
  const chat = await visit(DESK)
  await chat.open()
  await chat.send('Please book me a fitting on Friday at ten.')
  const call = await stage.model.calls.take()
  call.say('Gladly. ')
  const details = { name: 'Dana Levi', day: 'Friday, 27 November', time: '10:00', shop: 'Haifa' }
  call.end({ calls: [{ id: 'c', name: 'book', arguments: details }], stop: 'tools' })
  await chat.frame.getByTestId('confirm').waitFor()
  await take(chat.page, 'confirm')
}

/** The demo shop with the widget, as this visitor sees it. */
async function visit(options: BrowserContextOptions, names: ControlNames = ENGLISH): Promise<ChatPage> {
  const visitor = await stage.newVisitor(options)
  const page = await visitor.newPage()
  await page.route('**/demo', async (route) => {
    const response = await route.fetch()
    const html = await response.text()
    await route.fulfill({ response, body: html.replace('<html lang="en"', '<html') })
  })
  await page.goto(`${stage.app.url}/demo`)
  const chat = new ChatPage(page, names)
  await chat.launcher.waitFor()
  return chat
}

/** Asks, waits until these pieces of the answer are on the screen, and hands back what ends it. */
async function ask(
  chat: ChatPage,
  question: string,
  pieces: readonly string[],
): Promise<(rest: string) => void> {
  await chat.send(question)
  const call = await stage.model.calls.take()
  for (const piece of pieces) call.say(piece)
  await chat.answerTexts.getByText(pieces.at(-1)!.slice(2, 8)).first().waitFor()
  return (rest) => {
    call.say(rest)
    call.end()
  }
}

/** Chromium writes WebP by itself, at a quarter of the size of a PNG. */
async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const blank = await (await stage.newVisitor()).newPage()
  const webp = await blank.evaluate(
    async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = document.createElement('canvas')
      Object.assign(canvas, { width: image.naturalWidth, height: image.naturalHeight })
      canvas.getContext('2d')?.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', 0.85)
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  await writeFile(join(FOLDER, `widget-${name}.webp`), Buffer.from(webp.split(',')[1]!, 'base64'))
}
