import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http'
import type { SignedIn } from '../../protocol/admin-auth.ts'
import { ask, type Answer, type Ask } from '../http/raw-http.ts'
import { PASSWORD } from './admins.ts'

/** A browser on a page of ours: it keeps cookies, and says where it is. */
export class AdminBrowser {
  readonly cookies = new Map<string, string>()
  readonly #url: URL

  constructor(url: string) {
    this.#url = new URL(url)
  }

  async ask(path: string, { headers, ...settings }: Ask = {}): Promise<Answer> {
    const kept = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const said = { origin: this.#url.origin, ...(kept && { cookie: kept }), ...headers }
    const answer = await ask(Number(this.#url.port), `/api/admin/${path}`, {
      ...settings,
      headers: Object.fromEntries(Object.entries(said).filter(([, value]) => value !== '')),
    })
    for (const cookie of answer.headers['set-cookie'] ?? []) this.#keep(cookie)
    return answer
  }

  signIn(email: string, password = PASSWORD, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.ask('sign-in', { method: 'POST', headers, body: JSON.stringify({ email, password }) })
  }

  refresh(headers: OutgoingHttpHeaders = {}): Promise<Answer> {
    return this.ask('refresh', { method: 'POST', headers })
  }

  me(token: string): Promise<Answer> {
    return this.ask('me', { headers: { authorization: `Bearer ${token}` } })
  }

  /** Another browser with the same cookies: a second tab, or a thief. */
  copy(): AdminBrowser {
    const other = new AdminBrowser(this.#url.href)
    for (const [name, value] of this.cookies) other.cookies.set(name, value)
    return other
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/max-age=0/i.test(cookie)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

export function signedIn({ status, body }: Answer): SignedIn {
  assert.equal(status, 200, body)
  return JSON.parse(body) as SignedIn
}
