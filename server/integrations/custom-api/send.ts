import type { Outbound } from '../../infra/outbound/index.ts'
import { exchangeJson, type JsonAnswer } from '../exchange.ts'
import type { Connection, Failure } from '../kind.ts'
import { readAuth } from './auth.ts'
import type { CustomApiConfig, CustomApiCredentials } from './config.ts'
import type { Composed } from './request.ts'
import type { Tokens } from './tokens.ts'

/** Sends a request as whom the credentials name. Rejects with the signal's reason. */
export type Send = (
  connection: Connection<CustomApiConfig, CustomApiCredentials>,
  request: Composed,
  timeout: number,
  signal: AbortSignal,
) => Promise<JsonAnswer | Failure>

export interface SendParts {
  outbound: Outbound
  tokens: Tokens
  now: () => number
}

/** A token that is refused is asked for anew, once: what was refused has not happened. */
export function createSend({ outbound, tokens, now }: SendParts): Send {
  return async (connection, request, timeout, signal) => {
    const until = now() + timeout
    const send = (as: As) => {
      const url = new URL(request.url)
      for (const [name, value] of Object.entries(as.query ?? {})) url.searchParams.append(name, value)
      const headers = {
        accept: 'application/json',
        'user-agent': 'Parlor',
        ...request.headers,
        ...as.headers,
      }
      const { method, body } = request
      return exchangeJson(outbound, { method, body, url: url.href, headers, timeout: until - now() }, signal)
    }
    const grant = grantOf(connection)
    if (grant === null) {
      const as = asWhom(connection)
      return as === null ? NO_CREDENTIALS : send(as)
    }
    const owner = `${connection.id} ${String(connection.version)}`
    const token = await tokens.of(owner, grant, signal)
    if (typeof token !== 'string') return token
    const answer = await send(bearer(token))
    if (!answer.ok || answer.status !== 401 || until <= now()) return answer
    tokens.refused(owner, token)
    const other = await tokens.of(owner, grant, signal)
    return typeof other === 'string' ? send(bearer(other)) : other
  }
}

/** What is added to a request. */
interface As {
  headers?: Record<string, string>
  query?: Record<string, string>
}

const NO_CREDENTIALS: Failure = {
  ok: false,
  problem: 'unauthorized',
  message: 'Its credentials are not entered.',
  sent: false,
}

function bearer(token: string): As {
  return { headers: { authorization: `Bearer ${token}` } }
}

/** Null: no credentials that fit. */
function asWhom({ config, credentials }: Connection<CustomApiConfig, CustomApiCredentials>): As | null {
  const auth = readAuth(config)
  const { api_key, token, username, password } = credentials ?? {}
  if (typeof auth === 'string') return null
  if (auth.type === 'none') return {}
  if (auth.type === 'bearer' && token !== undefined) return bearer(token)
  if (auth.type === 'basic' && username !== undefined && password !== undefined) {
    const named = Buffer.from(`${username}:${password}`).toString('base64')
    return { headers: { authorization: `Basic ${named}` } }
  }
  if (auth.type !== 'api_key' || api_key === undefined) return null
  const field = { [auth.name.toLowerCase()]: api_key }
  return auth.in === 'header' ? { headers: field } : { query: { [auth.name]: api_key } }
}

/** Null: it is not told by tokens, or not who asks for them. */
function grantOf({ config, credentials }: Connection<CustomApiConfig, CustomApiCredentials>) {
  const auth = readAuth(config)
  const { client_id, client_secret } = credentials ?? {}
  if (typeof auth === 'string' || auth.type !== 'oauth2') return null
  if (client_id === undefined || client_secret === undefined) return null
  return { ...auth, client_id, client_secret }
}
