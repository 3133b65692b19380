import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createWallClock } from '../../server/infra/wall-clock.ts'

const shown = (text: string) => Date.parse(`${text}Z`)
const momentOf = (zone: string, text: string) =>
  new Date(createWallClock(zone).momentOf(shown(text))).toISOString().replace('.000', '')

describe('The clocks of a time zone', () => {
  it('show the time of the zone', () => {
    const clock = createWallClock('Asia/Jerusalem')
    assert.equal(clock.read(Date.parse('2026-11-23T12:30:15.250Z')), shown('2026-11-23T14:30:15.250'))
    assert.equal(clock.read(-1), shown('1970-01-01T01:59:59.999'))
    assert.equal(createWallClock('Asia/Kathmandu').read(0), shown('1970-01-01T05:30:00'))
  })

  it('show a time at one moment, in winter and in summer', () => {
    assert.equal(momentOf('Asia/Jerusalem', '2026-11-23T09:00:00'), '2026-11-23T07:00:00Z')
    assert.equal(momentOf('Asia/Jerusalem', '2026-07-23T09:00:00'), '2026-07-23T06:00:00Z')
    assert.equal(momentOf('UTC', '2026-07-23T09:00:00'), '2026-07-23T09:00:00Z')
  })

  it('show twice what they are set back over: the first counts', () => {
    assert.equal(momentOf('America/New_York', '2026-11-01T01:30:00'), '2026-11-01T05:30:00Z')
    assert.equal(momentOf('Australia/Lord_Howe', '2026-04-05T01:45:00'), '2026-04-04T14:45:00Z')
  })

  it('never show what they are set forward over: it is as much later', () => {
    assert.equal(momentOf('America/New_York', '2026-03-08T02:30:00'), '2026-03-08T07:30:00Z')
    assert.equal(momentOf('Asia/Beirut', '2026-03-29T00:15:00'), '2026-03-28T22:15:00Z')
  })

  it('show again what a moment was made of, in any zone at any time', () => {
    const zones = fc.constantFrom(
      'Asia/Jerusalem',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
    )
    const moments = fc.integer({ min: Date.parse('2000-01-01Z'), max: Date.parse('2037-01-01Z') })
    fc.assert(
      fc.property(zones, moments, (zone, moment) => {
        const clock = createWallClock(zone)
        const again = clock.momentOf(clock.read(moment))
        assert.equal(clock.read(again), clock.read(moment))
        assert.ok(again <= moment && moment - again <= 60 * 60_000)
      }),
      { seed: 20261123, numRuns: 150 },
    )
  })
})
