import { ERRORS, wireError, type ErrorCode, type WireError } from '../../protocol/errors.ts'
import type { Problem } from '../../protocol/rest.ts'

/** A coded error as RFC 9457 has it, with the request's id, so that a person can find it in the log. */
export function problemOf(error: WireError, requestId: string): Problem {
  const row = ERRORS[error.code]
  return {
    type: 'about:blank',
    title: row.message,
    status: row.status,
    code: error.code,
    message: error.message,
    request_id: requestId,
    ...(error.retry_after_ms === undefined ? {} : { retry_after: Math.ceil(error.retry_after_ms / 1000) }),
  }
}

/** The headers that go with it. */
export function problemHeaders(problem: Problem): Record<string, string> {
  return {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...(problem.retry_after === undefined ? {} : { 'retry-after': String(problem.retry_after) }),
    ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  }
}

/** What an engine answers by itself, when the application never saw the request or failed at it. */
export function plainProblem(code: ErrorCode): Response {
  const problem = problemOf(wireError(code), crypto.randomUUID())
  return new Response(JSON.stringify(problem), { status: problem.status, headers: problemHeaders(problem) })
}
