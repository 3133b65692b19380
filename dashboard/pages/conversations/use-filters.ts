import { searchParams } from 'sv-router'
import { askedBy, FILTER_NAMES, readFilters, type FilterName, type Filters } from './filters.ts'

/** What the list is narrowed to. The address holds it. */
export function useFilters() {
  return {
    /** As they are chosen now. */
    get chosen(): Filters {
      return readFilters(searchParams.toURLSearchParams())
    },
    /** For the API. */
    get asked() {
      return askedBy(this.chosen)
    },
    get any(): boolean {
      return FILTER_NAMES.some((name) => searchParams.has(name))
    },
    choose(name: FilterName, value: string): void {
      if (value === '') searchParams.delete(name, undefined, { replace: true })
      else searchParams.set(name, value, { replace: true })
    },
    clear(): void {
      for (const name of FILTER_NAMES) searchParams.delete(name, undefined, { replace: true })
    },
    /** To be added to the address of a conversation, so that the way back leads to the same list. */
    get trail(): string {
      const trail = searchParams.toString()
      return trail === '' ? '' : `?${trail}`
    },
  }
}
