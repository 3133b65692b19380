import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { visibleText } from '../../infra/visible-text.ts'
import type { TurnParties } from '../prompt.ts'

/** How many attributes a model reads, and characters of a name and of a value. */
const MOST = 20
const LONGEST = { name: 40, value: 200 } as const

/** What a page told of its visitor, as far as a model is to read it: the name, and attributes that are plain values. */
export function readVisitorFacts({
  visitor_name,
  visitor_attributes,
}: Pick<TurnParties, 'visitor_name' | 'visitor_attributes'>): Record<string, string> {
  const attributes =
    typeof visitor_attributes === 'object' && visitor_attributes !== null ? visitor_attributes : {}
  const said = { ...(visitor_name !== null && { name: visitor_name }), ...attributes }
  const plain = Object.entries<unknown>(said).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  )
  const facts = plain
    .slice(0, MOST)
    .map(([name, value]) => [readText(name, LONGEST.name), readText(String(value), LONGEST.value)] as const)
  return Object.fromEntries(facts.filter(([name, value]) => name !== '' && value !== ''))
}

function readText(text: string, longest: number): string {
  return withoutTemplateTokens(visibleText(text)).trim().slice(0, longest).toWellFormed()
}
