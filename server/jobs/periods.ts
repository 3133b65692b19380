/** For how many days what is kept, by UTC days: what was made today counts as day 0. */
export const PERIODS = {
  /** What was said, and all that hangs on it; a client may have less. */
  messages: 30,
  /** What tools were asked and answered: never longer than a client keeps its messages, where it has a period of its own. */
  executions: 90,
  /** Where visitors want to be answered. */
  contacts: 365,
  /** Who did what, and the reports of these passes. */
  records: 365,
} as const

/** Hours after which a conversation in which nothing happens is closed. */
export const IDLE_HOURS = 24

/** UTC days, `YYYY-MM-DD`: what is of an earlier day is due. */
export interface DueBefore {
  messages: string
  executions: string
}

/** What is due of a client on the day `today`; `own` is the period in days that it chose. */
export function dueBefore(today: string, own: number | null): DueBefore {
  const messages = own === null ? PERIODS.messages : Math.min(PERIODS.messages, own)
  const executions = own === null ? PERIODS.executions : messages
  return { messages: daysBefore(today, messages), executions: daysBefore(today, executions) }
}

/** The UTC day so many days before another. */
export function daysBefore(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - days)
  return at.toISOString().slice(0, 10)
}
