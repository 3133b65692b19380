import { after, afterEach, before, beforeEach } from 'mocha'
import type { SessionStarted } from '../../protocol/rest.ts'
import { instantProvider } from '../attacks/instant-provider.ts'
import { ask, type Answer } from '../http/raw-http.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { Visitor } from '../support/visitor.ts'

/** A server whose limits are on, behind a proxy that tells addresses, with a clock that only the test moves. */
export interface LimitedApp {
  readonly app: TestApp
  /** A tab of a visitor who comes from `address`. */
  open(address: string, auth?: Record<string, unknown>): Visitor
  /** Asks for a session by REST. */
  startSession(address: string): Promise<Answer>
  /** The handshake of one who has a new session. */
  newcomer(address: string): Promise<Record<string, unknown>>
  passMinute(): void
}

/** Starts it before the suite that calls this. Every test begins with a new minute and ends with closed tabs. */
export function limitedApp(env: Record<string, string> = { TRUSTED_PROXIES: '127.0.0.1' }): LimitedApp {
  const set: { app?: TestApp } = {}
  const tabs: Visitor[] = []
  let now = Date.parse('2026-11-23T12:00:00Z')

  before(async function () {
    this.timeout(60_000)
    set.app = await startApp({
      provider: instantProvider,
      env: { RATE_LIMITS: 'on', ...env },
      now: () => now,
    })
  })
  beforeEach(() => limited.passMinute())
  afterEach(() => {
    for (const tab of tabs.splice(0)) tab.close()
  })
  after(() => set.app?.close())

  const limited: LimitedApp = {
    get app() {
      if (!set.app) throw new Error('the app has not started')
      return set.app
    },
    open(address, auth = {}) {
      const tab = new Visitor(limited.app.url, auth, { 'x-forwarded-for': address })
      tabs.push(tab)
      return tab
    },
    startSession(address) {
      return ask(Number(new URL(limited.app.url).port), '/api/v1/sessions/start', {
        method: 'POST',
        headers: { 'x-forwarded-for': address },
        body: JSON.stringify({ client_api_key: 'pk_demo' }),
      })
    },
    async newcomer(address) {
      const { session_id, session_token } = JSON.parse(
        (await limited.startSession(address)).body,
      ) as SessionStarted
      return { session_id, session_token }
    },
    passMinute: () => void (now += 60_000),
  }
  return limited
}
