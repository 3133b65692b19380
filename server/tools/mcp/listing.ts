import type { McpClient } from '../../integrations/mcp/client.ts'
import type { McpAddress, McpFailure } from '../../integrations/mcp/post.ts'
import { maskText } from '../mask-secrets.ts'
import { readDefinition, type McpDefinition } from './tool-definition.ts'

/** Milliseconds that a whole look at a server may take. */
const LOOK_MS = 40_000

export interface ListedTool {
  definition: McpDefinition
  hash: string
}

/** A tool that cannot be kept, and why. The name is the server's. */
export interface UnreadableTool {
  name: string
  problem: string
}

/** What a server offers now. `cut`: there is more than is taken. */
export type Listing =
  | { ok: true; revision: string; tools: ListedTool[]; unreadable: UnreadableTool[]; cut: boolean }
  | { ok: false; words: string }

/** Asks a server what it offers. `known`: the revision that was settled before. Rejects with the signal's reason. */
export async function listServer(
  client: McpClient,
  { to, known }: { to: McpAddress; known: string | null },
  signal: AbortSignal,
): Promise<Listing> {
  const late = new AbortController()
  const timer = setTimeout(() => {
    late.abort()
  }, LOOK_MS)
  try {
    return await list(client, { to, known }, AbortSignal.any([signal, late.signal]))
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error
    return { ok: false, words: WORDS.timeout }
  } finally {
    clearTimeout(timer)
  }
}

async function list(
  client: McpClient,
  { to, known }: { to: McpAddress; known: string | null },
  signal: AbortSignal,
): Promise<Listing> {
  const opened = await client.open(to, known, signal)
  if (!opened.ok) return { ok: false, words: wordFailure(opened) }
  const { session } = opened
  const listed = await client.listTools(to, session, signal)
  await client.end(to, session, signal)
  if (!listed.ok) return { ok: false, words: wordFailure(listed) }
  return { ok: true, revision: session.revision, cut: listed.cut, ...sorted(listed.tools) }
}

/** Of two tools with one name neither is known to be the one that was approved. */
function sorted(given: readonly unknown[]): { tools: ListedTool[]; unreadable: UnreadableTool[] } {
  const read = given.map(readDefinition)
  const times = new Map<string, number>()
  for (const one of read)
    if (one.ok) times.set(one.definition.name, (times.get(one.definition.name) ?? 0) + 1)
  const isOnce = (name: string) => times.get(name) === 1
  const tools = read.flatMap((one) => (one.ok && isOnce(one.definition.name) ? [one] : []))
  const broken = read.flatMap((one) => (one.ok ? [] : [one]))
  const twice = [...times.keys()].filter((name) => !isOnce(name))
  return {
    tools: tools.map(({ definition, hash }) => ({ definition, hash })),
    unreadable: [
      ...broken.map(({ name, problem }) => ({ name, problem })),
      ...twice.map((name) => ({ name, problem: 'is listed more than once' })),
    ],
  }
}

/** Why there is no listing, for people. */
export function wordFailure({ fault, status, detail }: McpFailure): string {
  const words = WORDS[fault]
  const told =
    fault === 'rejected' || fault === 'unreadable' ? `: ${maskText(detail.slice(0, LONGEST_DETAIL))}` : ''
  return status === null ? `${words}${told}` : `${words} (HTTP ${String(status)})${told}`
}

const LONGEST_DETAIL = 300

const WORDS: Record<McpFailure['fault'], string> = {
  refused: 'its address may not be reached from here',
  unreachable: 'it cannot be reached',
  timeout: 'it did not answer in time',
  redirected: 'it sends us to another address, where we do not go',
  too_large: 'its answer is too large',
  broken: 'the connection broke before it had answered',
  unauthorized: 'it does not accept the credential, or wants one',
  status: 'it answers with a failure: perhaps the URL is not that of its MCP endpoint',
  rejected: 'it refuses',
  unreadable: 'its answer cannot be read',
}
