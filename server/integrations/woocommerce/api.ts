import type { Static, TSchema } from 'typebox'
import type { Outbound } from '../../infra/outbound/index.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { exchangeJson, type JsonAnswer } from '../exchange.ts'
import type { Connection, Failure } from '../kind.ts'
import { NO_CREDENTIALS, UNEXPECTED } from '../shop/refusals.ts'
import { routeUrl, type WooConfig, type WooCredentials } from './connection.ts'
import { failureInstead, failureOfWoo } from './failures.ts'

export type WooConnection = Connection<WooConfig, WooCredentials>

/** Bytes of an answer that are read: `_fields` keeps them small, where plugins heed it. */
const MOST_BYTES = 512 * 1024

/** The form of what a route answers: its fields, named to WordPress so that it sends no others, and their check. */
export interface Form<Data> {
  fields: string
  read: (body: unknown) => Data | null
}

/** The form of one record, or of a list of them, by the schema of a record. */
export function formOf<S extends TSchema & { properties: object }>(
  compile: CompileSchema,
  schema: S,
): Form<Static<S>> {
  const validate = compile(schema)
  return {
    fields: Object.keys(schema.properties).join(','),
    read(body) {
      const checked = validate(body)
      return checked.ok ? checked.data : null
    },
  }
}

/** A page of a list. `more`: there are pages after it. */
export interface Page<Data> {
  ok: true
  records: Data[]
  more: boolean
}

/** Asks one shop for as long as a call may take. Routes begin with a slash, as under `/wp-json`. */
export interface WooApi {
  one<Data>(route: string, form: Form<Data>): Promise<{ ok: true; record: Data } | Failure>
  /** `page` counts from 1. */
  page<Data>(route: string, form: Form<Data>, asked: Asking): Promise<Page<Data> | Failure>
}

export interface Asking {
  query?: Record<string, string>
  page: number
  perPage: number
}

export interface ApiParts {
  outbound: Outbound
  /** Milliseconds, by a clock that never goes back. */
  now: () => number
}

/** `timeLeft`: milliseconds for all requests together. */
export function wooApi(
  { outbound, now }: ApiParts,
  { config, credentials }: WooConnection,
  { timeLeft, signal }: { timeLeft: number; signal: AbortSignal },
): WooApi {
  const until = now() + timeLeft

  return {
    async one(route, form) {
      const answer = await get(route, { _fields: form.fields })
      if (!answer.ok) return answer
      const record = form.read(answer.body)
      return record === null ? UNEXPECTED : { ok: true, record }
    },
    async page(route, form, { query = {}, page, perPage }) {
      const paged = { ...query, page: String(page), per_page: String(perPage), _fields: form.fields }
      const answer = await get(route, paged)
      if (!answer.ok) return answer
      if (!Array.isArray(answer.body)) return UNEXPECTED
      const records = answer.body.map(form.read)
      if (!isWhole(records)) return UNEXPECTED
      return { ok: true, records, more: page < pagesIn(answer.headers) }
    },
  }

  async function get(route: string, query: Record<string, string>): Promise<JsonAnswer | Failure> {
    if (credentials === null) return NO_CREDENTIALS
    const { consumer_key, consumer_secret } = credentials
    const basic = Buffer.from(`${consumer_key}:${consumer_secret}`).toString('base64')
    const headers = { accept: 'application/json', 'user-agent': 'Parlor', authorization: `Basic ${basic}` }
    const url = routeUrl(config, route, query)
    const timeout = Math.max(1, until - now())
    const request = { method: 'GET' as const, url, headers, body: null, timeout, mostBytes: MOST_BYTES }
    const answer = await exchangeJson(outbound, request, signal)
    if (!answer.ok) return failureInstead(answer)
    return answer.status >= 400 ? failureOfWoo(answer) : answer
  }
}

function isWhole<Data>(records: (Data | null)[]): records is Data[] {
  return !records.includes(null)
}

/** What WordPress says of a list's length; some hosts' caches leave that out, and the links to its pages in. */
function pagesIn(headers: JsonAnswer['headers']): number {
  const { 'x-wp-totalpages': said, link } = headers
  if (typeof said === 'string' && /^\d{1,9}$/.test(said)) return Number(said)
  return /;\s*rel="?next"?/.test([link ?? ''].flat().join(',')) ? Infinity : 0
}
