import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** What `book_appointment` is asked for. `date`: `YYYY-MM-DD`; `time`: `HH:MM`, in the shop. */
export interface AskedAppointment {
  service: string
  date: string
  time: string
}

/** `number` tells an appointment from others. */
export type Booking = ({ booked: true; number: string } & AskedAppointment) | { booked: false; error: string }

/** The shop's diary. It is kept in memory, with bounds, and forgotten when the process ends. */
export interface Diary {
  /** Books once for each key: who asks again under it reads what was said the first time. */
  book(key: string, asked: AskedAppointment): Booking
}

/** Bookings and keys that are remembered, people who serve at the same time, days that can be booked ahead. */
const REMEMBERED = 1_000
const SERVING = 3
const DAYS_AHEAD = 60

/** `now`: milliseconds since the epoch. */
export function openDiary(now: () => number): Diary {
  const answered = new LRUCache<string, Booking>({ max: REMEMBERED })
  const taken = new LRUCache<string, number>({ max: REMEMBERED })
  const isFree = (date: string, time: string) =>
    (taken.get(`${date} ${time}`) ?? 0) < SERVING && !isTakenByOthers(date, time)

  return {
    book(key, asked) {
      const before = answered.get(key)
      if (before) return before
      const answer = bookNow(key, asked)
      answered.set(key, answer)
      return answer
    },
  }

  function bookNow(key: string, { service, date, time }: AskedAppointment): Booking {
    const fault = dayFault(date, now())
    if (fault !== null) return { booked: false, error: fault }
    const hours = hoursOf(date).filter((hour) => `${date} ${hour}` > localTime(now()) && isFree(date, hour))
    if (!hours.includes(time)) {
      const free =
        hours.length === 0 ? 'Nothing is free on that day.' : `Free on that day: ${hours.join(', ')}.`
      return { booked: false, error: `${time} on ${date} cannot be had. ${free}` }
    }
    taken.set(`${date} ${time}`, (taken.get(`${date} ${time}`) ?? 0) + 1)
    return { booked: true, number: numberOf(key), service, date, time }
  }
}

/** Where the shop is. */
const ZONE = 'Asia/Jerusalem'

/** `YYYY-MM-DD HH:MM`, where the shop is. */
export function localTime(at: number): string {
  const format = { dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23', timeZone: ZONE } as const
  return new Intl.DateTimeFormat('sv-SE', format).format(at)
}

function dayFault(date: string, now: number): string | null {
  const today = localTime(now).slice(0, 10)
  if (Number.isNaN(Date.parse(date))) return `There is no day ${date}.`
  if (date < today) return `${date} is past.`
  if (Date.parse(date) - Date.parse(today) > DAYS_AHEAD * 86_400_000)
    return `Appointments can be made for the next ${String(DAYS_AHEAD)} days.`
  return hoursOf(date).length === 0 ? `The shop is closed on ${date}, a Saturday.` : null
}

/** As the help pages tell: Sunday to Thursday from 9 to 20, Friday to 14, Saturday closed. Every half hour begins one. */
function hoursOf(date: string): string[] {
  const weekday = new Date(date).getUTCDay()
  if (weekday === 6) return []
  const closes = weekday === 5 ? 14 : 20
  return Array.from({ length: (closes - 9) * 2 }, (_, half) => {
    const hour = String(9 + Math.floor(half / 2)).padStart(2, '0')
    return `${hour}:${half % 2 === 0 ? '00' : '30'}`
  })
}

/** Somebody is always there before: every third time or so, the same in all processes, but never at 10. */
function isTakenByOthers(date: string, time: string): boolean {
  return time !== '10:00' && (digest(`${date} ${time}`)[0] ?? 0) % 3 === 0
}

/** The same for the same key, whichever process is asked. */
function numberOf(key: string): string {
  return `A-${digest(key).toString('hex').slice(0, 6).toUpperCase()}`
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
