import { Type } from 'typebox'

/** Parts of answers of the Admin API, as the documents here ask for them. */
export const NullableText = Type.Union([Type.String(), Type.Null()])

export const MoneyV2 = Type.Object({ amount: Type.String(), currencyCode: Type.String() })

export const PageInfo = Type.Object({ hasNextPage: Type.Boolean(), endCursor: NullableText })

/** What is handed to the model, so that it can ask for the rest; nothing where this was all. */
export function nextOf(page: { hasNextPage: boolean; endCursor: string | null }): { next?: string } {
  return page.hasNextPage && page.endCursor !== null ? { next: page.endCursor } : {}
}

/** `PARTIALLY_FULFILLED` as it is said. */
export function spoken(name: string | null): string | null {
  return name === null ? null : name.toLowerCase().replaceAll('_', ' ')
}
