import type { BusinessHours, Span } from '../../protocol/business-hours.ts'
import { DAYS, type Day } from '../../protocol/week-days.ts'

/**
 * Business hours as people write them: `sun-thu 09:00-18:00, fri 09:00-12:00 13:00-15:00, 2026-12-25 closed`. Or, as a
 * sentence, what cannot be read.
 */
export function readHours(text: string): BusinessHours | string {
  const week: Partial<Record<Day, Span[]>> = {}
  const exceptions: Record<string, Span[]> = {}
  for (const clause of text.split(/[,;\n]/).map((part) => part.trim())) {
    if (clause === '') continue
    const [when = '', ...times] = clause.split(/\s+/)
    const spans = readSpans(times)
    if (spans === null)
      return `"${clause}" has no times, such as "mon-fri 09:00-17:00" or "2026-12-25 closed".`
    if (isDate(when)) {
      if (Object.hasOwn(exceptions, when)) return `${when} is named twice.`
      exceptions[when] = spans
      continue
    }
    const days = readDays(when)
    if (days === null)
      return `"${when}" is neither a day, nor days such as mon-fri, nor a date such as 2026-12-25.`
    const twice = days.find((day) => week[day] !== undefined)
    if (twice !== undefined) return `${twice} is named twice.`
    for (const day of days) week[day] = spans
  }
  if (Object.keys(week).length + Object.keys(exceptions).length === 0) return 'There are no hours in it.'
  return { week, ...(Object.keys(exceptions).length > 0 && { exceptions }) }
}

/** `mon`, or `sun-thu` in the order of the week. */
function readDays(text: string): Day[] | null {
  const [first = '', last = first, ...more] = text.toLowerCase().split('-')
  const [from, to] = [dayOf(first), dayOf(last)]
  if (from === -1 || to === -1 || more.length > 0) return null
  const count = ((to - from + DAYS.length) % DAYS.length) + 1
  return Array.from({ length: count }, (_, index) => DAYS[(from + index) % DAYS.length]).filter(
    (day) => day !== undefined,
  )
}

/** By three letters or its whole name. */
function dayOf(name: string): number {
  return DAYS.findIndex((day) => day === name || (name.length === 3 && day.startsWith(name)))
}

/** Null: there are none, or they cannot be read. */
function readSpans(times: readonly string[]): Span[] | null {
  if (times.length === 1 && times[0]?.toLowerCase() === 'closed') return []
  const spans = times.map((time) => /^(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$/.exec(time))
  const read = spans.flatMap((found) => {
    const [from, to] = [found?.[1], found?.[2]]
    return from === undefined || to === undefined
      ? []
      : [{ from: from.padStart(5, '0'), to: to.padStart(5, '0') }]
  })
  return read.length === times.length && read.length > 0 ? read : null
}

/** One that the calendar has. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text)
}
