import assert from 'node:assert/strict'
import { dayAndTime, timeUntil } from '../../widget/frame/opening.ts'
import { isLeftAlone, personSpeaking } from '../../widget/frame/speaking.ts'
import { EMPTY_TRANSCRIPT, type Transcript } from '../../widget/frame/transcript.ts'
import { answer, conversation, visitorMessage } from './cast.ts'

describe('When the business is back', () => {
  const friday = new Date(2026, 10, 20, 17, 30)

  it('is a time today, a day of this week, or a date', () => {
    const back = (...at: [number, number, number, number]) => dayAndTime(new Date(...at), friday, 'en-GB')
    assert.deepEqual(back(2026, 10, 20, 18), { day: null, time: '18:00' })
    assert.deepEqual(back(2026, 10, 21, 9), { day: 'Saturday', time: '9:00' })
    assert.deepEqual(back(2026, 10, 26, 9), { day: 'Thursday', time: '9:00' })
    assert.deepEqual(back(2026, 10, 27, 9), { day: '27 November', time: '9:00' })
  })

  it('is said in the language of the visitor', () => {
    assert.deepEqual(dayAndTime(new Date(2026, 10, 23, 9), friday, 'he'), { day: 'יום שני', time: '9:00' })
    assert.equal(timeUntil(39_200, 'en'), 'in 40 seconds')
    assert.equal(timeUntil(100_000, 'en'), 'in 2 minutes')
    assert.equal(timeUntil(9_000_000, 'he'), 'בעוד 3 שעות')
  })
})

describe('Who speaks', () => {
  const handed: Transcript = {
    ...EMPTY_TRANSCRIPT,
    conversation: conversation(1, { state: 'agent', epoch: 2 }),
    epoch: 2,
  }
  const dana = { ...answer(3, 1, 0), role: 'agent' as const, author: { name: 'Dana' } }

  it('is nobody but the AI until a person has taken over', () => {
    const held = { ...handed, conversation: conversation() }
    assert.equal(personSpeaking(held, { epoch: 2, name: 'Dana' }, 'Team'), null)
  })

  it('is who has joined, else who wrote last, else the team', () => {
    const noa = { epoch: 2, name: 'Noa', avatar_url: 'https://shop.example/noa.png' }
    assert.equal(personSpeaking({ ...handed, messages: [dana] }, noa, 'Team'), noa)
    assert.deepEqual(
      personSpeaking({ ...handed, messages: [dana] }, { ...noa, epoch: 1 }, 'Team'),
      dana.author,
    )
    assert.deepEqual(personSpeaking(handed, null, 'Team'), { name: 'Team' })
  })

  it('is awaited in vain where the last word about it is the system’s', () => {
    const system = { ...visitorMessage(4, 'Nobody is there.'), role: 'system' as const }
    const messages = [visitorMessage(1), dana, system, visitorMessage(5), answer(6, 5, 2)]
    assert.equal(isLeftAlone({ ...handed, messages }), true)
    assert.equal(isLeftAlone({ ...handed, messages: [system, { ...dana, seq: 7 }] }), false)
    assert.equal(isLeftAlone({ ...handed, messages: [{ ...system, content: '' }] }), false)
  })
})
