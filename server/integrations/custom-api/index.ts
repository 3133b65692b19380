import { refusalOf } from '../../infra/outbound/refusal.ts'
import { readDestination } from '../../infra/outbound/destination.ts'
import { failureOf } from '../exchange.ts'
import type { Asked, Connection, Fetched, IntegrationKind, KindParts } from '../kind.ts'
import { credentialsFault, readAuth } from './auth.ts'
import { CustomApiConfig, CustomApiCredentials, CustomApiRequest } from './config.ts'
import { pathFault } from './path.ts'
import { asksForVisitor, composeRequest, requestFault, RESERVED_HEADERS } from './request.ts'
import { selectResult } from './select-result.ts'
import { createSend } from './send.ts'
import { testConnection } from './test-connection.ts'
import { createTokens } from './tokens.ts'

type Api = Connection<CustomApiConfig, CustomApiCredentials>

/** An HTTP API of a client's own that answers with JSON: its functions are defined by hand. */
export function createCustomApi(
  parts: KindParts,
): IntegrationKind<CustomApiConfig, CustomApiCredentials, CustomApiRequest> {
  const send = createSend({ ...parts, tokens: createTokens(parts) })
  return {
    type: 'custom_api',
    config: CustomApiConfig,
    credentials: CustomApiCredentials,
    endpoints: {
      request: CustomApiRequest,
      faultOf: (endpoint, config) => requestFault(endpoint) ?? clashWithKey(config, endpoint.request),
    },
    faultOf: (config, credentials) => configFault(config, credentials, parts.allow),
    homeOf({ base_url, auth }) {
      const origins = [base_url, ...(auth?.token_url === undefined ? [] : [auth.token_url])]
      return origins.map((url) => new URL(url).origin).join(' ')
    },
    test: (connection, signal) => testConnection(send, connection, signal),
    functions: (_, endpoints) =>
      endpoints.map((endpoint) => {
        const personal = endpoint.personal || asksForVisitor(endpoint.request)
        return { ...endpoint, personal, endpoint }
      }),
    fetch,
  }

  async function fetch(api: Api, asked: Asked<CustomApiRequest>, signal: AbortSignal): Promise<Fetched> {
    const { fn, given, user, key, timeLeft } = asked
    if (fn.endpoint === null) throw new Error(`${fn.name} asks nothing`)
    const { request } = fn.endpoint
    const composed = composeRequest(api.config, request, { given, user })
    if (typeof composed === 'string') return { ok: false, problem: 'refused', message: composed, sent: false }
    if (composed.body !== null) composed.headers['content-type'] = 'application/json'
    if (fn.policy !== 'read') composed.headers['idempotency-key'] = key
    const answer = await send(api, composed, timeLeft, signal)
    if (!answer.ok) return answer
    if (answer.status >= 300) return failureOf(answer)
    const data = selectResult(answer.body, request)
    if (data !== undefined) return { ok: true, data }
    const message = `Its answer has nothing at ${request.result_path ?? ''}.`
    return { ok: false, problem: 'unreadable', message, sent: true }
  }
}

function configFault(
  config: CustomApiConfig,
  credentials: CustomApiCredentials | null,
  allow: readonly string[],
): string | null {
  const auth = readAuth(config)
  if (typeof auth === 'string') return auth
  const { base_url, headers = {}, test_path = '' } = config
  const fault =
    addressFault('base_url', base_url, allow) ??
    (auth.type === 'oauth2' ? addressFault('auth.token_url', auth.token_url, allow) : null)
  if (fault !== null) return fault
  if (/[?#]/.test(base_url)) return 'base_url ends before any "?" or "#".'
  const reserved = Object.keys(headers).find((name) => RESERVED_HEADERS.has(name.toLowerCase()))
  if (reserved !== undefined)
    return `headers may not hold ${reserved}: what tells who asks belongs to auth and the credentials.`
  const wrongTest = pathFault(test_path.split('?')[0] ?? '')
  if (wrongTest !== null) return `test_path: ${wrongTest}`
  if (auth.type === 'api_key' && auth.in === 'header') {
    const name = auth.name.toLowerCase()
    if (RESERVED_HEADERS.has(name) && name !== 'authorization') return `auth.name may not be ${auth.name}.`
  }
  return credentials === null ? null : credentialsFault(auth, credentials)
}

/** Whoever listens on the way reads what is not encrypted; on the operator's own network that is the operator's affair. */
function addressFault(name: string, url: string, allow: readonly string[]): string | null {
  const refusal = refusalOf(url, allow)
  if (refusal !== null) return `${name} ${refusal}.`
  const destination = readDestination(url)
  const isOpen = destination?.origin.startsWith('http:') === true && !allow.includes(destination.hostAndPort)
  return isOpen ? `${name} has to be https.` : null
}

/** The key could not be told from what the function asks. */
function clashWithKey(
  config: CustomApiConfig,
  { query = {}, headers = {} }: CustomApiRequest,
): string | null {
  const auth = readAuth(config)
  if (typeof auth === 'string' || auth.type !== 'api_key') return null
  const names = Object.keys(auth.in === 'query' ? query : headers).map((name) => name.toLowerCase())
  return names.includes(auth.name.toLowerCase()) ? `${auth.name} is where the API key is sent.` : null
}
