import type { Moment } from '../../agent/prompts/moment.ts'
import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { visibleText } from '../../infra/visible-text.ts'
import type { TurnParties } from '../prompt.ts'

/** How many attributes a model reads, and characters of a name and of a value. */
const MOST = 20
const LONGEST = { name: 40, value: 200 } as const

type Told = Pick<
  TurnParties,
  'visitor_name' | 'visitor_attributes' | 'visitor_claims' | 'conversation_claims'
>

/** What is told of the visitor, as far as a model is to read it: what the client vouches for, and what the page says. */
export function readVisitorFacts(parties: Told): Pick<Moment, 'visitor' | 'claims'> {
  const name = parties.visitor_name
  return {
    visitor: readFacts({ ...(name !== null && { name }), ...recordOf(parties.visitor_attributes) }),
    claims: {
      visitor: readFacts(recordOf(parties.visitor_claims)),
      conversation: readFacts(recordOf(parties.conversation_claims)),
    },
  }
}

function recordOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

/** The first plain values. */
function readFacts(said: object): Record<string, string> {
  const plain = Object.entries<unknown>({ ...said }).filter(([, value]) =>
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
