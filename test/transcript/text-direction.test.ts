import assert from 'node:assert/strict'
import fc from 'fast-check'
import {
  directionAsked,
  directionOfAnswer,
  directionOfPart,
  directionOfText,
  type Direction,
} from '../../transcript/text-direction.ts'
import { answer, visitorMessage } from '../widget/cast.ts'

describe('the direction of what a visitor wrote', () => {
  const cases: [text: string, direction: Direction | null][] = [
    ['מתי אתם פתוחים?', 'rtl'],
    ['AB-1042 לא הגיעה', 'rtl'],
    ['כמה עולה iPhone 15 Pro Max?', 'rtl'],
    ['https://shop.example/boots?a=b זה קיים במידה 42?', 'rtl'],
    ['2 זוגות, בבקשה', 'rtl'],
    ['👟 נעליים', 'rtl'],
    ['Acme Outfitters Tel Aviv פתוחה היום?', 'rtl'],
    ['`npm install some thing` לא עובד', 'rtl'],
    ['أين طلبي AB-1042؟', 'rtl'],
    ['Where is the parcel for משה כהן?', 'ltr'],
    ['משה כהן ordered a pair of boots', 'ltr'],
    ['3 pairs of נעליים please', 'ltr'],
    ['Привет', 'ltr'],
    ['靴はありますか', 'ltr'],
    ['AB-1042', null],
    ['12:30 – 14:00 😀 +972-3-555-1234', null],
    ['https://shop.example/a dana@shop.example', null],
    ['', null],
  ]
  for (const [text, direction] of cases)
    it(`is ${direction ?? 'none'} for ${JSON.stringify(text)}`, () => {
      assert.equal(directionOfText(text, null), direction)
    })

  it('is the usual one where no word says otherwise', () => {
    assert.equal(directionOfText('AB-1042', 'rtl'), 'rtl')
    assert.equal(directionOfText('AB-1042', 'ltr'), 'ltr')
  })
})

describe('the direction of an answer', () => {
  /** What is asked in one language is answered in it: from the first character to the last, on one side. */
  const steady: [expected: Direction, text: string][] = [
    ['rtl', 'AB-1042 נשלחה אתמול, ותגיע מחר.'],
    ['rtl', 'Acme Outfitters Tel Aviv פתוחה עד 20:00.'],
    ['rtl', '3 זוגות במלאי: Trail 42, Rain 43.'],
    ['rtl', 'https://shop.example/returns כאן כתוב הכול.'],
    ['rtl', '🎉 ההזמנה בדרך!'],
    ['rtl', '`git push origin main` שולח את הקוד.'],
    ['rtl', '- Trail Boots\n- Rain Jacket\n\nשניהם במלאי.'],
    ['rtl', '**Acme** (AB-1042) מאשרת.'],
    ['ltr', 'משה כהן ordered AB-1042 on Monday, and paid.'],
    ['ltr', '"שלום" means hello and goodbye.'],
    ['ltr', 'Hi שרה כהן לוי בן דוד, your order is on its way.'],
    ['ltr', '1. בן יהודה 12, Tel Aviv is open.'],
  ]
  for (const [expected, text] of steady)
    it(`never leaves ${expected} in ${JSON.stringify(text)}`, () => {
      for (const [prefix, open] of growing(text))
        assert.equal(directionOfAnswer(prefix, expected, open), expected, prefix)
    })

  it('changes once and early where the answer is in another language than its question', () => {
    const changesAt = (text: string, expected: Direction) => {
      const told = growing(text).map(([prefix, open]) => directionOfAnswer(prefix, expected, open))
      const changes = told.flatMap((one, at) => (at > 0 && one !== told[at - 1] ? [at] : []))
      assert.ok(changes.length <= 1, `${text}: ${changes.join()}`)
      return text.slice(0, changes[0] ?? -1)
    }
    assert.equal(changesAt('Your order has been shipped.', 'rtl'), 'Your order has')
    assert.equal(changesAt('ההזמנה שלכם נשלחה אתמול.', 'ltr'), 'ההזמנה שלכם ')
    assert.equal(changesAt('Yes.', 'rtl'), 'Yes.')
  })

  it('changes at most once whatever comes, and never after a word of its own', () => {
    const pieces = [
      'שלום',
      'hello',
      'Acme',
      'AB-1042',
      '12',
      '`code here`',
      '**',
      '👋',
      'a@b.example',
      '\n\n- ',
      '?',
    ]
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 12 }),
        fc.constantFrom('ltr' as const, 'rtl' as const),
        (words, expected) => {
          const told = growing(words.join(' ')).map(([text, open]) => directionOfAnswer(text, expected, open))
          const changes = told.filter((one, at) => at > 0 && one !== told[at - 1]).length
          assert.ok(changes <= 1)
          assert.equal(told[0] ?? expected, expected)
          const own = words.find((word) => /^(שלום|hello)$/.test(word))
          if (own && (own === 'שלום') === (expected === 'rtl'))
            assert.ok(!told.slice(0, -1).includes(other(expected)))
        },
      ),
      { seed: 2026, numRuns: 500 },
    )
  })

  it('is left by a part only for a sentence of another language', () => {
    assert.equal(directionOfPart('Trail Boots 42', 'rtl', false), 'rtl')
    assert.equal(directionOfPart('How do you do?', 'rtl', false), 'ltr')
    assert.equal(directionOfPart('משה כהן', 'ltr', false), 'ltr')
    assert.equal(directionOfPart('מה שלומך היום?', 'ltr', false), 'rtl')
    assert.equal(directionOfPart('AB-1042', 'rtl', true), 'rtl')
  })

  it('is expected to be that of the last words of the visitor before it', () => {
    const rows = [
      visitorMessage(1, 'מתי?'),
      answer(2, 1, 1, 'Now, as I said before.'),
      visitorMessage(3, 'AB-1042'),
      visitorMessage(4, 'in English please'),
    ]
    assert.equal(directionAsked(rows, 3, 'ltr'), 'rtl')
    assert.equal(directionAsked(rows, 4, 'rtl'), 'ltr')
    assert.equal(directionAsked([], 3, 'rtl'), 'rtl')
  })
})

/** Every beginning of the text while it is open, and then all of it. */
function growing(text: string): [text: string, open: boolean][] {
  const ends = Array.from({ length: text.length }, (_, end) => end + 1)
  return [...ends.map((end): [string, boolean] => [text.slice(0, end), true]), [text, false]]
}

function other(direction: Direction): Direction {
  return direction === 'ltr' ? 'rtl' : 'ltr'
}
