import { readJson } from '../../arguments/json-text.ts'
import { linesOf } from '../../arguments/given.ts'
import { pairsOf, recordOf, type Pair } from './pairs.ts'

/** What a function of an API asks, as it is edited. */
export interface RequestDraft {
  method: Method
  url: string
  query: Pair[]
  headers: Pair[]
  /** JSON; empty: none. */
  body: string
  result_path: string
  /** One on each line. */
  result_fields: string
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
export type Method = (typeof METHODS)[number]

/** Whether such a request can carry a body. */
export function hasBody(method: Method): boolean {
  return method !== 'GET' && method !== 'DELETE'
}

export function draftOf(request: Record<string, unknown>): RequestDraft {
  const { method, url, query, headers, body, result_path, result_fields } = request
  return {
    method: METHODS.find((one) => one === method) ?? 'GET',
    url: textIn(url),
    query: pairsOf(query),
    headers: pairsOf(headers),
    body: body === undefined ? '' : JSON.stringify(body, null, 2),
    result_path: textIn(result_path),
    result_fields: Array.isArray(result_fields) ? result_fields.join('\n') : '',
  }
}

/** What is kept of it; null where the body is no JSON. */
export function requestOf(draft: RequestDraft): Record<string, unknown> | null {
  const { method, url } = draft
  const withBody = hasBody(method) && draft.body.trim() !== ''
  const body = withBody ? readJson(draft.body) : null
  if (body?.ok === false) return null
  const [query, headers] = [recordOf(draft.query), recordOf(draft.headers)]
  const fields = linesOf(draft.result_fields)
  return {
    ...{ method, url: url.trim() },
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body && { body: body.value }),
    ...(draft.result_path.trim() !== '' && { result_path: draft.result_path.trim() }),
    ...(fields.length > 0 && { result_fields: fields }),
  }
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
