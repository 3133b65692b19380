import type { Database, Statement } from '../infra/database.ts'
import type { ContextCache } from './context-cache.ts'
import type { Address } from './publisher.ts'
import { SPOKEN_COLUMNS, SPOKEN_IN_CONVERSATION, type Spoken } from './spoken.ts'

/** What is remembered of a conversation at one moment: its older part summed up, the rest as it was said. */
export interface Memory {
  /** Null: nothing was summed up yet. */
  summary: string | null
  /** The newest messages after the summary, in no order. */
  spoken: Spoken[]
}

interface MemoryRow extends Memory {
  summary_seq: number
  last_seq: number
}

/**
 * The summary and what was said after it, of one moment: read apart, a summary that is saved in between would leave a
 * gap. $1 conversation $2 how many $3 nothing placed later than this, or null $4 only messages after this seq
 */
const REMEMBERED: Statement = {
  name: 'conversation/remembered',
  text: `
    SELECT v.summary, v.summary_seq, v.last_seq, m.spoken
    FROM conversations v CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_agg(newest), '[]') AS spoken FROM (
        SELECT ${SPOKEN_COLUMNS} FROM messages
        WHERE ${SPOKEN_IN_CONVERSATION} AND seq > greatest(v.summary_seq, $4::int)
          AND ($3::int IS NULL OR coalesce(answers_to, seq) <= $3::int)
        ORDER BY seq DESC LIMIT $2::int
      ) AS newest
    ) AS m
    WHERE v.id = $1::uuid`,
}

/**
 * Reads the summary and the newest `most` messages after it. `bound`: nothing that is placed later than this. What
 * the cache has of the conversation is not read again.
 */
export async function readMemory(
  { database, contexts }: { database: Database; contexts: ContextCache },
  to: Address,
  { most, bound }: { most: number; bound: number | null },
): Promise<Memory> {
  if (bound !== null) return read(database, to, [most, bound, 0])
  const known = await contexts.recall(to)
  let row = await read(database, to, [most, null, known?.last_seq ?? 0])
  let spoken = row.spoken
  if (known && known.last_seq <= row.last_seq) {
    // Messages never change and places have no holes: what came later is all that is missing.
    spoken = [...known.spoken.filter(({ seq }) => seq > row.summary_seq), ...spoken]
      .sort((a, b) => b.seq - a.seq)
      .slice(0, most)
  } else if (known) {
    row = await read(database, to, [most, null, 0])
    spoken = row.spoken
  }
  contexts.keep(to, { last_seq: row.last_seq, spoken })
  return { summary: row.summary, spoken }
}

async function read(
  database: Database,
  to: Address,
  [most, bound, after]: [most: number, bound: number | null, after: number],
): Promise<MemoryRow> {
  const id = to.conversation_id
  const [row] = await database.run<MemoryRow>(REMEMBERED, [id, most, bound, after])
  if (!row) throw new Error(`Conversation ${id} has a turn but no row`)
  return row
}
