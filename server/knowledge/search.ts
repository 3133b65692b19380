import type { Database, Statement } from '../infra/database.ts'
import { queryTerms } from './terms.ts'

/** Passages returned at most, whatever is asked. */
const MOST_PASSAGES = 20

/** What is asked of one client's knowledge. `text` may be anything a visitor can write. */
export interface KnowledgeQuery {
  client_id: string
  text: string
  limit: number
}

export interface FoundPassage {
  title: string
  content: string
  url?: string
  /** Higher is better; comparable within one search only. */
  score: number
}

/**
 * Every passage that shares enough words with the question, best first. Words are joined by OR, since whole
 * questions match nothing. A word counts by its rarity among the passages found, twice when it stands in a title, and
 * seven tenths where only one that means the same is there; Postgres's own rank only parts equals, above all by how
 * much of the title was asked for. A question of one or
 * two words must share one with a passage, a longer one two, or one with its title: else everything would answer
 * everything.
 */
const SEARCH: Statement = {
  name: 'knowledge/search',
  text: `
    WITH asked AS (
      SELECT to_tsquery('english', word) AS exact, to_tsquery('english', wide) AS query
      FROM unnest($2::text[], $3::text[]) AS term(word, wide)
      UNION
      SELECT to_tsquery('simple', word), to_tsquery('simple', wide)
      FROM unnest($4::text[], $5::text[]) AS term(word, wide)
    ), words AS (
      SELECT row_number() OVER () AS number, exact, query FROM asked WHERE numnode(query) > 0
    ), question AS (
      SELECT string_agg(query::text, ' | ')::tsquery AS query, string_agg(exact::text, ' | ')::tsquery AS exact,
        least(2, ceil(count(*) / 2.0)) AS needed FROM words
    ), found AS MATERIALIZED (
      SELECT id, document_id, position, title, content, terms, ts_filter(terms, '{a}') AS title_terms
      FROM knowledge_chunks
      WHERE client_id = $1 AND terms @@ (SELECT query FROM question)
    ), shared AS (
      SELECT found.id, words.number,
        CASE WHEN title_terms @@ query THEN 2 ELSE 1 END AS place,
        CASE WHEN title_terms @@ exact THEN 2 WHEN title_terms @@ query THEN 1.4
            WHEN found.terms @@ exact THEN 1 ELSE 0.7 END AS fit
      FROM found JOIN words ON found.terms @@ words.query
    ), rarity AS (
      SELECT number, ln(1 + (SELECT count(*) FROM found)::float8 / count(*)) AS weight FROM shared GROUP BY number
    ), scored AS (
      SELECT id, sum(fit * weight) AS points
      FROM shared JOIN rarity USING (number)
      GROUP BY id
      HAVING sum(place) >= (SELECT needed FROM question)
    )
    SELECT found.document_id, found.title, found.content, document.url,
           points + ts_rank(found.title_terms, question.exact, 2) + ts_rank(found.terms, question.exact, 1) AS score
    FROM scored
    JOIN found USING (id)
    CROSS JOIN question
    JOIN knowledge_documents document ON document.id = found.document_id
    ORDER BY score DESC, document.created_at, found.position
    LIMIT $6`,
}

/**
 * Finds passages of one client's knowledge, best first, at most `limit` and never over 20; none where the question
 * has no word worth looking for. Fits the provider contract's `SearchKnowledge`.
 */
export function createSearch(database: Database): (query: KnowledgeQuery) => Promise<FoundPassage[]> {
  return async (query) => {
    const found = await findPassages(database, query)
    return found.map(({ title, content, score, url }) => ({
      ...{ title, content, score },
      ...(url !== undefined && { url }),
    }))
  }
}

/** As `createSearch` finds them, and in which document each stands. */
export async function findPassages(
  database: Pick<Database, 'run'>,
  { client_id, text, limit }: KnowledgeQuery,
): Promise<PlacedPassage[]> {
  const { english, simple } = queryTerms(text)
  if (english.asked.length + simple.asked.length === 0) return []
  const most = Math.min(Math.max(Math.trunc(limit), 0), MOST_PASSAGES)
  const values = [client_id, english.asked, english.wide, simple.asked, simple.wide, most]
  const rows = await database.run<SearchRow>(SEARCH, values)
  return rows.map(({ url, ...passage }) => (url === null ? passage : { ...passage, url }))
}

export interface PlacedPassage extends FoundPassage {
  document_id: string
}

type SearchRow = Omit<PlacedPassage, 'url'> & { url: string | null }
