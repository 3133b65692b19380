import { LRUCache } from 'lru-cache'
import { CircuitBreaker, type BreakerParts } from '../../infra/circuit-breaker.ts'
import type { McpClient, ToolCalled } from '../../integrations/mcp/client.ts'
import { MCP_LIMITS } from '../../integrations/mcp/limits.ts'
import type { McpAddress, McpFault, Posted } from '../../integrations/mcp/post.ts'
import { REVISION_NOT_SPOKEN, STATELESS } from '../../integrations/mcp/revisions.ts'
import type { McpSession } from '../../integrations/mcp/session.ts'
import type { ToolOutcome } from '../outcome.ts'
import { outcomeOf } from './result.ts'

/** One call of a tool of a server. */
export interface McpCall extends Omit<ToolCalled, 'timeout'> {
  to: McpAddress
  server: { id: string; revision: string | null }
  conversation_id: string
  /** Milliseconds that are left for it. */
  timeLeft: number
}

/** Calls tools of servers. */
export interface McpCalls {
  /** Calls once, as the other side sees it. Rejects with the signal's reason. */
  call(call: McpCall, signal: AbortSignal): Promise<ToolOutcome>
}

export interface McpCallParts {
  client: McpClient
  /** What breakers are made with. */
  breaker?: BreakerParts
  /** Milliseconds for a call. */
  deadline?: number
}

/** Sessions, and servers whose failures are remembered, at once; milliseconds for which a session is kept unused. */
const KEPT = { sessions: 1_000, breakers: 2_000, idle: 300_000 } as const

/**
 * A session is one conversation's: what a server remembers of one visitor, no other meets. One that the server has
 * forgotten is begun anew, and the call made in that, since it cannot have had an effect. A server that fails several
 * times in a row is left alone for a while.
 */
export function createMcpCalls(parts: McpCallParts): McpCalls {
  const { client, breaker = {}, deadline = MCP_LIMITS.call } = parts
  const sessions = new LRUCache<string, McpSession>({
    max: KEPT.sessions,
    ttl: KEPT.idle,
    updateAgeOnGet: true,
  })
  const breakers = new LRUCache<string, CircuitBreaker>({ max: KEPT.breakers })

  return {
    async call(call, signal) {
      const pass = breakerOf(call).enter()
      if (!pass) return { fault: 'paused', sent: false }
      try {
        const posted = await callWithin(Math.min(call.timeLeft, deadline), call, signal)
        if (isUnwell(posted)) pass.failed()
        else if (posted.ok || posted.fault !== 'refused') pass.succeeded()
        return outcomeOf(posted)
      } finally {
        // Heard only where nothing was said yet: the turn was broken off.
        pass.abandoned()
      }
    },
  }

  async function callWithin(timeout: number, call: McpCall, signal: AbortSignal): Promise<Posted> {
    const late = new AbortController()
    const timer = setTimeout(() => {
      late.abort()
    }, timeout)
    const progress = { sent: false }
    try {
      return await callOnce(call, { timeout, progress, signal: AbortSignal.any([signal, late.signal]) })
    } catch (error) {
      if (signal.aborted || !late.signal.aborted) throw error
      return { ok: false, fault: 'timeout', sent: progress.sent, status: null, detail: 'no answer in time' }
    } finally {
      clearTimeout(timer)
    }
  }

  async function callOnce(call: McpCall, within: Within): Promise<Posted> {
    const { to, server, name, given, meta } = call
    const key = keyOf(call)
    const kept = sessions.get(key)
    const first = await callIn(kept ?? null, server.revision)
    const isUnproven = kept !== undefined || server.revision === STATELESS
    if (!isForgotten(first, isUnproven)) return first
    sessions.delete(key)
    return callIn(null, null)

    async function callIn(session: McpSession | null, known: string | null): Promise<Posted> {
      const opened = session ? { ok: true as const, session } : await client.open(to, known, within.signal)
      if (!opened.ok) return { ...opened, sent: false }
      sessions.set(key, opened.session)
      within.progress.sent = true
      return client.callTool(
        to,
        opened.session,
        { name, given, meta, timeout: within.timeout },
        within.signal,
      )
    }
  }

  function breakerOf({ to, server }: McpCall): CircuitBreaker {
    const key = `${server.id} ${to.url}`
    const found = breakers.get(key) ?? new CircuitBreaker(breaker)
    breakers.set(key, found)
    return found
  }
}

interface Within {
  timeout: number
  progress: { sent: boolean }
  signal: AbortSignal
}

/** A session ends with what it was begun with. */
function keyOf({ to, server, conversation_id }: McpCall): string {
  return JSON.stringify([server.id, conversation_id, to.url, to.credential])
}

/**
 * Whether the server refused a call since it knows our session, or our revision, no more. 404 is what the protocol says of
 * a session; many say 400 instead, which tells nothing where the session was begun a moment ago.
 */
function isForgotten(posted: Posted, isUnproven: boolean): boolean {
  if (posted.ok && 'error' in posted && posted.error.code === REVISION_NOT_SPOKEN) return true
  return posted.status === 404 || (isUnproven && posted.status === 400)
}

/** The other side is not well, or cannot be reached: as opposed to one that answers no. */
function isUnwell({ status, ...posted }: Posted): boolean {
  if (status !== null) return status >= 500 || status === 429
  return !posted.ok && UNWELL.has(posted.fault)
}

const UNWELL: ReadonlySet<McpFault> = new Set([
  ...(['unreachable', 'timeout', 'redirected', 'too_large', 'broken'] as const),
])
