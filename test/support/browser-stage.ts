import assert from 'node:assert/strict'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { startApp, type TestApp, type TestAppSettings } from './app.ts'
import { launchBrowser, PAGE_PATIENCE } from './browser.ts'
import { ChatPage, type ControlNames } from './browser-chat.ts'
import { scriptTag, shopPage, startHostSite, type HostSite, type TagSettings } from './browser-site.ts'
import { eventually } from './eventually.ts'
import { keptOf } from './heart.ts'
import { ScriptedProvider } from './scripted-provider.ts'

/**
 * Sets the stage for all tests of a suite, and clears it after each. A test fails when a page of it logged an error
 * or a warning, threw, or showed a dialog, and the test did not say so before. `env`: what the server is told beside.
 */
export function setStage(env: () => Promise<TestAppSettings['env']> = () => Promise.resolve({})): Stage {
  const stage = new Stage()
  before(async () => stage.build(await env()))
  after(() => stage.takeDown())
  beforeEach(() => stage.model.calls.clear())
  afterEach(() => stage.clear())
  return stage
}

export interface VisitSettings {
  /** A new visitor where none is given. */
  visitor?: BrowserContext
  /** Where the widget is served, when not directly. */
  server?: string
  tag?: TagSettings
  /** The shop's page; one with nothing but the tag where none is given. */
  html?: string
  /** Headers of that page. */
  headers?: Record<string, string>
  names?: ControlNames
}

interface Row {
  role: string
  content: string
  status: string
}

/** A server with a model that the test speaks for, a shop of another site, and a browser that goes there. */
export class Stage {
  readonly model = new ScriptedProvider()
  readonly #complaints: string[] = []
  readonly #expected: RegExp[] = []
  readonly #visitors = new Set<BrowserContext>()
  #app: TestApp | undefined
  #site: HostSite | undefined
  #browser: Browser | undefined

  get app(): TestApp {
    return this.#app!
  }

  get site(): HostSite {
    return this.#site!
  }

  async build(env: TestAppSettings['env'] = {}): Promise<void> {
    this.#browser = await launchBrowser()
    this.#site = await startHostSite()
    this.#app = await startApp({ provider: this.model, env })
  }

  async takeDown(): Promise<void> {
    await this.#browser?.close()
    await this.#site?.close()
    await this.#app?.close()
  }

  /** Sends everybody home, and rejects when a page complained. */
  async clear(): Promise<void> {
    for (const visitor of this.#visitors) await visitor.close()
    for (const call of this.model.calls.all) call.end()
    const complaints = this.#complaints.filter(
      (text) => !this.#expected.some((pattern) => pattern.test(text)),
    )
    for (const list of [this.#complaints, this.#expected]) list.length = 0
    this.#visitors.clear()
    assert.deepEqual(complaints, [])
  }

  /** A new visitor; one who likes no motion, since that takes time. */
  async newVisitor(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    const visitor = await this.#browser!.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
    this.#visitors.add(visitor)
    visitor.setDefaultTimeout(PAGE_PATIENCE)
    this.watch(visitor)
    return visitor
  }

  /** A page of the visitor, on which the shop has the widget. */
  async visit(settings: VisitSettings = {}): Promise<ChatPage> {
    const {
      server = this.app.url,
      tag,
      html = shopPage(scriptTag(server, tag)),
      headers = {},
      names,
    } = settings
    const visitor = settings.visitor ?? (await this.newVisitor())
    const page = await visitor.newPage()
    await page.goto(this.site.put('/', { html, headers }))
    return new ChatPage(page, names)
  }

  /** Waits until exactly these answers of the visitor are kept: their texts and how they ended. */
  async kept(chat: ChatPage, ...answers: [content: string, status: string][]): Promise<void> {
    const { session_id: id } = await chat.session()
    await eventually(async () => {
      const rows = await keptOf<Row>(this.app.place.database, { id }, 'messages', 'seq')
      const kept = rows.filter((row) => row.role === 'assistant')
      assert.deepEqual(
        kept.map((row) => [row.content, row.status]),
        answers,
      )
    })
  }

  /** How many sessions the server has made. */
  async countSessions(): Promise<number> {
    const [rows] = await this.app.place.database.sequelize.query(
      'SELECT count(*)::int AS count FROM sessions',
    )
    return (rows as { count: number }[])[0]!.count
  }

  /** Complaints like this are part of the test. */
  expectComplaint(pattern: RegExp): void {
    this.#expected.push(pattern)
  }

  /** Listens to what the pages of a visitor complain about. */
  watch(visitor: BrowserContext): void {
    visitor.on('page', (page) => listen(page, (complaint) => this.#complaints.push(complaint)))
  }
}

function listen(page: Page, hear: (complaint: string) => void): void {
  page.on('console', (message) => {
    const kind = message.type()
    if (kind === 'error' || kind === 'warning') hear(`${kind}: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => hear(`thrown: ${error.message}`))
  page.on('dialog', (dialog) => {
    hear(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
}
