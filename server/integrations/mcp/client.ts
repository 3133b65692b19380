import { randomUUID } from 'node:crypto'
import type { Outbound } from '../../infra/outbound/index.ts'
import { MCP_LIMITS, type McpLimits } from './limits.ts'
import { isObject, type Message } from './message.ts'
import {
  createPost,
  type McpAddress,
  type McpFailure,
  type McpFault,
  type Post,
  type Posted,
} from './post.ts'
import { headersOf, metaOf, openSession, type McpCaller, type McpSession, type Opened } from './session.ts'

/** Speaks with servers of the Model Context Protocol over streamable HTTP: as much of it as tools need. */
export interface McpClient {
  /** Begins to speak with a server; `known`: the revision that was settled before. Rejects with the signal's reason. */
  open(to: McpAddress, known: string | null, signal: AbortSignal): Promise<Opened>
  /** Everything that a server offers, as it came. Rejects with the signal's reason. */
  listTools(to: McpAddress, session: McpSession, signal: AbortSignal): Promise<Listed>
  /** Calls a tool once. Rejects with the signal's reason. */
  callTool(to: McpAddress, session: McpSession, call: ToolCalled, signal: AbortSignal): Promise<Posted>
  /** Tells a server that a session is over, and waits for no more than that. Never rejects but with the signal's reason. */
  end(to: McpAddress, session: McpSession, signal: AbortSignal): Promise<void>
}

export interface ToolCalled {
  name: string
  given: Message
  /** Told beside the arguments. */
  meta: Message
  /** Milliseconds. */
  timeout: number
}

/** `cut`: there are more than are taken. */
export type Listed = { ok: true; tools: unknown[]; cut: boolean } | McpFailure

export interface McpClientParts {
  outbound: Outbound
  caller: McpCaller
  limits?: McpLimits
}

export function createMcpClient({ outbound, caller, limits = MCP_LIMITS }: McpClientParts): McpClient {
  const post = createPost(outbound, limits.answers)
  const ofAsking = { timeout: limits.ask, mostBytes: limits.pageBytes }
  return {
    async open(to, known, signal) {
      const opening = { to, ...ofAsking }
      const opened = await openSession(post, caller, { ...opening, known }, signal)
      const isOutdated = known !== null && !opened.ok && OUTDATED.has(opened.fault)
      return isOutdated ? openSession(post, caller, { ...opening, known: null }, signal) : opened
    },

    listTools: (to, session, signal) => readPages((cursor) => readPage(to, session, cursor, signal), limits),

    callTool(to, session, { name, given, meta, timeout }, signal) {
      const method = 'tools/call'
      const params = { name, arguments: given, _meta: { ...meta, ...metaOf(session, caller) } }
      const headers = headersOf(session, method, name)
      const posting = { id: randomUUID(), method, params, headers, timeout, mostBytes: limits.callBytes }
      return post(to, posting, signal)
    },

    async end({ url, credential }, session, signal) {
      if (session.id === null) return
      const headers = {
        ...headersOf(session, ''),
        ...(credential && { [credential.header]: credential.value }),
      }
      const asked = { method: 'DELETE' as const, url, headers, body: null, mostBytes: limits.pageBytes }
      await outbound.send({ ...asked, timeout: limits.ask, isEnough: () => true }, signal)
    },
  }

  function readPage(
    to: McpAddress,
    session: McpSession,
    cursor: string | null,
    signal: AbortSignal,
  ): ReturnType<Post> {
    const method = 'tools/list'
    const meta = metaOf(session, caller)
    const params = {
      ...(cursor !== null && { cursor }),
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
    }
    return post(
      to,
      { id: randomUUID(), method, params, headers: headersOf(session, method), ...ofAsking },
      signal,
    )
  }
}

/** What a server says that has learnt another revision since, or forgotten one. */
const OUTDATED: ReadonlySet<McpFault> = new Set(['status', 'rejected', 'unreadable'])

async function readPages(
  read: (cursor: string | null) => Promise<Posted>,
  { pages, tools: most }: McpLimits,
): Promise<Listed> {
  const tools: unknown[] = []
  let cursor: string | null = null
  for (let page = 0; page < pages; page++) {
    const posted: Posted = await read(cursor)
    if (!posted.ok) return posted
    if ('error' in posted) return refusal('rejected', posted.error.message)
    const { tools: found, nextCursor } = posted.result
    if (!Array.isArray(found) || !found.every(isObject)) return refusal('unreadable', 'no list of tools')
    tools.push(...found)
    if (tools.length > most) return { ok: true, tools: tools.slice(0, most), cut: true }
    if (typeof nextCursor !== 'string' || nextCursor === '') return { ok: true, tools, cut: false }
    cursor = nextCursor
  }
  return { ok: true, tools, cut: true }
}

function refusal(fault: 'rejected' | 'unreadable', detail: string): McpFailure {
  return { ok: false, fault, sent: true, status: null, detail }
}
