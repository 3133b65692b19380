import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { BusinessHours } from '../../protocol/business-hours.ts'
import { DAYS } from '../../protocol/week-days.ts'
import { openingAt } from '../../server/clients/opening.ts'
import { createWallClock } from '../../server/infra/wall-clock.ts'

const span = (from: string, to: string) => ({ from, to })
const office = [span('09:00', '17:00')]
const WEEKDAYS: BusinessHours = {
  week: { monday: office, tuesday: office, wednesday: office, thursday: office, friday: office },
}

/** `open`, or when it opens: as ISO without seconds; `never` within a year. */
function at(moment: string, hours = WEEKDAYS, zone = 'UTC'): string {
  const { open, opens_at } = openingAt(hours, zone, new Date(moment))
  if (open) assert.equal(opens_at, null)
  return open ? 'open' : (opens_at?.toISOString().slice(0, 16) ?? 'never')
}

describe('Business hours', () => {
  it('begin to the minute, and end before theirs', () => {
    assert.equal(at('2026-11-23T08:59:59.999Z'), '2026-11-23T09:00')
    assert.equal(at('2026-11-23T09:00:00Z'), 'open')
    assert.equal(at('2026-11-23T16:59:59.999Z'), 'open')
    assert.equal(at('2026-11-23T17:00:00Z'), '2026-11-24T09:00')
  })

  it('begin again after days without any', () => {
    assert.equal(at('2026-11-27T17:00:00Z'), '2026-11-30T09:00')
    assert.equal(at('2026-11-28T12:00:00Z'), '2026-11-30T09:00')
    assert.equal(at('2026-11-23T00:00:00Z', { week: { sunday: office } }), '2026-11-29T09:00')
  })

  it('are those of the clocks of the business', () => {
    assert.equal(at('2026-11-23T06:59:00Z', WEEKDAYS, 'Asia/Jerusalem'), '2026-11-23T07:00')
    assert.equal(at('2026-11-23T07:00:00Z', WEEKDAYS, 'Asia/Jerusalem'), 'open')
    // There it is Monday already, and still Sunday.
    assert.equal(at('2026-11-22T20:00:00Z', WEEKDAYS, 'Pacific/Auckland'), 'open')
    assert.equal(at('2026-11-23T01:00:00Z', WEEKDAYS, 'America/Los_Angeles'), '2026-11-23T17:00')
  })

  it('may be several in a day, in any order', () => {
    const hours = { week: { monday: [span('14:00', '18:00'), span('09:00', '12:00')] } }
    assert.equal(at('2026-11-23T08:00:00Z', hours), '2026-11-23T09:00')
    assert.equal(at('2026-11-23T12:00:00Z', hours), '2026-11-23T14:00')
    assert.equal(at('2026-11-23T14:00:00Z', hours), 'open')
    assert.equal(at('2026-11-23T18:00:00Z', hours), '2026-11-30T09:00')
  })

  it('go on after midnight, as those of the day on which they began', () => {
    const hours = { week: { saturday: [span('20:00', '02:00')] } }
    assert.equal(at('2026-11-28T19:59:00Z', hours), '2026-11-28T20:00')
    assert.equal(at('2026-11-28T23:59:00Z', hours), 'open')
    assert.equal(at('2026-11-29T01:59:00Z', hours), 'open')
    assert.equal(at('2026-11-29T02:00:00Z', hours), '2026-12-05T20:00')
  })

  it('may last the whole day, and the whole week', () => {
    const monday = { week: { monday: [span('00:00', '24:00')] } }
    assert.equal(at('2026-11-23T23:59:59Z', monday), 'open')
    assert.equal(at('2026-11-24T00:00:00Z', monday), '2026-11-30T00:00')
    assert.equal(at('2026-11-24T07:59:00Z', { week: { monday: [span('08:00', '08:00')] } }), 'open')
    const always = { week: Object.fromEntries(DAYS.map((day) => [day, monday.week.monday])) }
    for (const hour of [0, 5, 12, 23])
      assert.equal(at(new Date(Date.UTC(2026, 10, 29, hour)).toISOString(), always), 'open')
  })

  it('are others on a date that is an exception, or none', () => {
    const hours = {
      ...WEEKDAYS,
      exceptions: {
        '2026-12-24': [span('09:00', '12:00')],
        '2026-12-25': [],
        '2026-12-26': [span('10:00', '11:00')],
      },
    }
    assert.equal(at('2026-12-24T11:59:00Z', hours), 'open')
    assert.equal(at('2026-12-24T12:00:00Z', hours), '2026-12-26T10:00')
    assert.equal(at('2026-12-26T11:00:00Z', hours), '2026-12-28T09:00')
  })

  it('that began the evening before an exception end as they would have', () => {
    const hours = {
      week: { thursday: [span('20:00', '02:00')], friday: office },
      exceptions: { '2026-12-25': [] },
    }
    assert.equal(at('2026-12-25T01:30:00Z', hours), 'open')
    assert.equal(at('2026-12-25T10:00:00Z', hours), '2026-12-31T20:00')
  })

  it('that are only exceptions are found up to a year ahead', () => {
    const hours = { week: {}, exceptions: { '2027-11-20': office } }
    assert.equal(at('2026-11-23T00:00:00Z', hours), '2027-11-20T09:00')
    assert.equal(at('2026-11-01T00:00:00Z', hours), 'never')
    assert.equal(at('2026-11-23T00:00:00Z', { week: {} }), 'never')
  })

  it('stay where the clocks show them when these are set forward or back', () => {
    // America/New_York: forward on 2026-03-08 and back on 2026-11-01, Sundays both.
    const sundays = { week: { sunday: office } }
    assert.equal(at('2026-03-07T12:00:00Z', sundays, 'America/New_York'), '2026-03-08T13:00')
    assert.equal(at('2026-10-31T12:00:00Z', sundays, 'America/New_York'), '2026-11-01T14:00')
    assert.equal(at('2026-11-01T21:59:00Z', sundays, 'America/New_York'), 'open')
  })

  it('over a night in which clocks are set are an hour shorter or longer', () => {
    const nights = { week: { saturday: [span('22:00', '04:00')] } }
    const opened = (from: string) => {
      const begin = Date.parse(from)
      const minutes = Array.from({ length: 12 * 60 }, (_, minute) => new Date(begin + minute * 60_000))
      return minutes.filter((minute) => openingAt(nights, 'America/New_York', minute).open).length / 60
    }
    assert.deepEqual(
      [opened('2026-03-08T01:00:00Z'), opened('2026-11-01T00:00:00Z'), opened('2026-11-15T01:00:00Z')],
      [5, 7, 6],
    )
  })

  it('within the hour that is left out move after it, or are none', () => {
    const within = { week: { sunday: [span('02:15', '02:45')] } }
    assert.equal(at('2026-03-08T06:00:00Z', within, 'America/New_York'), '2026-03-08T07:15')
    assert.equal(at('2026-03-08T07:30:00Z', within, 'America/New_York'), 'open')
    const gone = { week: { sunday: [span('02:30', '03:15')] } }
    assert.equal(at('2026-03-08T06:00:00Z', gone, 'America/New_York'), '2026-03-15T06:30')
    assert.equal(at('2026-03-08T07:10:00Z', gone, 'America/New_York'), '2026-03-15T06:30')
  })

  it('are open from the moment they promise, and not a moment before, whatever they are', () => {
    const time = fc.integer({ min: 0, max: 95 }).map((quarter) => {
      const minutes = quarter * 15
      return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    })
    const spans = fc.array(fc.record({ from: time, to: time }), { maxLength: 2 })
    const week = fc.record(Object.fromEntries(DAYS.map((day) => [day, spans])), { requiredKeys: [] })
    const zones = fc.constantFrom('UTC', 'Asia/Jerusalem', 'America/New_York', 'Australia/Lord_Howe')
    const moments = fc.integer({ min: Date.parse('2026-01-01Z'), max: Date.parse('2027-01-01Z') })
    fc.assert(
      fc.property(week, zones, moments, (some, zone, moment) => {
        const hours: BusinessHours = { week: some }
        const { open, opens_at } = openingAt(hours, zone, new Date(moment))
        if (open || opens_at === null) return
        assert.ok(opens_at.getTime() > moment)
        assert.equal(openingAt(hours, zone, opens_at).open, true)
        assert.equal(openingAt(hours, zone, new Date(opens_at.getTime() - 1)).open, false)
        assert.equal(createWallClock(zone).read(opens_at.getTime()) % (15 * 60_000), 0)
      }),
      { seed: 20261123, numRuns: 150 },
    )
  })
})
