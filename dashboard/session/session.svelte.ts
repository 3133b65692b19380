import { call } from '../../client/call.ts'
import type { Outcome } from '../../client/failure.ts'
import type { AdminProfile, SignedIn, SignInBody } from '../../protocol/admin-auth.ts'

/** Where the API is: on the server that the page is from. */
const SERVER = { url: '' }

/** Milliseconds before its end from which on an access token is not used any more. */
const MARGIN_MS = 30_000

interface Access {
  token: string
  /** By `performance.now()`. */
  until: number
}

/**
 * Who is signed in. The access token lives in memory alone; the cookie that brings the next one is not for scripts. Tabs
 * share the cookie: one refreshes at a time, and all hear when somebody signs out.
 */
export class Session {
  /** Undefined until it is known; null: nobody. */
  person = $state.raw<AdminProfile | null | undefined>(undefined)
  #access: Access | null = null
  #refreshing: Promise<string | null> | null = null
  readonly #tabs = new BroadcastChannel('parlor-dashboard')

  constructor() {
    this.#tabs.onmessage = () => this.#leave()
  }

  /** Goes on with the sign-in that the browser has kept. The failure is that of the server, where it cannot be asked. */
  async resume(): Promise<Outcome<null>> {
    const outcome = await call(SERVER, 'POST /api/admin/refresh', {})
    if (outcome.ok) this.#enter(outcome.data)
    else if (outcome.error.code === 'unauthorized') this.person = null
    else return outcome
    return { ok: true, data: null }
  }

  async signIn(body: SignInBody): Promise<Outcome<SignedIn>> {
    const outcome = await call(SERVER, 'POST /api/admin/sign-in', { body })
    if (outcome.ok) this.#enter(outcome.data)
    return outcome
  }

  /** Ends this sign-in, or all of this person's. */
  async signOut({ everywhere = false } = {}): Promise<Outcome<object>> {
    const query = { everywhere: everywhere ? 'true' : 'false' } as const
    const outcome = await call(SERVER, 'POST /api/admin/sign-out', { query })
    if (!outcome.ok) return outcome
    this.#tabs.postMessage('signed out')
    this.#leave()
    return outcome
  }

  /** A token that holds for a while, refreshed where it has to be; null where nobody is signed in any more. */
  async token(): Promise<string | null> {
    if (this.#access !== null && performance.now() < this.#access.until) return this.#access.token
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null))
    return this.#refreshing
  }

  /** The server does not take this token any more. */
  forget(token: string): void {
    if (this.#access?.token === token) this.#access = null
  }

  async #refresh(): Promise<string | null> {
    const outcome = await navigator.locks.request('parlor-refresh', () =>
      call(SERVER, 'POST /api/admin/refresh', {}),
    )
    if (outcome.ok) return this.#enter(outcome.data)
    if (outcome.error.code === 'unauthorized') this.#leave()
    return null
  }

  #enter({ access_token: token, expires_in, admin }: SignedIn): string {
    this.#access = { token, until: performance.now() + expires_in * 1_000 - MARGIN_MS }
    this.person = admin
    return token
  }

  #leave(): void {
    this.#access = null
    this.person = null
  }
}
