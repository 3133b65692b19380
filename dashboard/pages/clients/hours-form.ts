import type { BusinessHours, Span } from '../../../protocol/business-hours.ts'
import { HANDOFF_DEFAULTS } from '../../../protocol/handoff-defaults.ts'
import { DAYS, type Day } from '../../../protocol/week-days.ts'
import type { AiChangesBody, AiTold } from '../../../protocol/client-ai.ts'

/** What the form about a client's hours and people holds. */
export interface HoursValues {
  /** False: people answer at any time. */
  byWeek: boolean
  week: Record<Day, Span[]>
  exceptions: { date: string; spans: Span[] }[]
  zone: string
  offered: boolean
  /** Numbers as they are typed. */
  wait_minutes: string
  failed_answers: string
  failed_calls: string
}

/** What these fields take: whole numbers. */
export const HANDOFF_NUMBERS = {
  wait_minutes: { least: 1, most: 240 },
  failed_answers: { least: 0, most: 10 },
  failed_calls: { least: 0, most: 10 },
} as const

export function hoursValues({ settings }: Pick<AiTold, 'settings'>): HoursValues {
  const { hours, time_zone = '', handoff } = settings
  const rules = { ...HANDOFF_DEFAULTS, ...handoff }
  const week = Object.fromEntries(DAYS.map((day) => [day, hours?.week[day] ?? []]))
  return {
    byWeek: hours !== undefined,
    week: week as Record<Day, Span[]>,
    exceptions: Object.entries(hours?.exceptions ?? {}).map(([date, spans]) => ({ date, spans })),
    zone: time_zone,
    offered: rules.offered,
    wait_minutes: String(rules.wait_minutes),
    failed_answers: String(rules.failed_answers),
    failed_calls: String(rules.failed_calls),
  }
}

/** What makes of the values that are kept those that are wanted. */
export function hoursChanges(kept: HoursValues, wanted: HoursValues): AiChangesBody {
  const hours = hoursOf(wanted)
  const handoff = handoffOf(wanted)
  return {
    ...(isOther(hoursOf(kept), hours) && { hours }),
    ...(kept.zone !== wanted.zone && { time_zone: wanted.zone.trim() === '' ? null : wanted.zone.trim() }),
    ...(isOther(handoffOf(kept), handoff) && { handoff }),
  }
}

/** Whether the server will take these hours: each span has two times, each special day a date of its own. */
export function areHours({ byWeek, week, exceptions }: HoursValues): boolean {
  if (!byWeek) return true
  const spans = [...Object.values(week).flat(), ...exceptions.flatMap(({ spans }) => spans)]
  const dates = exceptions.map(({ date }) => date)
  return (
    spans.every(({ from, to }) => from !== '' && to !== '') &&
    dates.every((date) => date !== '') &&
    new Set(dates).size === dates.length
  )
}

export function isHandoffNumber(name: keyof typeof HANDOFF_NUMBERS, text: string): boolean {
  const { least, most } = HANDOFF_NUMBERS[name]
  const value = Number(text)
  return text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most
}

function hoursOf({ byWeek, week, exceptions }: HoursValues): BusinessHours | null {
  if (!byWeek) return null
  const special = Object.fromEntries(exceptions.map(({ date, spans }) => [date, spans]))
  return { week, ...(exceptions.length > 0 && { exceptions: special }) }
}

function handoffOf({ offered, wait_minutes, failed_answers, failed_calls }: HoursValues) {
  return {
    offered,
    wait_minutes: Number(wait_minutes),
    failed_answers: Number(failed_answers),
    failed_calls: Number(failed_calls),
  }
}

function isOther(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other)
}
