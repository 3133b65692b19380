import { renderPassages, withinLength, REFERENCE_LENGTH } from '../knowledge/reference-text.ts'
import { abortable } from '../infra/abortable.ts'
import type { Passage, SearchKnowledge, ToolDefinition } from '../llm/provider.ts'
import type { BuiltIn } from './built-in.ts'

export const SEARCH_KNOWLEDGE: ToolDefinition = {
  name: 'search_knowledge',
  description:
    'Searches the documents and frequently asked questions of the business and returns the passages that fit best. ' +
    'Use it before you answer anything about products, prices, delivery, returns, opening hours or rules that is not ' +
    'in the conversation yet. The search compares words, not meanings: give the few words that such a passage would ' +
    'contain. Where nothing is found, try once more with synonyms, or with the words of another language that the ' +
    'documents may be written in (the name of a product, English, Hebrew).',
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Two to eight words, such as "return period sale items".' },
    },
    required: ['query'],
    additionalProperties: false,
  },
}

/** Passages of one search, and characters of a query: more is no query. */
const MOST_PASSAGES = 5
const LONGEST_QUERY = 400

const NOTHING_FOUND =
  'Nothing in the documents fits this query. Try other words once; if there is still nothing, say that you do not know.'

/** What a search needs, and who hears which passages the model was shown. */
export interface KnowledgeAccess {
  client_id: string
  search: SearchKnowledge
  onFound: (passages: Passage[]) => void
}

/** The function by which a model of any vendor looks into the knowledge of one client. */
export function searchKnowledge({ client_id, search, onFound }: KnowledgeAccess): BuiltIn {
  return {
    definition: SEARCH_KNOWLEDGE,
    async run({ query }, _key, signal) {
      if (typeof query !== 'string' || query.trim() === '') {
        return { content: '"query" must be a text of a few words. Call again with it.', failed: true }
      }
      const text = query.slice(0, LONGEST_QUERY)
      const found = await abortable(search({ client_id, text, limit: MOST_PASSAGES }), signal)
      const shown = withinLength(found, REFERENCE_LENGTH.all)
      onFound(shown)
      return { content: shown.length === 0 ? NOTHING_FOUND : renderPassages(shown) }
    },
  }
}
