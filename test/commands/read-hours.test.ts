import assert from 'node:assert/strict'
import { BusinessHours } from '../../protocol/business-hours.ts'
import { readHours } from '../../server/commands/read-hours.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'

const office = [{ from: '09:00', to: '17:00' }]

describe('Hours on the command line', () => {
  it('are days, spans and dates', () => {
    assert.deepEqual(readHours('Mon-Wed 9:00-17:00, fri 09:00-12:00 13:00-15:30; 2026-12-25 closed'), {
      week: {
        ...{ monday: office, tuesday: office, wednesday: office },
        friday: [
          { from: '09:00', to: '12:00' },
          { from: '13:00', to: '15:30' },
        ],
      },
      exceptions: { '2026-12-25': [] },
    })
  })

  it('may go from the end of the week to its beginning', () => {
    assert.deepEqual(readHours('sat-mon 09:00-17:00'), {
      week: { saturday: office, sunday: office, monday: office },
    })
  })

  it('are refused in a sentence where they cannot be read', () => {
    for (const [text, said] of Object.entries({
      ' , ': /^There are no hours/,
      mon: /"mon" has no times/,
      'mon 9-17': /"mon 9-17" has no times/,
      'mon 09:00-17:00 closed': /has no times/,
      'someday 09:00-17:00': /"someday" is neither a day/,
      'mon-fri-sun 09:00-17:00': /"mon-fri-sun" is neither/,
      '2026-02-30 closed': /"2026-02-30" is neither/,
      'mon-fri 09:00-17:00, wed closed': /^wednesday is named twice/,
      '2026-12-25 closed, 2026-12-25 closed': /^2026-12-25 is named twice/,
    })) {
      const read = readHours(text)
      assert.ok(typeof read === 'string' && said.test(read), `${text}: ${JSON.stringify(read)}`)
    }
  })

  it('that no clock shows are refused by their schema', () => {
    const check = createSchemaCompiler()(BusinessHours)
    assert.equal(check(readHours('mon 00:00-24:00, tue 22:00-02:00')).ok, true)
    for (const times of ['25:00-26:00', '09:00-17:60', '24:00-24:00'])
      assert.equal(check(readHours(`mon ${times}`)).ok, false, times)
  })
})
