import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { wireError, type ErrorCode, type WireError } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import type { HttpContext } from './http-env.ts'
import { problemHeaders, problemOf } from './problem.ts'

/** The data of a result as JSON, or its error as problem+json. Nothing of it is to be stored by caches. */
export function answer(c: HttpContext, result: Result<unknown>, status: 200 | 201 = 200): Response {
  if (!result.ok) return problem(c, result.error)
  c.header('cache-control', 'no-store')
  return c.json(result.data as object, status)
}

/** An error as problem+json. */
export function fail(c: HttpContext, code: ErrorCode, message?: string): Response {
  return problem(c, wireError(code, message))
}

/** An error as problem+json, with `more` members beside the standard ones. */
export function problem(c: HttpContext, error: WireError, more: object = {}): Response {
  const body = problemOf(error, c.get('requestId'))
  for (const [name, value] of Object.entries(problemHeaders(body))) c.header(name, value)
  return c.body(JSON.stringify({ ...body, ...more }), body.status as ContentfulStatusCode)
}
