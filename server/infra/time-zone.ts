/** Whether this is a time zone of IANA that this Node.js knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** A minute as a person or a model reads it: `Monday, 23 November 2026, 09:30, in Asia/Jerusalem`. */
export function describeMinute(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone },
  })
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const { weekday, day, month, year, hour, minute } = parts
  return `${weekday}, ${day} ${month} ${year}, ${hour}:${minute}, in ${timeZone}`
}
