import { LRUCache } from 'lru-cache'
import { abortable } from '../../infra/abortable.ts'
import type { Outbound } from '../../infra/outbound/index.ts'
import { exchangeJson, failureOf, type JsonAnswer } from '../exchange.ts'
import type { Failure } from '../kind.ts'
import type { Auth } from './auth.ts'

/** Access tokens of OAuth 2 (RFC 6749, 4.4: client credentials). */
export interface Tokens {
  /**
   * The token of `owner`, asked for where there is none that lasts. Who asks while it is asked for gets the same.
   * Rejects with the signal's reason; the request goes on for others who wait for it.
   */
  of(owner: string, grant: Grant, signal: AbortSignal): Promise<string | Failure>
  /** Forgets a token that was refused, unless there is another one already. */
  refused(owner: string, token: string): void
}

export type Grant = Extract<Auth, { type: 'oauth2' }> & {
  client_id: string
  client_secret: string
}

/** Milliseconds for asking, of a token that does not say how long it lasts, and that are left of one that is used. */
export const TOKEN_LIMITS = { deadline: 10_000, unsaid: 300_000, least: 60_000, kept: 1_000 } as const

interface Kept {
  token: string
  until: number
}

interface Asking {
  answer: Promise<string | Failure>
  waiting: number
  stop: AbortController
}

/** Keeps tokens in memory only. `now`: milliseconds, by a clock that never goes back. */
export function createTokens({ outbound, now }: { outbound: Outbound; now: () => number }): Tokens {
  const kept = new LRUCache<string, Kept>({ max: TOKEN_LIMITS.kept })
  const asking = new Map<string, Asking>()

  return {
    async of(owner, grant, signal) {
      signal.throwIfAborted()
      const found = kept.get(owner)
      if (found && now() < found.until) return found.token
      const shared = asking.get(owner) ?? begin(owner, grant)
      shared.waiting++
      try {
        return await abortable(shared.answer, signal)
      } finally {
        if (--shared.waiting === 0) leave(owner, shared)
      }
    },
    refused(owner, token) {
      if (kept.get(owner)?.token === token) kept.delete(owner)
    },
  }

  function begin(owner: string, grant: Grant): Asking {
    const stop = new AbortController()
    const answer = ask(owner, grant, stop.signal)
    // Whoever waited has left; there is nobody to be told.
    answer.catch(() => undefined)
    const shared = { answer, waiting: 0, stop }
    asking.set(owner, shared)
    return shared
  }

  /** It has come, or nobody waits for it any more. */
  function leave(owner: string, shared: Asking): void {
    if (asking.get(owner) === shared) asking.delete(owner)
    shared.stop.abort(new Error('nobody waits for this token any more'))
  }

  async function ask(owner: string, grant: Grant, signal: AbortSignal): Promise<string | Failure> {
    const began = now()
    const answer = await exchangeJson(outbound, requestOf(grant), signal)
    if (!answer.ok) return { ...answer, message: `The token server: ${answer.message}`, sent: false }
    const read = readToken(answer)
    if ('ok' in read) return read
    const lasts = read.lasts ?? TOKEN_LIMITS.unsaid
    const until = began + lasts - Math.min(TOKEN_LIMITS.least, lasts / 2)
    kept.set(owner, { token: read.token, until })
    return read.token
  }
}

function requestOf({ token_url, client_in, client_id, client_secret, scope, audience }: Grant) {
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scope !== undefined) form.set('scope', scope)
  if (audience !== undefined) form.set('audience', audience)
  if (client_in === 'body') form.set('client_id', client_id)
  if (client_in === 'body') form.set('client_secret', client_secret)
  const named = Buffer.from(`${formText(client_id)}:${formText(client_secret)}`).toString('base64')
  return {
    ...{ method: 'POST' as const, url: token_url, body: form.toString(), timeout: TOKEN_LIMITS.deadline },
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'user-agent': 'Parlor',
      ...(client_in === 'header' && { authorization: `Basic ${named}` }),
    },
  }
}

/** As RFC 6749, 2.3.1 wants both halves before they are joined. */
function formText(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice(2)
}

function readToken(answer: JsonAnswer): { token: string; lasts: number | null } | Failure {
  const { access_token, token_type, expires_in } = (answer.body ?? {}) as Record<string, unknown>
  if (
    answer.status === 200 &&
    typeof access_token === 'string' &&
    /^[\x21-\x7e]{1,8192}$/.test(access_token)
  ) {
    const isBearer = typeof token_type !== 'string' || token_type.toLowerCase() === 'bearer'
    const seconds = Number(expires_in)
    if (isBearer) return { token: access_token, lasts: seconds > 0 ? seconds * 1_000 : null }
  }
  if (answer.status < 300)
    return {
      ok: false,
      problem: 'unreadable',
      message: 'The token server answered without a bearer token.',
      sent: false,
    }
  const failure = failureOf(answer)
  const isRefusal = answer.status === 400 || answer.status === 401
  const message = `The token server: ${failure.message}`
  return { ...failure, ...(isRefusal && { problem: 'unauthorized' as const }), message, sent: false }
}
