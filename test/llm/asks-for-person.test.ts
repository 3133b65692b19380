import assert from 'node:assert/strict'
import { asksForPerson } from '../../server/llm/asks-for-person.ts'
import { coreTime } from '../support/core-time.ts'

const ASKS = [
  'Can I talk to a human?',
  'I want to speak with someone please',
  'please connect me to an agent',
  'let me talk to a real person',
  'Could you put me through to your customer service representative',
  'I need a human',
  'I want a real person, not a bot',
  'agent',
  'Human please!',
  'representative, please',
  'transfer me to one of your staff',
  'אני רוצה לדבר עם נציג',
  'אפשר נציג?',
  'תעבירו אותי לנציג בבקשה',
  'אפשר לדבר עם בן אדם?',
  'נציג',
  'נציגה בבקשה',
  'אני צריך נציג אנושי',
  'רוצה לשוחח עם מישהו אנושי',
]

const DOES_NOT = [
  'Is this a real person?',
  'Do you have a tent for one person?',
  'Which cleaning agent do you recommend?',
  'A gift for somebody who likes hiking',
  'I want boots for two people',
  'Does your staff wear these?',
  'Do humans or robots pack this?',
  'I need an operator manual',
  'How do I talk about returns?',
  'האם הנציגים שלכם עובדים בשבת?',
  'יש לכם אוהל לאדם אחד?',
  'מה שעות הפעילות של נציגי המכירות?',
  'אני רוצה מתנה למישהו',
  '',
]

describe('Asking for a person', () => {
  for (const text of ASKS)
    it(`is heard in "${text}"`, () => {
      assert.equal(asksForPerson(text), true)
    })
  for (const text of DOES_NOT)
    it(`is not heard in "${text}"`, () => {
      assert.equal(asksForPerson(text), false)
    })

  it('takes no longer for a long text', async () => {
    const long = 'talk to '.repeat(1_000) + 'לדבר עם '.repeat(1_000)
    assert.ok((await coreTime(() => asksForPerson(long))) < 200)
  })
})
