import assert from 'node:assert/strict'
import fc from 'fast-check'
import { hearLanguage, languageOf } from '../../server/infra/language.ts'

const told = (text: string) => hearLanguage([text], null)
const tells = (language: string | null) => ({ language, from: 'last message' })

describe('The language of a visitor', () => {
  it('is told by a script that one language uses', () => {
    const samples: [string, string][] = [
      ['כן', 'he'],
      ['מתי אתם פתוחים?', 'he'],
      ['متى يصل طلبي؟', 'ar'],
      ['πού είναι η παραγγελία μου', 'el'],
      ['返品できますか', 'ja'],
      ['배송은 얼마나 걸려요?', 'ko'],
      ['ส่งของกี่วัน', 'th'],
      ['որտե՞ղ է իմ պատվերը', 'hy'],
      ['სად არის ჩემი შეკვეთა', 'ka'],
    ]
    for (const [text, language] of samples) assert.deepEqual(told(text), tells(language), text)
  })

  it('is left to the model where many languages share the letters', () => {
    const samples = [
      'where is my order',
      'wo ist mein Paket',
      'c’est combien ?',
      'WHERE IS MY ORDER',
      'где мой заказ',
      'де моє замовлення',
      'سفارش من کجاست',
      '可以退货吗',
      'मेरा ऑर्डर कहाँ है',
    ]
    for (const text of samples) assert.deepEqual(told(text), tells(null), text)
  })

  it('is Hebrew where names of products stand between Hebrew words, in whatever case', () => {
    const samples = [
      'יש לכם Acme Alpine Pro Jacket?',
      'יש לכם acme alpine pro jacket xl?',
      'כמה עולה iPhone 17 Pro Max 512GB Space Black',
      'iPhone 17 Pro Max כמה עולה',
      'איפה ה-tracking number שלי',
      'need חולצה',
      'אפשר לשלם ב־Apple Pay או PayPal?',
    ]
    for (const text of samples) assert.deepEqual(told(text), tells('he'), text)
  })

  it('is not Hebrew where one Hebrew word stands in a sentence of another language', () => {
    const samples = [
      'what does the word שלום mean?',
      'שלום, do you ship to the netherlands?',
      'do you have the חולצה in blue',
    ]
    for (const text of samples) assert.deepEqual(told(text), tells(null), text)
  })

  it('is heard from earlier messages where the last one is a name, a number or too short', () => {
    const before = ['hello, I have a question', 'מתי אתם פתוחים?']
    for (const text of ['XL', '42', 'ok', 'PayPal?', '???', '😀', 'Acme Alpine Tent', 'A-10293', '']) {
      const heard = hearLanguage([...before, text], 'en-US')
      assert.deepEqual(heard, { language: 'he', from: 'earlier message' }, text)
    }
    assert.deepEqual(hearLanguage([...before, 'sorry, in english please'], 'he'), tells(null))
    assert.deepEqual(hearLanguage(['where is my order', 'XL'], 'he'), {
      language: null,
      from: 'earlier message',
    })
  })

  it('is that of the locale where no message tells it', () => {
    const of = (locale: string | null) => hearLanguage(['ok', '42'], locale)
    assert.deepEqual(of('he-IL'), { language: 'he', from: 'locale' })
    assert.deepEqual(of('iw'), { language: 'he', from: 'locale' })
    assert.deepEqual(of('pt-BR'), { language: 'pt', from: 'locale' })
    for (const locale of [null, '', 'not a locale', '../etc', 'x'])
      assert.deepEqual(of(locale), { language: null, from: null })
  })

  it('is one of those the server itself speaks, for its own words', () => {
    assert.equal(languageOf('מתי?', 'en'), 'he')
    assert.equal(languageOf('when are you open', 'he'), 'en')
    assert.equal(languageOf('XL', 'he'), 'he')
    assert.equal(languageOf('متى؟', 'he'), 'en')
    assert.equal(languageOf('', undefined), 'en')
    assert.equal(languageOf(['מתי?', '42'], 'en'), 'he')
  })

  it('is heard from whatever can be written, at once', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string(), (messages, locale) => {
        const { language, from } = hearLanguage(messages, locale)
        assert.ok(language === null || /^[a-z]{2,8}$/.test(language))
        assert.ok(from !== null || language === null)
      }),
    )
  })
})
