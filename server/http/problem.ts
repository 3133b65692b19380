import { ERRORS, type ErrorCode, type WireError } from '../../protocol/errors.ts'
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

/** The error as a response. */
export function problemResponse(error: WireError, requestId: string): Response {
  const problem = problemOf(error, requestId)
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(problem.retry_after === undefined ? {} : { 'retry-after': String(problem.retry_after) }),
      ...(error.code === 'unauthorized' || error.code === 'session_invalid'
        ? { 'www-authenticate': 'Bearer' }
        : {}),
    },
  })
}

/** What an engine answers by itself, when the application never saw the request or failed at it. */
export function plainProblem(code: ErrorCode): Response {
  return problemResponse(
    { code, message: ERRORS[code].message, retryable: ERRORS[code].retryable },
    crypto.randomUUID(),
  )
}
