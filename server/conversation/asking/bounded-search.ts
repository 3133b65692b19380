import { DatabaseUnavailable } from '../../infra/database.ts'
import type { Logger } from '../../infra/logger.ts'
import type { SearchKnowledge } from '../../llm/provider.ts'

/** The knowledge could not be searched in time, or not at all. The reason is in the log. */
export class SearchFailed extends Error {
  override readonly name = 'SearchFailed'
}

/** A search that takes `ms` milliseconds at most, and rejects with nothing but `SearchFailed`: no turn fails with it. */
export function boundedSearch(search: SearchKnowledge, ms: number, log: Logger): SearchKnowledge {
  return async (query) => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new SearchFailed(`The search took longer than ${ms} ms`))
      }, ms)
    })
    try {
      return await Promise.race([search(query), late])
    } catch (error) {
      const isExpected = error instanceof SearchFailed || error instanceof DatabaseUnavailable
      const entry = { code: 'knowledge_search_failed', client_id: query.client_id, err: error }
      if (isExpected) log.warn(entry, 'answered without a search')
      else log.error(entry, 'answered without a search')
      throw new SearchFailed('The knowledge could not be searched', { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }
}
