/** One row per thing that people or networks can cause. Bugs are `internal`; nothing else is. */
export interface ErrorRow {
  /** HTTP status of the same error over REST. */
  status: number
  /** Whether sending the same again later can succeed. */
  retryable: boolean
  /** What a person reads when nothing more exact is known. */
  message: string
}

/** The closed list of error codes, alike over sockets and REST. */
export const ERRORS = {
  invalid_payload: { status: 400, retryable: false, message: 'The request does not fit its schema.' },
  protocol_unsupported: {
    status: 400,
    retryable: false,
    message: 'This protocol version is not spoken here.',
  },
  unauthorized: { status: 401, retryable: false, message: 'A valid credential is needed.' },
  session_invalid: { status: 401, retryable: false, message: 'The session is unknown or has expired.' },
  client_unknown: { status: 401, retryable: false, message: 'No active client has this key.' },
  identity_invalid: {
    status: 401,
    retryable: false,
    message: 'The identity token does not hold.',
  },
  identity_required: {
    status: 403,
    retryable: false,
    message: 'This visitor has to prove who it is before it may write.',
  },
  origin_not_allowed: { status: 403, retryable: false, message: 'This site may not use this key.' },
  password_wrong: { status: 403, retryable: false, message: 'This is not your password.' },
  role_insufficient: { status: 403, retryable: false, message: 'Your role does not allow this.' },
  not_found: { status: 404, retryable: false, message: 'There is no such thing here.' },
  method_not_allowed: { status: 405, retryable: false, message: 'This method is not served here.' },
  message_id_reused: {
    status: 409,
    retryable: false,
    message: 'This client_message_id was used for another text.',
  },
  conversation_ended: { status: 409, retryable: false, message: 'The conversation has ended.' },
  not_taken_over: {
    status: 409,
    retryable: false,
    message: 'Take the conversation over before you speak in it.',
  },
  too_many_watched: {
    status: 409,
    retryable: false,
    message: 'So many conversations cannot be watched at once. Leave one.',
  },
  handoff_unavailable: {
    status: 409,
    retryable: false,
    message: 'Nobody can be asked for here.',
  },
  confirmation_closed: {
    status: 409,
    retryable: false,
    message: 'This cannot be answered any more.',
  },
  result_settled: {
    status: 409,
    retryable: false,
    message: 'This call has its result already.',
  },
  conversation_held: {
    status: 409,
    retryable: false,
    message: 'A conversation of this visitor is under legal hold.',
  },
  callback_expired: { status: 410, retryable: false, message: 'This result comes too late.' },
  payload_too_large: { status: 413, retryable: false, message: 'The request is too large.' },
  document_unreadable: {
    status: 422,
    retryable: false,
    message: 'No text can be read from this document.',
  },
  rate_limited: { status: 429, retryable: true, message: 'Too many requests. Wait a moment.' },
  too_many_connections: { status: 429, retryable: true, message: 'Too many connections from this address.' },
  internal: { status: 500, retryable: true, message: 'Something went wrong on our side.' },
  busy: {
    status: 503,
    retryable: true,
    message: 'There is too much to do right now. Try again in a moment.',
  },
  unavailable: { status: 503, retryable: true, message: 'The service cannot answer right now.' },
  draining: { status: 503, retryable: true, message: 'This server is shutting down. Connect again.' },
  answer_timeout: {
    status: 504,
    retryable: true,
    message: 'The answer is taking longer than a request may wait.',
  },
} as const satisfies Record<string, ErrorRow>

export type ErrorCode = keyof typeof ERRORS

/** What a failed request is answered with, inside `{ok: false, error}`. */
export interface WireError {
  code: ErrorCode
  message: string
  retryable: boolean
  /** Milliseconds to wait before trying again. */
  retry_after_ms?: number
}

/** The wire's form of a code; `message` replaces the table's words where more is known. */
export function wireError(code: ErrorCode, message?: string, retryAfterMs?: number): WireError {
  const row = ERRORS[code]
  return {
    code,
    message: message ?? row.message,
    retryable: row.retryable,
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  }
}
