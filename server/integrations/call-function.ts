import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Json } from '../../models/tool-execution.ts'
import { sleep } from '../infra/abortable.ts'
import type { Cache } from '../infra/cache.ts'
import { CircuitBreaker, type BreakerParts } from '../infra/circuit-breaker.ts'
import { KEYS } from '../infra/keys.ts'
import { MOST_BYTES } from './exchange.ts'
import { hideValues } from './hide-values.ts'
import type { MaskSecrets } from './keeping.ts'
import type { Asked, Failure, Fetched, IntegrationFunction, Problem } from './kind.ts'
import type { OpenIntegration } from './open-integration.ts'
import type { RecordCall } from './recent-calls.ts'

/** One call, its arguments checked. `user`: the visitor's proved id; null where it proved none. */
export type CalledFunction = Omit<Asked, 'fn'> & { fn: IntegrationFunction }

/**
 * Asks a function of an integration, as all kinds are asked: nothing personal without a proven visitor, from the cache
 * where that is allowed, again only where that does no harm, and not while it keeps failing. What it gives holds no
 * credentials. Rejects with the signal's reason.
 */
export type CallFunction = (
  integration: OpenIntegration,
  call: CalledFunction,
  signal: AbortSignal,
) => Promise<Fetched>

/** Milliseconds unless said otherwise. */
export interface CallLimits {
  deadline: number
  /** Between attempts: one more attempt than there are pauses. */
  pauses: readonly number[]
  /** The longest that is waited where the other side asks to be left alone. */
  patience: number
  /** Integrations whose failures are remembered at once. */
  breakers: number
}

export const CALL_LIMITS: CallLimits = {
  deadline: 30_000,
  pauses: [200, 800],
  patience: 3_000,
  breakers: 2_000,
}

export interface CallParts {
  cache: Cache
  record: RecordCall
  mask: MaskSecrets
  limits?: CallLimits
  /** What breakers are made with. */
  breaker?: BreakerParts
  /** Milliseconds, by a clock that never goes back. */
  now?: () => number
}

export function createCallFunction(parts: CallParts): CallFunction {
  const { cache, record, mask, limits = CALL_LIMITS, breaker = {}, now = () => performance.now() } = parts
  const breakers = new LRUCache<string, CircuitBreaker>({ max: limits.breakers })

  return async (integration, call, signal) => {
    signal.throwIfAborted()
    const { fn } = call
    const began = now()
    const mayAsk = !fn.personal || call.user !== null
    const key = mayAsk && fn.policy === 'read' && fn.cacheFor > 0 ? cacheKey(integration, call) : null
    const kept = key === null ? null : await cache.get(key)
    const fetched: Fetched = kept === null ? await fetchFresh() : { ok: true, data: JSON.parse(kept) as Json }
    const [problem, message] = fetched.ok ? [null, null] : [fetched.problem, forPeople(fetched)]
    const ms = now() - began
    const { id } = integration.connection
    await record(id, { function_name: fn.name, problem, message, cached: kept !== null, ms })
    return fetched

    async function fetchFresh(): Promise<Fetched> {
      if (!mayAsk) return NOT_SIGNED_IN
      const fresh = presentable(await fetchWithin(integration, call, signal), integration, mask)
      if (fresh.ok && key !== null) await cache.set(key, JSON.stringify(fresh.data), fn.cacheFor)
      return fresh
    }
  }

  async function fetchWithin(
    integration: OpenIntegration,
    call: CalledFunction,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const until = now() + Math.min(call.timeLeft, limits.deadline)
    for (let attempt = 0; ; attempt++) {
      const fetched = await attemptOnce(integration, { ...call, timeLeft: until - now() }, signal)
      const pause = fetched.ok ? undefined : limits.pauses[attempt]
      if (fetched.ok || pause === undefined) return fetched
      const wait = Math.max(pause, fetched.retryAfter ?? 0)
      if (wait > limits.patience || now() + wait >= until || !mayRepeat(fetched, call)) return fetched
      await sleep(wait, signal)
    }
  }

  async function attemptOnce(
    { kind, connection }: OpenIntegration,
    call: CalledFunction,
    signal: AbortSignal,
  ): Promise<Fetched> {
    const pass = breakerOf(connection).enter()
    if (!pass) return PAUSED
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(call.timeLeft)) + GRACE)
    const user = call.fn.personal ? call.user : null
    try {
      const fetched = await kind.fetch(connection, { ...call, user }, AbortSignal.any([signal, late]))
      if (fetched.ok || !UNWELL.has(fetched.problem)) pass.succeeded()
      else pass.failed(fetched.retryAfter)
      return fetched
    } catch (error) {
      signal.throwIfAborted()
      if (!late.aborted) throw error
      pass.failed()
      return TIMEOUT
    } finally {
      // Heard only where nothing was said yet: the turn was broken off.
      pass.abandoned()
    }
  }

  function breakerOf({ id, version }: OpenIntegration['connection']): CircuitBreaker {
    const key = `${id} ${String(version)}`
    const found = breakers.get(key) ?? new CircuitBreaker(breaker)
    breakers.set(key, found)
    return found
  }
}

/** Milliseconds for a kind to tell by itself that its time is over: it knows what was sent. */
const GRACE = 500

const NOT_SIGNED_IN: Failure = {
  ok: false,
  problem: 'not_signed_in',
  message:
    'Not run: the visitor is not signed in, so it is not known whose data this would be. Ask the visitor to sign in on the website; a name, number or address that is told in the chat does not do.',
  sent: false,
}

const PAUSED: Failure = {
  ok: false,
  problem: 'paused',
  message: 'It has failed several times in a row, and is left alone for a moment.',
  sent: false,
}

const TIMEOUT: Failure = { ok: false, problem: 'timeout', message: 'It did not answer in time.', sent: true }

/** The other side is not well, or cannot be reached: as opposed to one that answers no. */
const UNWELL: ReadonlySet<Problem> = new Set([
  ...(['unreachable', 'timeout', 'broken', 'unavailable', 'throttled', 'failing'] as const),
])

/** What may be gone the next time. */
const PASSING: ReadonlySet<Problem> = new Set(['broken', 'unavailable', 'throttled'])

function mayRepeat({ problem, sent }: Failure, { fn }: CalledFunction): boolean {
  if (problem === 'unreachable') return !sent
  return fn.policy === 'read' && PASSING.has(problem)
}

/** Nothing that is not the same makes it another answer; what is personal is one visitor's. */
function cacheKey({ client_id, connection }: OpenIntegration, { fn, given, user }: CalledFunction): string {
  const { id, version } = connection
  const whose = fn.personal ? { user } : {}
  const asked = { client_id, id, version, name: fn.name, given: sorted(given), ...whose }
  return KEYS.integration(createHash('sha256').update(JSON.stringify(asked)).digest('hex'))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([name, one]) => [name, sorted(one)])
}

/** What is told of a failure to people of the business. */
export function forPeople({ message, detail }: Failure): string {
  return detail === undefined ? message : `${message} ${detail}`
}

/** As models, keepers and caches may have it: masked, without our own credentials, and no larger than is read. */
function presentable(fetched: Fetched, { connection }: OpenIntegration, mask: MaskSecrets): Fetched {
  const hide = (value: Json) => hideValues(mask(value), connection.credentials)
  if (!fetched.ok) {
    const { message, detail } = fetched
    const more = detail === undefined ? {} : { detail: hide(detail) as string }
    return { ...fetched, message: hide(message) as string, ...more }
  }
  const data = hide(fetched.data)
  if (JSON.stringify(data).length <= MOST_BYTES) return { ok: true, data }
  const message = `Its answer is larger than ${String(MOST_BYTES / 1024)} KB.`
  return { ok: false, problem: 'too_large', message, sent: true }
}
