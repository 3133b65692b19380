import type { ChatHandle } from '../protocol/chat.ts'
import { ERRORS, type ErrorCode } from '../protocol/errors.ts'
import type { Problem } from '../protocol/rest.ts'

/** What a request comes to. Faults of people and networks are failures; bugs, and an abort, are thrown. */
export type Outcome<T> = { ok: true; data: T } | { ok: false; error: Failure }

/** Why a request failed. `unreachable`: no answer came, or none that could be read; it may have happened. */
export interface Failure extends Partial<ChatHandle> {
  code: ErrorCode | 'unreachable'
  message: string
  /** Whether sending the same again later can succeed. */
  retryable: boolean
  /** Of HTTP; 0 where there was no answer. */
  status: number
  /** Finds the request in the server's log. */
  request_id?: string
  /** Seconds to wait before trying again. */
  retry_after?: number
}

/** The failure that an answer of problem+json tells. */
export function failureOf(problem: Problem): Failure {
  const { code, message, status, request_id, retry_after } = problem
  const { session_id, session_token, client_message_id } = problem
  return {
    ...{ code, message, status, request_id, retryable: isRetryable(code) },
    ...(retry_after !== undefined && { retry_after }),
    ...(session_id !== undefined && { session_id }),
    ...(session_token !== undefined && { session_token }),
    ...(client_message_id !== undefined && { client_message_id }),
  }
}

/** No answer came, or none that could be read. */
export function unreachable(message: string, status = 0): Failure {
  return { code: 'unreachable', message, retryable: true, status }
}

/** A newer server may have codes that are not known here. */
function isRetryable(code: string): boolean {
  return Object.hasOwn(ERRORS, code) && ERRORS[code as ErrorCode].retryable
}
