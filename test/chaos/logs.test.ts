import assert from 'node:assert/strict'
import { CANARY } from './answers.ts'
import { readLogs } from './logs.ts'

const line = (level: string, msg: string, more = {}) => JSON.stringify({ level, msg, ...more })

describe('Reading the logs of a chaos run', () => {
  it('counts lines, and passes over what is for people', () => {
    const said = [`${line('info', 'up')}\n\n  Parlor is up.\n${line('info', 'up')}`, line('warn', 'away')]
    assert.deepEqual(readLogs(said, []), {
      breaches: [],
      counts: [
        ['info  up', 2],
        ['warn  away', 1],
      ],
    })
  })

  it('finds words of people, tokens, errors, and lines that are not JSON', () => {
    const said = [
      line('info', 'received', { text: `${CANARY} [v1.1] hello` }),
      line('info', 'let in', { token: 's3cr3t' }),
      line('error', 'turn broke'),
      '(node:7) Warning: something',
    ]
    assert.equal(readLogs(said, ['s3cr3t']).breaches.length, 4)
  })
})
