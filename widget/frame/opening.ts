/**
 * When the business is there again, as words of the language: `day` is a weekday within six days, a date after that,
 * and null today.
 */
export function dayAndTime(at: Date, now: Date, locale: string): { day: string | null; time: string } {
  const time = at.toLocaleTimeString(locale, { hour: 'numeric', minute: '2-digit' })
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000)
  if (days <= 0) return { day: null, time }
  const day = at.toLocaleDateString(
    locale,
    days < 7 ? { weekday: 'long' } : { day: 'numeric', month: 'long' },
  )
  return { day, time }
}

/** "In 40 seconds", "in 5 hours": rounded up, so that nobody comes too early. */
export function timeUntil(milliseconds: number, locale: string): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1_000))
  const words = new Intl.RelativeTimeFormat(locale)
  if (seconds < 100) return words.format(seconds, 'second')
  if (seconds < 6_000) return words.format(Math.ceil(seconds / 60), 'minute')
  return words.format(Math.ceil(seconds / 3_600), 'hour')
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}
