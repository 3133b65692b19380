import assert from 'node:assert/strict'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import { eventually } from './eventually.ts'

/** What controls are called in the language of the test. */
export interface ControlNames {
  open: string
  chat: string
  message: string
  stop: string
}

export const ENGLISH: ControlNames = {
  open: 'Open chat',
  chat: 'Chat',
  message: 'Message',
  stop: 'Stop the answer',
}
export const HEBREW: ControlNames = {
  open: 'פתיחת צ׳אט',
  chat: 'צ׳אט',
  message: 'הודעה',
  stop: 'עצירת התשובה',
}

/** The widget on one page, as its visitor sees and uses it. */
export class ChatPage {
  readonly page: Page
  readonly launcher: Locator
  readonly frame: FrameLocator
  readonly composer: Locator
  readonly stopButton: Locator
  readonly connection: Locator
  readonly answers: Locator
  /** The words of the answers, without who said them and when. */
  readonly answerTexts: Locator
  readonly visitorMessages: Locator
  readonly sources: Locator

  /** `within`: where on the page the widget is, when it is in a frame of it. */
  constructor(page: Page, names: ControlNames = ENGLISH, within: Page | FrameLocator = page) {
    this.page = page
    this.launcher = within.getByRole('button', { name: names.open })
    this.frame = within.getByTitle(names.chat, { exact: true }).contentFrame()
    this.composer = this.frame.getByRole('textbox', { name: names.message })
    this.stopButton = this.frame.getByRole('button', { name: names.stop })
    this.connection = this.frame.getByTestId('connection')
    this.answers = this.frame.getByTestId('answer')
    this.answerTexts = this.frame.getByTestId('answer-text')
    this.visitorMessages = this.frame.getByTestId('visitor-message')
    this.sources = this.frame.getByTestId('sources').getByRole('listitem')
  }

  /** Opens the chat and waits until it is there and connected. */
  async open(): Promise<void> {
    await this.launcher.click()
    await this.online()
  }

  async online(patience?: number): Promise<void> {
    await eventually(async () => {
      assert.equal(await this.connection.getAttribute('data-state'), 'online')
    }, patience)
  }

  /** Types a message and sends it, as a visitor with a keyboard does. */
  async send(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  /** Waits until exactly these answers are shown, to the character, whether they are finished or not. */
  async shows(...texts: string[]): Promise<void> {
    await eventually(async () => assert.deepEqual(await this.answerTexts.allTextContents(), texts))
  }

  /** Waits until exactly these answers are shown, none of them being written any more. */
  async showsFinished(...texts: string[]): Promise<void> {
    await this.shows(...texts)
    await eventually(async () => assert.equal(await this.running(), 0))
  }

  /** How many answers are being written. */
  running(): Promise<number> {
    return this.frame.locator('[data-testid=answer][data-status=running]').count()
  }

  /** Waits until the visitor's own messages are these, each arrived at the server. */
  async hasSent(...texts: string[]): Promise<void> {
    await eventually(async () => {
      const states = await this.visitorMessages.evaluateAll((bubbles) =>
        bubbles.map((bubble) => [
          bubble.getAttribute('data-state'),
          bubble.querySelector('.bubble')?.textContent,
        ]),
      )
      assert.deepEqual(
        states,
        texts.map((text) => ['sent', text]),
      )
    })
  }

  /** The session that the page keeps for its visitor. */
  async session(key = 'pk_demo'): Promise<{ session_id: string; session_token: string }> {
    const kept = await this.page.evaluate((name) => localStorage.getItem(name), `parlor:${key}:session`)
    assert.ok(kept, 'the page keeps no session')
    return JSON.parse(kept) as { session_id: string; session_token: string }
  }
}
