import { failureOf } from '../exchange.ts'
import type { Connection, Failure, Verdict } from '../kind.ts'
import type { CustomApiConfig, CustomApiCredentials } from './config.ts'
import { addressOf } from './request.ts'
import type { Send } from './send.ts'

/** Milliseconds for trying. */
const DEADLINE = 15_000

/** Asks `test_path`, or the base address itself, and says what that means. */
export async function testConnection(
  send: Send,
  connection: Connection<CustomApiConfig, CustomApiCredentials>,
  signal: AbortSignal,
): Promise<Verdict> {
  const { base_url, test_path, headers = {} } = connection.config
  const [path = '', query] = (test_path ?? '').split('?')
  const url = addressOf(base_url, path)
  if (query !== undefined) url.search = query
  const answer = await send(connection, { method: 'GET', url, headers, body: null }, DEADLINE, signal)
  const failure = !answer.ok ? answer : answer.status >= 300 ? failureOf(answer) : null
  if (failure === null) {
    const words = 'It answers, and takes what it is told of who asks.'
    return { ok: true, message: test_path === undefined ? `${words} ${UNTRIED}` : words }
  }
  // An API need not have anything at its base; that it answers is all that can be told.
  const isThere = test_path === undefined && failure.sent && ANSWERED.has(failure.problem)
  if (isThere)
    return { ok: true, message: `It answers, though nothing is to be read at base_url. ${UNTRIED}` }
  const advice = ADVICE[failure.problem]
  return { ok: false, message: advice === undefined ? failure.message : `${failure.message} ${advice}` }
}

const UNTRIED = 'Set test_path to an address that needs the credentials, and they are tried too.'

const ANSWERED: ReadonlySet<Failure['problem']> = new Set([
  'not_found',
  'rejected',
  'unreadable',
  'too_large',
])

const ADVICE: Partial<Record<Failure['problem'], string>> = {
  unreachable: 'Look at the host and port of base_url, and whether the system is up.',
  timeout: 'Look whether the system is up, and lets requests from here through.',
  unauthorized: 'Enter those that it takes.',
  forbidden: 'Give them the rights that are needed, or take others.',
  not_found: 'Look at base_url and test_path.',
  unreadable: 'Look whether base_url and test_path are those of the API, and not of its pages.',
}
