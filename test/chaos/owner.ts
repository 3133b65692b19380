import pg from 'pg'
import type { Node } from './cluster.ts'
import type { Places } from './places.ts'

const MOST_TURNS = `
  SELECT node FROM turns WHERE state = 'running' AND node IS NOT NULL GROUP BY node ORDER BY count(*) DESC LIMIT 1`
const WITHIN_MS = 1_000

/** The node that runs most turns; null where none does, or nobody can say. */
export async function findOwner({ database: { url } }: Places, nodes: readonly Node[]): Promise<Node | null> {
  if (url === undefined) return null
  const client = new pg.Client({
    ...{ connectionString: url, connectionTimeoutMillis: WITHIN_MS, query_timeout: WITHIN_MS },
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const { rows } = await client.query<{ node: string }>(MOST_TURNS)
    return nodes.find(({ process }) => leaseOf(process.said.out) === rows[0]?.node) ?? null
  } catch {
    return null
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A node says under which id it has its lease, each time anew. */
function leaseOf(said: string): string | undefined {
  return [...said.matchAll(/"node":"([0-9a-f-]+)","msg":"node registered"/g)].at(-1)?.[1]
}
