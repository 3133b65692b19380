/** How a language writes what is no word. Times are those of the browser's zone. */
export interface Formats {
  number(value: number): string
  /** US dollars. */
  money(value: number): string
  /** Of 1. */
  percent(share: number): string
  /** "2.4 s", "310 ms". */
  duration(ms: number): string
  bytes(count: number): string
  date(iso: string): string
  time(iso: string): string
  dateTime(iso: string): string
  /** "3 minutes ago", as of now. */
  ago(iso: string, now?: number): string
}

const STEPS = [
  ['second', 60],
  ['minute', 60],
  ['hour', 24],
  ['day', 7],
  ['week', 4.35],
  ['month', 12],
  ['year', Infinity],
] as const satisfies [Intl.RelativeTimeFormatUnit, number][]

export function createFormats(language: string): Formats {
  const formats = createIntl(language)
  const of = (iso: string, format: Intl.DateTimeFormat) => format.format(new Date(iso))
  return {
    number: (value) => formats.number.format(value),
    money: (value) => (Math.abs(value) < 1 && value !== 0 ? formats.cents : formats.money).format(value),
    percent: (share) => formats.percent.format(share),
    duration: (ms) => (ms < 1_000 ? formats.ms.format(Math.round(ms)) : formats.seconds.format(ms / 1_000)),
    bytes: (count) =>
      count < 1_048_576
        ? formats.kilobytes.format(count / 1_024)
        : formats.megabytes.format(count / 1_048_576),
    date: (iso) => of(iso, formats.date),
    time: (iso) => of(iso, formats.time),
    dateTime: (iso) => of(iso, formats.dateTime),
    ago(iso, now = Date.now()) {
      let distance = (Date.parse(iso) - now) / 1_000
      for (const [unit, size] of STEPS) {
        if (Math.abs(distance) < size) return formats.relative.format(Math.round(distance), unit)
        distance /= size
      }
      return of(iso, formats.date)
    },
  }
}

function createIntl(language: string) {
  const unit = (name: string, digits: number) =>
    new Intl.NumberFormat(language, {
      ...{ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits },
    })
  const usd = (digits: number) =>
    new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: digits })
  return {
    number: new Intl.NumberFormat(language),
    money: usd(2),
    cents: usd(4),
    percent: new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }),
    ms: unit('millisecond', 0),
    seconds: unit('second', 1),
    kilobytes: unit('kilobyte', 1),
    megabytes: unit('megabyte', 1),
    date: new Intl.DateTimeFormat(language, { dateStyle: 'medium' }),
    time: new Intl.DateTimeFormat(language, { timeStyle: 'short' }),
    dateTime: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
    relative: new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }),
  }
}
