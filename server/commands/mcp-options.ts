import { parseArgs } from 'node:util'

/** What is asked of a client's MCP servers. `changes` are unchecked. */
export type McpCommand = { client: string } & (
  | { verb: 'list' }
  | { verb: 'add'; server: string; given: Record<string, unknown> }
  | { verb: 'test'; server: string }
  | { verb: 'remove'; server: string }
  | { verb: 'look'; server: string; tool: string | null }
  | { verb: 'approve'; server: string; tool: string; hash: string; by: string | null; changes: Changes }
  | { verb: 'set'; server: string; tool: string | null; changes: Changes }
  /** `header`: null for a bearer token. */
  | { verb: 'credential'; server: string; header: string | null; none: boolean }
)

type Changes = Record<string, unknown>

/** Reads the arguments after `mcp`; null for what cannot be understood. */
export function readMcpCommand(args: readonly string[]): McpCommand | null {
  const asked = parse(args)
  if (!asked) return null
  const { words, values } = asked
  const [verb, server, tool] = words
  const { client, hash, by, header, none } = values
  if (client === undefined) return null
  if (verb === 'list' && server === undefined) return { verb, client }
  if (server === undefined) return null
  if (verb === 'look') return { verb, client, server, tool: tool ?? null }
  if (verb === 'set') return { verb, client, server, tool: tool ?? null, changes: changesOf(values) }
  if (verb === 'approve' && tool !== undefined && hash !== undefined)
    return { verb, client, server, tool, hash, by: by ?? null, changes: changesOf(values) }
  if (tool !== undefined) return null
  if (verb === 'add') return { verb, client, server, given: { name: server, ...changesOf(values) } }
  if (verb === 'test' || verb === 'remove') return { verb, client, server }
  if (verb === 'credential') return { verb, client, server, header: header ?? null, none: none === true }
  return null
}

const text = { type: 'string' } as const
const OPTIONS = {
  client: text,
  url: text,
  'tells-visitor': text,
  header: text,
  none: { type: 'boolean' },
  hash: text,
  by: text,
  policy: text,
  idempotent: text,
  label: text,
  enabled: text,
} as const

type Values = NonNullable<ReturnType<typeof parse>>['values']

function parse(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
    return positionals.length > 3 ? null : { words: positionals, values }
  } catch {
    return null
  }
}

function changesOf(values: Values): Changes {
  const { url, policy, idempotent, label, enabled, 'tells-visitor': tellsVisitor } = values
  return {
    ...(url !== undefined && { url }),
    ...(policy !== undefined && { policy }),
    ...(idempotent !== undefined && { idempotent: yesOrNo(idempotent) }),
    ...(label !== undefined && { label: label === '' ? null : label }),
    ...(enabled !== undefined && { enabled: yesOrNo(enabled) }),
    ...(tellsVisitor !== undefined && { tells_visitor: yesOrNo(tellsVisitor) }),
  }
}

/** Neither is refused later, by its name. */
function yesOrNo(given: string): unknown {
  return given === 'yes' ? true : given === 'no' ? false : given
}
