import { withinLength } from './reference-text.ts'
import type { FoundPassage, KnowledgeQuery } from './search.ts'

/** What of a client's knowledge goes into a prompt unasked. Characters are those of the content. */
export const PROMPT_PASSAGES = { most: 4, length: 3_600 } as const

/** How near to the best one's score the others must come. */
const NEAR_THE_BEST = 0.33
/** Characters of a question that are searched for, the latest ones: more is a pasted document. */
const LONGEST_QUESTION = 2_000

/**
 * The passages that belong into the prompt of a turn, best first: few, within `PROMPT_PASSAGES`, none where nothing
 * is about the question. `question` is what the visitor has written since the last answer, joined by line ends.
 */
export async function passagesFor(
  search: (query: KnowledgeQuery) => Promise<FoundPassage[]>,
  client_id: string,
  question: string,
): Promise<FoundPassage[]> {
  const text = question.slice(-LONGEST_QUESTION)
  const found = await search({ client_id, text, limit: PROMPT_PASSAGES.most })
  const best = found[0]?.score ?? 0
  const near = found.filter(({ score }) => score >= best * NEAR_THE_BEST)
  return withinLength(near, PROMPT_PASSAGES.length)
}
