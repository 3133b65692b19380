import type { OperationName, OperationOf } from '../protocol/operations/index.ts'
import type { BodyOf, DataOf, QueryOf } from '../protocol/operations/operation.ts'
import type { Problem } from '../protocol/rest.ts'
import { failureOf, unreachable, type Failure, type Outcome } from './failure.ts'
import { CHAT_MS, patience, REQUEST_MS } from './patience.ts'

export interface Settings {
  /** Where the server is, without a slash at the end; in its own pages it may be empty. */
  url: string
  /** Another `fetch` than the global one. */
  fetch?: typeof fetch
}

/** What an operation is asked: its path's parts, query and body, as far as it has them. */
export type Asked<K extends OperationName> = Params<K> &
  (QueryOf<OperationOf<K>> extends undefined ? unknown : { query?: QueryOf<OperationOf<K>> }) &
  (BodyOf<OperationOf<K>> extends undefined ? unknown : { body: BodyOf<OperationOf<K>> })

type Params<K extends string> = K extends `${string}:${infer Name}/${infer Rest}`
  ? { params: Record<Name, string> } & (Rest extends `${string}:${string}` ? Params<Rest> : unknown)
  : unknown

/** What comes back. */
export type Answered<K extends OperationName> = DataOf<OperationOf<K>>

export interface CallOptions {
  signal?: AbortSignal
  /** For `Authorization`: a session token or a secret key. */
  token?: string | undefined
}

/** Any operation of the API by method and path, as `protocol/operations` types it. Throws when `signal` aborts. */
export async function call<K extends OperationName>(
  settings: Settings,
  operation: K,
  asked: Asked<K>,
  { signal, token }: CallOptions = {},
): Promise<Outcome<Answered<K>>> {
  const waiting = patience(operation === 'POST /api/v1/chat' ? CHAT_MS : REQUEST_MS, signal)
  try {
    const response = await send(settings, operation, asked, { token, signal: waiting.signal })
    if (!response.ok) return { ok: false, error: await readFailure(response) }
    return { ok: true, data: (await response.json()) as Answered<K> }
  } catch (error) {
    signal?.throwIfAborted()
    return { ok: false, error: unreachable(describe(error)) }
  } finally {
    waiting.release()
  }
}

/** Sends the request, and gives whatever is answered. Rejects when nothing is. */
export function send<K extends OperationName>(
  settings: Settings,
  operation: K,
  asked: Asked<K>,
  {
    token,
    signal,
    headers,
  }: { token?: string | undefined; signal: AbortSignal; headers?: Record<string, string> },
): Promise<Response> {
  const [method = '', path = ''] = operation.split(' ')
  const {
    params = {},
    query = {},
    body,
  } = asked as {
    params?: Record<string, string>
    query?: Record<string, string | number>
    body?: object
  }
  const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]) => [name, String(value)]),
  ).toString()
  const ask = settings.fetch ?? fetch
  return ask(`${settings.url}${place}${search === '' ? '' : `?${search}`}`, {
    method,
    signal,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

/** What an answer says that is no success; something between us and the server may have said it. */
export async function readFailure(response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => null)) as Problem | null
  if (typeof problem?.code === 'string') return failureOf(problem)
  return unreachable(`The server answered ${response.status} without a reason.`, response.status)
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'The server could not be reached.'
}
