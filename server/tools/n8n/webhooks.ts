import { LRUCache } from 'lru-cache'
import { CircuitBreaker, type BreakerParts } from '../../infra/circuit-breaker.ts'
import type { Outbound, OutboundAnswer } from '../../infra/outbound/index.ts'
import { sleep } from '../../infra/abortable.ts'
import type { ToolOutcome } from '../outcome.ts'
import { readAnswer } from './answer.ts'
import { WEBHOOK_LIMITS, type WebhookLimits } from './limits.ts'
import { webhookHeaders } from './sign.ts'

/** One call of a workflow. */
export interface WebhookCall {
  url: string
  /** The client's, the newest first: each of them signs. */
  secrets: readonly string[]
  /** Names the call wherever it comes from, in letters, digits, `-` and `.`: the same for every attempt. */
  key: string
  /** What the workflow gets: JSON. */
  body: string
  /** Whether making it twice does no harm. */
  idempotent: boolean
  /** Milliseconds that are left for it. */
  timeLeft: number
}

/** Calls workflows by their webhooks. */
export interface Webhooks {
  /** Calls once, as the other side sees it. Rejects with the signal's reason. */
  call(call: WebhookCall, signal: AbortSignal): Promise<ToolOutcome>
}

export interface WebhookParts {
  outbound: Outbound
  limits?: WebhookLimits
  /** What breakers are made with. */
  breaker?: BreakerParts
  /** Milliseconds since the epoch. */
  now?: () => number
}

/**
 * A call is sent again only where it cannot have had an effect: nothing was sent, or twice does no harm. A webhook that
 * fails several times in a row is left alone for a while.
 */
export function createWebhooks(parts: WebhookParts): Webhooks {
  const { outbound, limits = WEBHOOK_LIMITS, breaker = {}, now = Date.now } = parts
  const breakers = new LRUCache<string, CircuitBreaker>({ max: limits.breakers })

  return {
    async call(call, signal) {
      const until = now() + Math.min(call.timeLeft, limits.deadline)
      for (let attempt = 0; ; attempt++) {
        const answer = await attemptOnce(call, until - now(), signal)
        const pause = limits.pauses[attempt]
        const again = pause !== undefined && now() + pause < until && mayRepeat(answer, call)
        if (!again) return outcomeOf(answer)
        await sleep(pause, signal)
      }
    },
  }

  async function attemptOnce(call: WebhookCall, timeout: number, signal: AbortSignal): Promise<Attempt> {
    const pass = breakerOf(call.url).enter()
    if (!pass) return PAUSED
    try {
      const answer = await outbound.send(requestOf(call, timeout), signal)
      if (!isFailure(answer)) pass.succeeded()
      else if (answer.ok) pass.failed(retryAfter(answer))
      else if (answer.fault === 'refused') pass.abandoned()
      else pass.failed()
      return answer
    } finally {
      // Heard only where nothing was said yet: the turn was broken off.
      pass.abandoned()
    }
  }

  function breakerOf(url: string): CircuitBreaker {
    const found = breakers.get(url) ?? new CircuitBreaker(breaker)
    breakers.set(url, found)
    return found
  }

  function requestOf({ url, secrets, key, body }: WebhookCall, timeout: number) {
    const seconds = Math.floor(now() / 1_000)
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'Parlor',
      'idempotency-key': key,
      ...webhookHeaders({ id: key.replaceAll('.', '_'), seconds, body }, ...secrets),
    }
    return { method: 'POST' as const, url, headers, body, timeout, mostBytes: limits.answer }
  }
}

type Attempt = OutboundAnswer | typeof PAUSED

const PAUSED = { ok: false, fault: 'paused', sent: false } as const

/** The other side is not well, or cannot be reached: as opposed to one that answers no. */
function isFailure(answer: OutboundAnswer): boolean {
  return !answer.ok || answer.status >= 500 || answer.status === 429
}

/** Statuses of a gateway before the workflow, which pass. 500 is the workflow's own, and comes again. */
const PASSING = new Set([429, 502, 503, 504])

function mayRepeat(answer: Attempt, { idempotent }: WebhookCall): boolean {
  if (answer.ok) return idempotent && PASSING.has(answer.status)
  return (answer.fault === 'unreachable' && !answer.sent) || (answer.fault === 'broken' && idempotent)
}

function outcomeOf(answer: Attempt): ToolOutcome {
  if (!answer.ok) return { fault: answer.fault, sent: answer.sent }
  const type = answer.headers['content-type'] ?? ''
  return readAnswer(answer.status, type, answer.body)
}

/** Milliseconds that the other side asks for, where it says seconds. */
function retryAfter({ headers }: Extract<OutboundAnswer, { ok: true }>): number {
  const { 'retry-after': seconds = '' } = headers
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1_000 : 0
}
