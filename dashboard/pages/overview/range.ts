/** How many days one may look back on. */
export const RANGES = [7, 30, 90, 365] as const
export type Range = (typeof RANGES)[number]

const DAY_MS = 86_400_000

/** The last so many UTC days, today with them. */
export function daysOf(range: Range, now = Date.now()): { from: string; to: string } {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10)
  return { from: day(now - (range - 1) * DAY_MS), to: day(now) }
}

/** What the address asks for; 30 days where it asks for nothing that there is. */
export function readRange(text: string | null): Range {
  return RANGES.find((days) => String(days) === text) ?? 30
}

/** The day as a moment by which a browser's own zone writes the same day. */
export function middayOf(day: string): string {
  return `${day}T12:00:00`
}
