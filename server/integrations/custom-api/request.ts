import type { Endpoint } from '../kind.ts'
import type { CustomApiConfig, CustomApiRequest } from './config.ts'
import { fillPath, pathFault, PathRefused } from './path.ts'
import {
  fillJson,
  fillText,
  namesIn,
  NoScalar,
  onlyNameIn,
  scalarText,
  textsIn,
  VISITOR,
  type Values,
} from './template.ts'

/** A request before it is said who asks. */
export interface Composed {
  method: CustomApiRequest['method']
  url: URL
  headers: Record<string, string>
  body: string | null
}

/** Characters of a whole address. */
const LONGEST_URL = 8_000

/** What is filled in. `user`: the visitor's proved id. */
export interface Filling {
  given: Record<string, unknown>
  user: string | null
}

/** Makes a request of its template; a text says, for the model, why the arguments do not fit into it. */
export function composeRequest(
  { base_url, headers: always = {} }: CustomApiConfig,
  { method, url: path, query = {}, headers = {}, body }: CustomApiRequest,
  { given, user }: Filling,
): Composed | string {
  const values: Values = (name) =>
    name === VISITOR ? (user ?? undefined) : Object.hasOwn(given, name) ? given[name] : undefined
  try {
    const url = addressOf(base_url, fillPath(path, values))
    for (const [name, template] of Object.entries(query))
      for (const value of queryValues(template, values)) url.searchParams.append(name, value)
    if (url.href.length > LONGEST_URL) return 'The arguments are too long for an address.'
    const filled = body === undefined ? undefined : fillJson(body, values)
    return {
      ...{ method, url },
      headers: { ...lowerCased(always), ...fillHeaders(lowerCased(headers), values) },
      body: filled === undefined ? null : JSON.stringify(filled),
    }
  } catch (error) {
    if (error instanceof PathRefused || error instanceof NoScalar) return error.message
    throw error
  }
}

/** What lies below the base address; an empty path is the base itself. */
export function addressOf(base: string, path: string): URL {
  const url = new URL(base)
  const folder = url.pathname.replace(/\/$/, '')
  url.pathname = path === '' ? url.pathname : `${folder}/${path.replace(/^\//, '')}`
  return url
}

/** What is wrong with what a function asks, as a sentence; null: nothing. */
export function requestFault({
  request,
  parameters,
}: Pick<Endpoint<CustomApiRequest>, 'request' | 'parameters'>): string | null {
  const { method, url, query = {}, headers = {}, body } = request
  const fault = pathFault(url)
  if (fault !== null) return fault
  if (body !== undefined && (method === 'GET' || method === 'DELETE')) return `A ${method} has no body.`
  const reserved = Object.keys(headers).find((name) => RESERVED_HEADERS.has(name.toLowerCase()))
  if (reserved !== undefined) return `headers may not hold ${reserved}.`
  const named = Object.values(headers)
    .flatMap(namesIn)
    .find((name) => name !== VISITOR)
  if (named !== undefined) return `headers may hold {${VISITOR}}, and no argument such as {${named}}.`
  const texts = [...url.split('/'), ...Object.values(query), ...textsIn(body ?? null)]
  const mixed = texts.find(
    (text) => namesIn(text).includes(VISITOR) && namesIn(text).some((one) => one !== VISITOR),
  )
  if (mixed !== undefined)
    return `"${mixed}" mixes {${VISITOR}} with an argument, by which a visitor could name somebody else.`
  return namesFault(texts, namesIn(url), parameters)
}

/** Whether it tells of one visitor: whom it is asked about is part of it. */
export function asksForVisitor({ url, query = {}, headers = {}, body }: CustomApiRequest): boolean {
  const texts = [url, ...Object.values(query), ...Object.values(headers), ...textsIn(body ?? null)]
  return texts.some((text) => namesIn(text).includes(VISITOR))
}

/** What we say ourselves, and what tells who asks: that is kept sealed. */
export const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  ...[
    'host',
    'connection',
    'content-length',
    'content-type',
    'transfer-encoding',
    'te',
    'trailer',
    'upgrade',
  ],
  ...['keep-alive', 'expect', 'accept', 'accept-encoding', 'user-agent', 'idempotency-key'],
  ...['authorization', 'proxy-authorization', 'proxy-connection', 'cookie'],
])

function namesFault(
  texts: readonly string[],
  inPath: readonly string[],
  { properties = {}, required = [] }: Record<string, unknown>,
): string | null {
  const known = new Set([VISITOR, ...Object.keys(properties as object)])
  const unknown = texts.flatMap(namesIn).find((name) => !known.has(name))
  if (unknown !== undefined) return `{${unknown}} is no argument that parameters list.`
  const always = new Set([VISITOR, ...(required as string[])])
  const optional = inPath.find((name) => !always.has(name))
  return optional === undefined ? null : `{${optional}} stands in url, so parameters have to require it.`
}

/** None where something was not given; several where a list was. */
function queryValues(template: string, values: Values): string[] {
  const name = onlyNameIn(template)
  const value = name === null ? null : values(name)
  const filled = Array.isArray(value) ? value.map(scalarText) : [fillText(template, values, (one) => one)]
  return filled.filter((one) => one !== null).map((one) => one.toWellFormed())
}

function fillHeaders(headers: Record<string, string>, values: Values): Record<string, string> {
  const filled = Object.entries(headers).map(([name, template]) => [
    name,
    fillText(template, values, (value) => encodeURI(value.toWellFormed())) ?? '',
  ])
  return Object.fromEntries(filled) as Record<string, string>
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
