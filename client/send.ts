import type { OperationName, OperationOf } from '../protocol/operations/index.ts'
import type { BodyOf, QueryOf } from '../protocol/operations/operation.ts'

export interface Settings {
  /** Where the server is, without a slash at the end; in its own pages it may be empty. */
  url: string
  /** Another `fetch` than the global one. */
  fetch?: typeof fetch
}

/** What an operation is asked: its path's parts, query, and body or file, as far as it has them. */
export type Asked<K extends OperationName> = Params<K> &
  Query<QueryOf<OperationOf<K>>> &
  Body<BodyOf<OperationOf<K>>> &
  File<OperationOf<K>>

type Params<K extends string> = K extends `${string}:${infer Tail}`
  ? Tail extends `${infer Name}/${infer Rest}`
    ? { params: Record<Name, string> } & Params<Rest>
    : { params: Record<Tail, string> }
  : unknown

/** May be left out where everything in it may. */
type Query<Q> = Q extends undefined ? unknown : object extends Q ? { query?: Q } : { query: Q }

type Body<B> = B extends undefined ? unknown : { body: B }

/** As it is, with its media type. */
type File<O> = O extends { upload: object } ? { file: string | Blob; type: string } : unknown

/** The same, as far as it is looked at here. */
interface Asking {
  params?: Record<string, string>
  query?: Record<string, string | number>
  body?: object
  file?: string | Blob
  type?: string
}

export interface SendOptions {
  token?: string | undefined
  signal: AbortSignal
  headers?: Record<string, string>
}

/** Sends the request, and gives whatever is answered. Rejects when nothing is. */
export function send<K extends OperationName>(
  settings: Settings,
  operation: K,
  asked: Asked<K>,
  { token, signal, headers }: SendOptions,
): Promise<Response> {
  const [method = '', path = ''] = operation.split(' ')
  const { body, file, type = 'application/json', ...place } = asked as Asking
  const content = file ?? (body && JSON.stringify(body))
  const ask = settings.fetch ?? fetch
  return ask(settings.url + addressOf(path, place), {
    method,
    signal,
    headers: {
      ...(content !== undefined && { 'content-type': type }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  })
}

function addressOf(path: string, { params = {}, query = {} }: Asking): string {
  const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const named = Object.entries(query).map(([name, value]) => [name, String(value)])
  const search = new URLSearchParams(named).toString()
  return search === '' ? place : `${place}?${search}`
}
