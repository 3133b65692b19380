import type { BusinessFacts } from '../../agent/prompts/business.ts'
import { visibleText } from '../../infra/visible-text.ts'

/** Characters of what a business says of itself. */
const LONGEST = { description: 2_000, other: 300 } as const
const MOST_HOURS = 14

/**
 * Reads from `clients.business_info`, which may hold anything, the facts that a model may know; whatever else is in
 * there stays there.
 */
export function readBusinessFacts(name: string, info: unknown): BusinessFacts {
  const said = isRecord(info) ? info : {}
  const line = (value: unknown) => readText(value, LONGEST.other)?.replace(/\s+/g, ' ') ?? null
  return {
    name: line(name) ?? 'this business',
    description: readText(said['description'], LONGEST.description),
    website: line(said['website']),
    email: line(said['email']),
    phone: line(said['phone']),
    address: line(said['address']),
    currency: line(said['currency']),
    hours: hoursOf(said['hours'], line),
  }
}

/** Hours are one text, or one for each day. */
function hoursOf(hours: unknown, line: (value: unknown) => string | null): string[] {
  if (!isRecord(hours)) return [line(hours)].filter((text) => text !== null)
  const days = Object.entries(hours).slice(0, MOST_HOURS)
  return days.flatMap(([day, times]) => {
    const said = line(times)
    return said === null ? [] : [`${line(day) ?? ''} ${said}`.trim()]
  })
}

function readText(value: unknown, longest: number): string | null {
  if (typeof value !== 'string') return null
  const text = visibleText(value).trim().slice(0, longest).toWellFormed()
  return text === '' ? null : text
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
