/** What was read, and where it stands: begin and end. */
export interface Read {
  value: string
  at: [number, number]
}

/**
 * The day that a text names, as `YYYY-MM-DD`: written out, or as somebody says it on the day `today`. A weekday is the
 * next one; a date without a year is this year's, or the next one's where it is past. Of 3/4, 3 is the day.
 */
export function readDate(text: string, today: string): Read | null {
  for (const [pattern, toDay] of FORMS) {
    for (const match of text.matchAll(pattern)) {
      const value = toDay(match, today)
      if (value !== null) return { value, at: [match.index, match.index + match[0].length] }
    }
  }
  return null
}

/** The hour that a text names, as `HH:MM`. An hour from 1 to 7 that does not say otherwise is in the afternoon. */
export function readTime(text: string): Read | null {
  for (const pattern of HOURS) {
    for (const match of text.matchAll(pattern)) {
      const value = toHour(match.groups ?? {})
      if (value !== null) return { value, at: [match.index, match.index + match[0].length] }
    }
  }
  return null
}

const WEEKDAYS: readonly (readonly string[])[] = [
  ['sunday', 'sun', 'ראשון'],
  ['monday', 'mon', 'שני'],
  ['tuesday', 'tue', 'שלישי'],
  ['wednesday', 'wed', 'רביעי'],
  ['thursday', 'thu', 'חמישי'],
  ['friday', 'fri', 'שישי'],
  ['saturday', 'sat', 'שבת'],
]
const MONTHS: readonly (readonly string[])[] = [
  ['january', 'jan', 'ינואר'],
  ['february', 'feb', 'פברואר'],
  ['march', 'mar', 'מרץ'],
  ['april', 'apr', 'אפריל'],
  ['may', 'מאי'],
  ['june', 'jun', 'יוני'],
  ['july', 'jul', 'יולי'],
  ['august', 'aug', 'אוגוסט'],
  ['september', 'sept', 'sep', 'ספטמבר'],
  ['october', 'oct', 'אוקטובר'],
  ['november', 'nov', 'נובמבר'],
  ['december', 'dec', 'דצמבר'],
]
const DAY = WEEKDAYS.flat().join('|')
const MONTH = MONTHS.flat().join('|')
/** Letters or digits on either side would make it another word. */
const word = (pattern: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'giu')

type ToDay = (match: RegExpMatchArray, today: string) => string | null

const FORMS: readonly [RegExp, ToDay][] = [
  [word('(\\d{4})-(\\d{2})-(\\d{2})'), ([, y, m, d]) => dayOf(Number(y), Number(m), Number(d))],
  [word('(?:the )?day after tomorrow|ב?מחרתיים'), (_, today) => plusDays(today, 2)],
  [word('tomorrow|ל?מחר'), (_, today) => plusDays(today, 1)],
  [word('today|tonight|ל?היום'), (_, today) => today],
  [
    word(`(?:on )?(\\d{1,2})(?:st|nd|rd|th)?(?: of)? ב?(${MONTH})\\.?(?:,? (\\d{4}))?`),
    ([, d, m = '', y], today) => coming(Number(d), indexIn(MONTHS, m) + 1, y, today),
  ],
  [
    word(`(?:on )?(${MONTH})\\.? (\\d{1,2})(?:st|nd|rd|th)?(?:,? (\\d{4}))?`),
    ([, m = '', d, y], today) => coming(Number(d), indexIn(MONTHS, m) + 1, y, today),
  ],
  [
    word('(?:on |ב-?)?(\\d{1,2})[./](\\d{1,2})(?:[./](\\d{4}))?'),
    ([, d, m, y], today) => coming(Number(d), Number(m), y, today),
  ],
  [
    word(`(?:on |this |next |coming )*(?:[בל]?יום )?[בה]?(${DAY})`),
    ([, day = ''], today) => nextWeekday(indexIn(WEEKDAYS, day), today),
  ],
]

const HOURS: readonly RegExp[] = [
  word(
    '(?:at |ב-?|בשעה )?(?<hour>\\d{1,2})[:.](?<minute>\\d{2})(?: ?(?<half>am|pm|a\\.m|p\\.m|בבוקר|בערב|אחה"צ|אחר הצהריים))?',
  ),
  word('(?:at )?(?<hour>\\d{1,2}) ?(?<half>am|pm|a\\.m|p\\.m|בבוקר|בערב|אחה"צ|אחר הצהריים)'),
  word("(?:at|בשעה|ב-) ?(?<hour>\\d{1,2})(?: ?o['’]clock)?"),
  word('ב(?<hour>\\d{1,2})'),
  word('(?:at )?(?<noon>noon)|ב?צהריים'),
]

function toHour({ hour, minute = '00', half, noon }: Record<string, string | undefined>): string | null {
  if (noon !== undefined || hour === undefined) return '12:00'
  const isMorning = half !== undefined && /^a|בבוקר/i.test(half)
  const isLater = half !== undefined && !isMorning
  let hours = Number(hour)
  if (isMorning && hours === 12) hours = 0
  const isPlain = half === undefined && hour.length === 1 && hours >= 1 && hours <= 7
  if ((isLater && hours < 12) || isPlain) hours += 12
  return hours > 23 || Number(minute) > 59 ? null : `${String(hours).padStart(2, '0')}:${minute}`
}

function indexIn(names: readonly (readonly string[])[], name: string): number {
  return names.findIndex((one) => one.includes(name.toLowerCase()))
}

function dayOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return isReal ? date.toISOString().slice(0, 10) : null
}

function coming(day: number, month: number, year: string | undefined, today: string): string | null {
  if (year !== undefined) return dayOf(Number(year), month, day)
  const thisYear = Number(today.slice(0, 4))
  const date = dayOf(thisYear, month, day)
  return date !== null && date >= today ? date : dayOf(thisYear + 1, month, day)
}

function nextWeekday(weekday: number, today: string): string {
  const ahead = (weekday - new Date(today).getUTCDay() + 7) % 7
  return plusDays(today, ahead === 0 ? 7 : ahead)
}

function plusDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}
