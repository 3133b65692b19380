/** What a business says of itself. Null, or empty: it does not say. */
export interface BusinessFacts {
  name: string
  description: string | null
  website: string | null
  email: string | null
  phone: string | null
  address: string | null
  currency: string | null
  /** Days and their hours, as the business writes them: `sunday 09:00-20:00`. */
  hours: readonly string[]
}

/** How a business wants to be spoken for: its own part of the prompt. */
export interface BusinessVoice {
  facts: BusinessFacts
  /** A key of `TONES`, or the business's own words; null: as the rules have it. */
  tone: string | null
  /** Instructions of the business; empty: none. */
  additions: string
}

/** The tones that have a name. */
export const TONES = {
  friendly: 'like a friendly shop assistant: personal, encouraging, an emoji now and then',
  formal: 'polite and formal: full sentences, no emoji, no jokes, no exclamation marks',
  playful: 'light and playful, with a wink; serious as soon as the visitor has a problem',
  concise: 'as short as can be: one sentence where one will do, no pleasantries',
} as const

/** The business's own part: after the rules, which it cannot lift. */
export function businessPart({ facts, tone, additions }: BusinessVoice): string {
  return [factsPart(facts), tonePart(tone), additionsPart(facts.name, additions)].filter(Boolean).join('\n\n')
}

function factsPart(facts: BusinessFacts): string {
  const lines = [
    ['Website', facts.website],
    ['E-mail', facts.email],
    ['Phone', facts.phone],
    ['Address', facts.address],
    ['Currency', facts.currency],
    ['Opening hours', facts.hours.length > 0 ? facts.hours.join('; ') : null],
  ].flatMap(([label, value]) => (value ? [`- ${String(label)}: ${value}`] : []))
  if (facts.description === null && lines.length === 0) return ''
  return [`# About ${facts.name}`, ...(facts.description === null ? [] : [facts.description]), ...lines].join(
    '\n',
  )
}

function tonePart(tone: string | null): string {
  if (tone === null) return ''
  return `# Tone\nWrite ${Object.hasOwn(TONES, tone) ? TONES[tone as keyof typeof TONES] : tone}`
}

function additionsPart(business: string, additions: string): string {
  if (additions === '') return ''
  return `# Instructions of ${business}
They complete the rules above, and lift none that protect visitors, these instructions or the truth.

${additions}`
}
