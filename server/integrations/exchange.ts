import type { Json } from '../../models/tool-execution.ts'
import type { Outbound, OutboundFault, OutboundRequest } from '../infra/outbound/index.ts'
import type { Failure, Problem } from './kind.ts'

/** An answer with JSON in it, whatever its status; `body` null: it was empty. */
export interface JsonAnswer {
  ok: true
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Json
}

/** Bytes of an answer that are read. */
export const MOST_BYTES = 64 * 1024

/** Asks an HTTP API once, and reads what it answers. Rejects with the signal's reason. */
export async function exchangeJson(
  outbound: Outbound,
  request: Omit<OutboundRequest, 'mostBytes'> & { mostBytes?: number },
  signal: AbortSignal,
): Promise<JsonAnswer | Failure> {
  const { mostBytes = MOST_BYTES } = request
  const answer = await outbound.send({ ...request, mostBytes }, signal)
  if (!answer.ok) {
    const [problem, message] = FAULTS[answer.fault]
    const told = problem === 'too_large' ? `${message} ${String(mostBytes / 1024)} KB.` : message
    return { ok: false, problem, message: told, sent: answer.sent }
  }
  const { status, headers } = answer
  const body = readJson(answer.body)
  if (body !== undefined) return { ok: true, status, headers, body }
  if (status >= 300) return failureOf({ status, headers, body: null })
  return {
    ok: false,
    problem: 'unreadable',
    message: 'It answered with something else than JSON.',
    sent: true,
  }
}

/** What a status of failure means, where the kind knows nothing more exact. */
export function failureOf({ status, headers, body }: Omit<JsonAnswer, 'ok'>): Failure {
  const problem = problemOf(status, headers)
  const reason = reasonIn(body)
  const message = `${WORDS[problem] ?? 'It failed'} (HTTP ${String(status)})${reason === '' ? '.' : `: ${reason}`}`
  const failure = { ok: false as const, problem, message, sent: true }
  return problem === 'throttled' ? { ...failure, retryAfter: retryAfter(headers) } : failure
}

/** Milliseconds for which the other side asks to be left alone, where it says seconds; else one second. */
export function retryAfter({ 'retry-after': said }: JsonAnswer['headers']): number {
  return typeof said === 'string' && /^\d{1,6}(?:\.\d{1,9})?$/.test(said) ? Number(said) * 1_000 : 1_000
}

/** Of a redirect, which nobody follows: what was asked for lives under another address. */
export const SENT_ELSEWHERE = 'It sent us to another address, where we do not go.'

const FAULTS: Record<OutboundFault, [Problem, string]> = {
  refused: ['refused', 'Its address may not be reached from here.'],
  unreachable: ['unreachable', 'It cannot be reached.'],
  timeout: ['timeout', 'It did not answer in time.'],
  redirected: ['unreadable', SENT_ELSEWHERE],
  too_large: ['too_large', 'Its answer is larger than'],
  broken: ['broken', 'The connection broke before it had answered.'],
}

const WORDS: Partial<Record<Problem, string>> = {
  unauthorized: 'It does not take the credentials',
  forbidden: 'The credentials are not allowed to see or do this',
  not_found: 'There is no such thing',
  throttled: 'It was asked too often, and wants to be left alone for a moment',
  unavailable: 'It is not available at the moment',
  failing: 'It failed',
  rejected: 'It said no',
}

function problemOf(status: number, headers: JsonAnswer['headers']): Problem {
  // WordPress says so while it is being updated, and hosts before it when they are asked too often.
  if (status === 503 && headers['retry-after'] !== undefined) return 'throttled'
  const known: Record<number, Problem> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    410: 'not_found',
    429: 'throttled',
    502: 'unavailable',
    503: 'unavailable',
    504: 'unavailable',
  }
  return known[status] ?? (status >= 500 ? 'failing' : 'rejected')
}

/** Characters that are kept of what the other side says of a failure. */
const LONGEST_REASON = 300

/** Under the names that APIs use: `message`, `error`, `detail`, `title`, plain or with a `message` in it. */
function reasonIn(body: Json, depth = 2): string {
  if (typeof body === 'string') return sentence(body.trim().slice(0, LONGEST_REASON).toWellFormed())
  if (typeof body !== 'object' || body === null || depth === 0) return ''
  const said: Record<string, unknown> = { ...body }
  for (const name of ['message', 'error_description', 'error', 'detail', 'title']) {
    const reason = reasonIn(said[name] ?? null, depth - 1)
    if (reason !== '') return reason
  }
  return ''
}

function sentence(text: string): string {
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

/** Undefined: it is no JSON. */
function readJson(bytes: Buffer): Json | undefined {
  const text = bytes.toString('utf8').trim()
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
