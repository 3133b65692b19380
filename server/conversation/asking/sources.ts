import type { Source } from '../../../protocol/records.ts'
import { attributeSources, MOST_SOURCES } from '../../knowledge/sources.ts'
import type { Passage } from '../../llm/provider.ts'

/** What an answer stands on: first what the provider itself says, then what it shares with the passages it was shown. */
export function sourcesOf(answer: string, shown: readonly Passage[], told: readonly Source[]): Source[] {
  const sources = [...told]
  for (const found of attributeSources(answer, shown)) {
    if (!sources.some((source) => isSame(source, found))) sources.push(found)
  }
  return sources.slice(0, MOST_SOURCES)
}

function isSame(a: Source, b: Source): boolean {
  return a.url === b.url && a.title === b.title
}
