import assert from 'node:assert/strict'
import { mock } from 'node:test'
import { TypingSignal } from '../../transcript/typing-signal.ts'

describe('the typing signal', () => {
  let said: boolean[]
  let signal: TypingSignal

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] })
    said = []
    signal = new TypingSignal((typing) => said.push(typing))
  })
  afterEach(() => mock.timers.reset())

  it('is said once in three seconds, however fast somebody types', () => {
    for (let keys = 0; keys < 59; keys += 1) {
      signal.changed('x'.repeat(keys + 1))
      mock.timers.tick(100)
    }
    assert.deepEqual(said, [true, true])
  })

  it('is taken back after three seconds without a key', () => {
    signal.changed('hello')
    mock.timers.tick(2_999)
    assert.deepEqual(said, [true])
    mock.timers.tick(1)
    assert.deepEqual(said, [true, false])
  })

  it('is taken back at once when the text is sent or emptied', () => {
    signal.changed('hello')
    signal.changed('  ')
    signal.changed('again')
    signal.stop()
    mock.timers.tick(10_000)
    assert.deepEqual(said, [true, false, true, false])
  })

  it('says nothing of blanks', () => {
    signal.changed('   ')
    signal.stop()
    assert.deepEqual(said, [])
  })
})
