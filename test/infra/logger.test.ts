import assert from 'node:assert/strict'
import { UniqueConstraintError } from 'sequelize'
import { describeError } from '../../server/infra/logger.ts'

describe('the log', () => {
  it('tells an error with its stack, its code and its causes', () => {
    const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' })
    const told = describeError(new TypeError('no database', { cause })) as Record<string, unknown>
    assert.equal(told['type'], 'TypeError')
    assert.match(String(told['stack']), /logger\.test/)
    assert.deepEqual(
      { ...(told['cause'] as object), stack: '' },
      {
        type: 'Error',
        message: 'connect refused',
        code: 'ECONNREFUSED',
        stack: '',
      },
    )
  })

  it('leaves out the values that a database error carries', () => {
    const parent = Object.assign(new Error('duplicate key'), {
      detail: 'Key (content)=(my secret) already exists.',
      sql: "INSERT INTO messages VALUES ('my secret')",
      parameters: ['my secret'],
    })
    const told = JSON.stringify(
      describeError(new UniqueConstraintError({ parent, message: 'Validation error' })),
    )
    assert.ok(!told.includes('my secret'), told)
  })

  it('does not follow a chain of causes for ever', () => {
    const error = new Error('round')
    error.cause = error
    assert.ok(JSON.stringify(describeError(error)).length < 20_000)
  })

  it('does not print what somebody threw that is no error', () => {
    assert.equal(describeError('my secret'), 'string')
  })
})
