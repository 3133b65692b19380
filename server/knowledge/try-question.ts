import type { Database } from '../infra/database.ts'
import { passagesFor } from './passages-for.ts'
import { findPassages, type PlacedPassage } from './search.ts'

/** Passages that a trial shows where no limit is named. */
const SHOWN = 10

/** A passage as a question finds it; `in_prompt`: a model reads it unasked. */
export type TriedPassage = PlacedPassage & { in_prompt: boolean }

/** What a question finds in a client's knowledge, best first: as a turn would find it. */
export async function tryQuestion(
  database: Pick<Database, 'run'>,
  client_id: string,
  { question, limit = SHOWN }: { question: string; limit?: number | undefined },
): Promise<TriedPassage[]> {
  const found = await findPassages(database, { client_id, text: question, limit })
  const asked = (query: { limit: number }) => Promise.resolve(found.slice(0, query.limit))
  const { length } = await passagesFor(asked, client_id, question)
  return found.map((passage, index) => ({ ...passage, in_prompt: index < length }))
}
