import assert from 'node:assert/strict'
import { TURN_LIMITS } from '../../server/conversation/limits.ts'
import { Typing } from '../../server/conversation/typing.ts'

const patient = { ...TURN_LIMITS, typingPause: 60_000, typingHolds: 60_000 }
const never = new AbortController().signal

describe('Waiting for a visitor who types', () => {
  it('does not wait for one who does not', async () => {
    await new Typing(patient).settled('session', never)
  })

  it('ends when the visitor stops typing', async () => {
    const typing = new Typing(patient)
    typing.set('session', true)
    const settled = typing.settled('session', never)
    typing.set('session', false)
    await settled
  })

  it('ends after the pause, however long the visitor types', async () => {
    const typing = new Typing({ ...patient, typingPause: 5 })
    typing.set('session', true)
    await typing.settled('session', never)
  })

  it('does not believe in a keystroke of long ago', async () => {
    const typing = new Typing({ ...patient, typingHolds: 0 })
    typing.set('session', true)
    await typing.settled('session', never)
  })

  it('is broken off by its signal', async () => {
    const typing = new Typing(patient)
    typing.set('session', true)
    const stop = new AbortController()
    const settled = typing.settled('session', stop.signal)
    stop.abort()
    await assert.rejects(settled)
  })
})
