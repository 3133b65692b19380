import { isObject, type Message } from './message.ts'
import type { McpAddress, McpFailure, Post, Posted } from './post.ts'
import { isNamedInHeader, REVISION_NOT_SPOKEN, STATELESS, WITH_HANDSHAKE } from './revisions.ts'

/** How we speak with a server, once that is settled. */
export interface McpSession {
  revision: string
  /** Null: the server keeps none, or not in this revision. */
  id: string | null
}

/** Who we say that we are. */
export interface McpCaller {
  name: string
  version: string
}

/** What beginning to speak takes. `known`: the revision that was settled before, or null. Times in milliseconds. */
export interface Opening {
  to: McpAddress
  known: string | null
  timeout: number
  mostBytes: number
}

export type Opened = { ok: true; session: McpSession } | McpFailure

/**
 * Begins to speak with a server: by the handshake of the older revisions, or without any in the newest, which is asked
 * for first where nothing is known. Rejects with the signal's reason.
 */
export async function openSession(
  post: Post,
  caller: McpCaller,
  opening: Opening,
  signal: AbortSignal,
): Promise<Opened> {
  if (opening.known === STATELESS) return { ok: true, session: { revision: STATELESS, id: null } }
  if (opening.known === null) {
    const probed = await post(opening.to, { ...discovery(caller), ...limitsOf(opening) }, signal)
    const verdict = judge(probed)
    if (verdict !== 'older') return verdict
  }
  return shakeHands(post, caller, opening, signal)
}

/** The headers by which a request belongs to a session; `name`: of the tool that is called. */
export function headersOf(
  { revision, id }: McpSession,
  method: string,
  name?: string,
): Record<string, string> {
  return {
    ...(isNamedInHeader(revision) && { 'mcp-protocol-version': revision }),
    ...(id !== null && { 'mcp-session-id': id }),
    ...(revision === STATELESS && {
      'mcp-method': method,
      ...(name !== undefined && { 'mcp-name': asHeader(name) }),
    }),
  }
}

/** What a request says of itself, beside what it asks: in the newest revision every one is on its own. */
export function metaOf({ revision }: Pick<McpSession, 'revision'>, { name, version }: McpCaller): Message {
  if (revision !== STATELESS) return {}
  return {
    'io.modelcontextprotocol/protocolVersion': revision,
    'io.modelcontextprotocol/clientInfo': { name, version },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
}

function discovery(caller: McpCaller) {
  const session = { revision: STATELESS, id: null }
  const method = 'server/discover'
  return {
    id: 'discover',
    method,
    headers: headersOf(session, method),
    params: { _meta: metaOf(session, caller) },
  }
}

/** Servers that know nothing of discovering refuse it in many ways; all of them but these may know a handshake. */
function judge(probed: Posted): Opened | 'older' {
  if (!probed.ok) return probed.fault === 'status' ? 'older' : probed
  if ('error' in probed) {
    const { code, data } = probed.error
    const spoken = code === REVISION_NOT_SPOKEN && isObject(data) ? data['supported'] : null
    return Array.isArray(spoken) && !spoken.some(isOlder) ? unknownRevision(spoken.join(', ')) : 'older'
  }
  const { supportedVersions: spoken } = probed.result
  if (!Array.isArray(spoken)) return 'older'
  if (spoken.includes(STATELESS)) return { ok: true, session: { revision: STATELESS, id: null } }
  return spoken.some(isOlder) ? 'older' : unknownRevision(spoken.join(', '))
}

async function shakeHands(
  post: Post,
  { name, version }: McpCaller,
  opening: Opening,
  signal: AbortSignal,
): Promise<Opened> {
  const [protocolVersion] = WITH_HANDSHAKE
  const params = { protocolVersion, capabilities: {}, clientInfo: { name, version } }
  const asked = { id: 'initialize', method: 'initialize', params, headers: {}, ...limitsOf(opening) }
  const greeted = await post(opening.to, asked, signal)
  if (!greeted.ok) return greeted
  if ('error' in greeted) return refused('rejected', greeted.error.message)
  const { protocolVersion: revision } = greeted.result
  if (!isOlder(revision)) return unknownRevision(String(revision))
  if (greeted.sessionId !== null && !SESSION_ID.test(greeted.sessionId))
    return refused('unreadable', 'a broken session id')
  const session = { revision, id: greeted.sessionId }
  const method = 'notifications/initialized'
  const told = { method, params: {}, headers: headersOf(session, method), ...limitsOf(opening) }
  const noted = await post(opening.to, told, signal)
  return noted.ok ? { ok: true, session } : noted
}

/** Visible ASCII, as the protocol says. */
const SESSION_ID = /^[\x21-\x7E]{1,1024}$/

function isOlder(revision: unknown): revision is (typeof WITH_HANDSHAKE)[number] {
  return WITH_HANDSHAKE.some((one) => one === revision)
}

function unknownRevision(spoken: string): McpFailure {
  return refused('unreadable', `it speaks revisions that are not known here: ${spoken.slice(0, 100)}`)
}

function refused(fault: 'unreadable' | 'rejected', detail: string): McpFailure {
  return { ok: false, fault, sent: false, status: null, detail }
}

function limitsOf({ timeout, mostBytes }: Opening): Pick<Opening, 'timeout' | 'mostBytes'> {
  return { timeout, mostBytes }
}

/** As the protocol puts what is no plain ASCII into a header. */
function asHeader(value: string): string {
  const isPlain = /^[\x21-\x7E](?:[\x20-\x7E]*[\x21-\x7E])?$/.test(value) && !value.startsWith('=?base64?')
  return isPlain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`
}
