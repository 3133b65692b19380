import type { BusinessHours, Span } from '../../protocol/business-hours.ts'
import { DAYS } from '../../protocol/week-days.ts'
import { createWallClock } from '../infra/wall-clock.ts'

/** Whether it is within the business hours. */
export interface Opening {
  open: boolean
  /** While it is not: when they begin again; null where that is not within a year. */
  opens_at: Date | null
}

/** Of a client that has no hours. */
export const ALWAYS_OPEN: Opening = { open: true, opens_at: null }

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** Days that are looked through for the next opening. */
const FURTHEST_DAYS = 366

/**
 * How the hours stand at a moment. What begins in the evening of one day and ends on the next belongs to the first: an
 * exception for the next does not cut it short. `timeZone` is one of IANA.
 */
export function openingAt(hours: BusinessHours, timeZone: string, at: Date): Opening {
  const clock = createWallClock(timeZone)
  const now = at.getTime()
  const today = Math.floor(clock.read(now) / DAY_MS)
  for (let day = today - 1; day <= today + FURTHEST_DAYS; day++) {
    let next = Infinity
    for (const span of spansOf(hours, day)) {
      const [from, to] = boundsOf(span, day).map((shown) => clock.momentOf(shown)) as [number, number]
      if (from <= now && now < to) return { open: true, opens_at: null }
      // Where clocks are set forward, a span may be over before it begins.
      if (from > now && from < to) next = Math.min(next, from)
    }
    if (next !== Infinity) return { open: false, opens_at: new Date(next) }
  }
  return { open: false, opens_at: null }
}

/** What begins on a day, by its number since 1970-01-01, a Thursday. */
function spansOf({ week, exceptions = {} }: BusinessHours, day: number): readonly Span[] {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10)
  const name = DAYS[(day + 3) % DAYS.length]
  if (Object.hasOwn(exceptions, date)) return exceptions[date] ?? []
  return (name && week[name]) ?? []
}

/** What clocks show when it begins and ends. */
function boundsOf({ from, to }: Span, day: number): [from: number, to: number] {
  const [begin, end] = [minutesOf(from), minutesOf(to)]
  const shown = (minutes: number) => day * DAY_MS + minutes * MINUTE_MS
  return [shown(begin), shown(end > begin ? end : end + DAY_MS / MINUTE_MS)]
}

function minutesOf(time: string): number {
  const [hour = '', minute = ''] = time.split(':')
  return Number(hour) * 60 + Number(minute)
}
