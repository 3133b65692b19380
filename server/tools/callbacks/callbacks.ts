import type { Json } from '../../../models/tool-execution.ts'
import type { LateResult } from '../../../models/message.ts'
import { RATES } from '../../../protocol/limits.ts'
import { refuse, type Result } from '../../../protocol/result.ts'
import { Callback } from '../../../protocol/tools.ts'
import type { Database } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import { takeAll, type RateLimits } from '../../infra/rate-limit.ts'
import type { Secrets } from '../../infra/secrets.ts'
import type { CompileSchema } from '../../infra/validate.ts'
import { openWebhookSecrets } from '../catalogue/webhook-secret.ts'
import { maskSecrets, maskText } from '../mask-secrets.ts'
import { wordOutcome } from '../words.ts'
import { findCall, isAwaited, type AwaitingCall } from './find-call.ts'
import { holds, readSignature, type SignatureHeaders } from './verify.ts'

/** One request that brings the result of a call. */
export interface BroughtCallback {
  /** As the address has it. */
  id: string
  headers: SignatureHeaders
  /** As it came: these bytes are signed. */
  body: Buffer
}

/** What comes after a call has been answered. */
export interface Callbacks {
  /**
   * Takes a result that is signed with the client's secret. `repeated`: it was brought before, and nothing happened.
   * Refuses with `not_found`, `unauthorized`, `client_unknown`, `invalid_payload`, `rate_limited`, `callback_expired`,
   * `result_settled` and `conversation_ended`. Rejects with `DatabaseUnavailable`.
   */
  receive(brought: BroughtCallback): Promise<Result<{ repeated: boolean }>>
}

/** Saves a result once, and has it answered; see the domain's `LateResults`. */
export type KeepResult = (kept: {
  conversation_id: string
  execution_id: string
  result: LateResult
  whole: Json
}) => Promise<Result<{ repeated: boolean }>>

export interface CallbackParts {
  database: Pick<Database, 'run'>
  secrets: Secrets
  limits: RateLimits
  compile: CompileSchema
  keep: KeepResult
  log: Logger
  /** Milliseconds since the epoch. */
  now?: () => number
}

export function createCallbacks(parts: CallbackParts): Callbacks {
  const { database, secrets, limits, compile, keep, log, now = Date.now } = parts
  const check = compile(Callback)

  return {
    async receive({ id, headers, body }) {
      const claim = readSignature(headers, now())
      if (claim === null) return refuse('unauthorized', NOT_SIGNED)
      const call = UUID.test(id) ? await findCall(database, id) : undefined
      if (!call) return refuse('not_found')
      const keys = openWebhookSecrets(call.client_id, call, { secrets, log })
      if (!holds(claim, body, keys)) return refuse('unauthorized', NOT_SIGNED)
      if (!call.active) return refuse('client_unknown', 'The client is not active.')
      const json = parse(body)
      if (json === undefined) return refuse('invalid_payload', 'The body is not JSON.')
      const read = check(json)
      if (!read.ok) return read
      return bring(id.toLowerCase(), call, read.data)
    },
  }

  async function bring(
    execution_id: string,
    call: AwaitingCall,
    brought: Callback,
  ): Promise<Result<{ repeated: boolean }>> {
    const { client_id, conversation_id, tool, arguments: given } = call
    if (!call.brought && call.late) return refuse('callback_expired')
    if (!call.brought && !isAwaited(call.outcome)) return refuse('result_settled')
    const { exhausted, retryAfterMs } = await takeAll(limits, [
      { key: `callbacks:${conversation_id}`, rate: RATES.conversationCallbacks },
      { key: `callbacks:${client_id}`, rate: RATES.clientCallbacks },
    ])
    if (exhausted) return refuse('rate_limited', undefined, retryAfterMs)
    const whole = maskSecrets(brought)
    const result = { tool, arguments: given, ...wordsOf(brought) }
    const kept = await keep({ conversation_id, execution_id, result, whole })
    const code = kept.ok ? (kept.data.repeated ? 'repeated' : 'kept') : kept.error.code
    log.info({ client_id, conversation_id, execution_id, code }, 'a result came late')
    return kept
  }
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

const NOT_SIGNED =
  'It is not signed with the client’s webhook secret, or was signed more than five minutes ago.'

/** Undefined where it is no JSON in UTF-8, which no JSON is. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}

function wordsOf(brought: Callback): Pick<LateResult, 'content' | 'failed'> {
  // It said itself that it failed: nothing is in doubt.
  const certain = { writes: false }
  if (brought.error !== undefined)
    return wordOutcome({ failed: maskText(brought.error), sent: true }, certain)
  const body = maskSecrets(brought.result)
  if (body === null) return wordOutcome({ status: 200, kind: 'empty', body }, certain)
  return typeof body === 'string'
    ? wordOutcome({ status: 200, kind: 'text', body }, certain)
    : wordOutcome({ status: 200, kind: 'json', body }, certain)
}
