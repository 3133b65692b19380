import type { OperationName, OperationOf } from '../protocol/operations/index.ts'
import type { DataOf } from '../protocol/operations/operation.ts'
import type { Problem } from '../protocol/rest.ts'
import { failureOf, unreachable, type Failure, type Outcome } from './failure.ts'
import { CHAT_MS, patience, REQUEST_MS } from './patience.ts'
import { send, type Asked, type Settings } from './send.ts'

/** What comes back. */
export type Answered<K extends OperationName> = DataOf<OperationOf<K>>

export interface CallOptions {
  signal?: AbortSignal
  /** For `Authorization`: a session token or a secret key. */
  token?: string | undefined
}

/** Any operation of the API by method and path, as `protocol/operations` types it. Throws when `signal` aborts. */
export async function call<K extends OperationName>(
  settings: Settings,
  operation: K,
  asked: Asked<K>,
  { signal, token }: CallOptions = {},
): Promise<Outcome<Answered<K>>> {
  const waiting = patience(operation === 'POST /api/v1/chat' ? CHAT_MS : REQUEST_MS, signal)
  try {
    const response = await send(settings, operation, asked, { token, signal: waiting.signal })
    if (!response.ok) return { ok: false, error: await readFailure(response) }
    return { ok: true, data: (await response.json()) as Answered<K> }
  } catch (error) {
    signal?.throwIfAborted()
    return { ok: false, error: unreachable(describe(error)) }
  } finally {
    waiting.release()
  }
}

/** What an answer says that is no success; something between us and the server may have said it. */
export async function readFailure(response: Response): Promise<Failure> {
  const problem = (await response.json().catch(() => null)) as Problem | null
  if (typeof problem?.code === 'string') return failureOf(problem)
  return unreachable(`The server answered ${response.status} without a reason.`, response.status)
}

export function describe(error: unknown): string {
  return error instanceof Error ? error.message : 'The server could not be reached.'
}
