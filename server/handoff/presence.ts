import type { Database, Statement } from '../infra/database.ts'

/** $1 people of the business */
const SEEN: Statement = {
  name: 'handoff/seen',
  text: `UPDATE admins SET last_seen_at = now() WHERE id = ANY($1::uuid[])`,
}

/** Says that these people are connected to this node: others read it from Postgres. */
export async function notePresence(
  database: Pick<Database, 'run'>,
  people: readonly string[],
): Promise<void> {
  if (people.length > 0) await database.run(SEEN, [people])
}
