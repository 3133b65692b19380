/** The clocks on the walls of a time zone. A moment is in milliseconds since the epoch. */
export interface WallClock {
  /** What the clocks show at a moment: the milliseconds of the same date and time in UTC. */
  read(moment: number): number
  /**
   * The moment at which they show this. Twice, when clocks are set back: the first time. Never, when they are set
   * forward: as long after the last hour before as if they had not been. (RFC 5545, 3.3.5; Temporal's `compatible`.)
   */
  momentOf(shown: number): number
}

const DAY_MS = 24 * 60 * 60_000

/** The clocks of a zone of IANA. Throws a RangeError where there is none. */
export function createWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23', timeZone },
  })

  function read(moment: number): number {
    const parts = Object.fromEntries(
      format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    )
    const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = parts
    const ms = ((moment % 1_000) + 1_000) % 1_000
    return Date.UTC(year, month - 1, day, hour, minute, second, ms)
  }

  return {
    read,
    momentOf(shown) {
      // No zone is a day off, so that these two see it before and after whatever happens to it near by.
      const [before, after] = [shown - DAY_MS, shown + DAY_MS].map((near) => shown - (read(near) - near)) as [
        number,
        number,
      ]
      const shows = [before, after].filter((moment) => read(moment) === shown)
      return shows.length > 0 ? Math.min(...shows) : before
    },
  }
}
