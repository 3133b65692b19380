import assert from 'node:assert/strict'
import fc from 'fast-check'
import { englishFaq, hebrewFaq, type FaqEntry } from '../../migrations/seeds/demo-faq.ts'
import { attributeSources, MOST_SOURCES, type ShownPassage } from '../../server/knowledge/sources.ts'
import { coreTime } from '../support/core-time.ts'

const find = (faq: readonly FaqEntry[], words: string[]): ShownPassage[] =>
  words.map((word) => {
    const entry = faq.find(({ question }) => question.toLowerCase().includes(word))
    assert.ok(entry, word)
    return { title: entry.question, content: entry.answer }
  })
const english = (...words: string[]) => find(englishFaq, words)
const hebrew = (...words: string[]) => find(hebrewFaq, words)

interface Case {
  answer: string
  shown: ShownPassage[]
  /** What the sources' titles must be like, in this order. */
  sources: RegExp[]
}

const CODES = [
  { title: 'Parking', content: 'The gate of the car park opens with 4711.' },
  { title: 'Lockers', content: 'Lockers open with the code on your receipt.' },
]

const CASES: readonly Case[] = [
  { answer: 'It is 4711.', shown: CODES, sources: [/Parking/] },
  { answer: 'הקוד הוא 4711.', shown: CODES, sources: [/Parking/] },
  {
    answer: 'Standard delivery takes **3–5 business days** and costs $6; it is free above $75.',
    shown: english('how long', 'abroad', 'refund', 'where is'),
    sources: [/^How long/],
  },
  {
    answer: 'Yes! We ship to Germany, as to all of Europe. It takes 7 to 12 business days and costs $19.',
    shown: english('how long', 'abroad', 'where is'),
    sources: [/abroad/],
  },
  {
    answer: 'You can send unworn items back within 30 days. Your refund arrives within 5 business days.',
    shown: english('change or cancel', 'how long', 'refund', 'another size'),
    sources: [/refunds/],
  },
  {
    answer: 'Yes, you can pay with PayPal.',
    shown: english('gift', 'pay?', 'refund'),
    sources: [/^How can I pay/],
  },
  {
    answer: 'The warranty on your tent lasts a lifetime; stoves are covered for two years.',
    shown: english('warranty', 'damaged'),
    sources: [/warranty/],
  },
  {
    answer:
      'Shipping costs $6 and takes 3 to 5 days. If it does not fit, send it back within 30 days with its tags on, ' +
      'and we refund you.',
    shown: english('how long', 'refund', 'where is', 'which size'),
    sources: [/refunds/, /^How long/],
  },
  {
    answer: 'We are closed on Saturday until one hour after Shabbat ends, then open until 11 pm.',
    shown: [...hebrew('שעות'), ...english('shops')],
    sources: [/shops open/],
  },
  {
    answer: 'You can write to help@acme-outfitters.example.',
    shown: english('where is', 'customer service'),
    sources: [/customer service/],
  },
  {
    answer: 'אפשר להחזיר את המוצר תוך 30 יום, עם התווית ובלי שימוש.',
    shown: [...hebrew('מידה', 'מחזירים'), ...english('refund')],
    sources: [/^איך מחזירים/],
  },
  {
    answer: 'משלוח רגיל עולה 25 ש״ח, וחינם בהזמנה מעל 280 ש״ח.',
    shown: [...hebrew('תשלום', 'המשלוח'), ...english('how long')],
    sources: [/^כמה זמן/],
  },
  {
    answer: 'אנחנו סגורים בשבת, ופותחים שעה אחרי צאת השבת.',
    shown: hebrew('קשר', 'שעות'),
    sources: [/שעות/],
  },
  {
    answer: 'המשלוח לגרמניה עולה $19 ומגיע תוך 7 עד 12 ימי עסקים.',
    shown: english('how long', 'abroad'),
    sources: [/abroad/],
  },
  {
    answer: 'אפשר להחזיר תוך 30 יום ולקבל את הכסף בתוך 5 ימי עסקים.',
    shown: english('how long', 'change', 'refund'),
    sources: [/refunds/],
  },
  {
    answer: 'כן, אפשר לשלם ב-PayPal וב-Apple Pay.',
    shown: english('gift', 'pay?'),
    sources: [/^How can I pay/],
  },
  {
    answer: 'אפשר לכתוב ל-help@acme-outfitters.example.',
    shown: english('customer', 'where'),
    sources: [/customer/],
  },
  {
    answer: 'Express delivery costs 65 ILS, and standard delivery 25 ILS, free above 280.',
    shown: hebrew('המשלוח', 'תשלום'),
    sources: [/^כמה זמן/],
  },
]

const OF_NOTHING: readonly [answer: string, shown: ShownPassage[]][] = [
  ['Hello! How can I help you today?', english('how long', 'refund', 'customer')],
  ['You are welcome! Have a great day.', english('how long', 'refund', 'shops')],
  ['I am sorry, I do not know whether we deliver to Mars.', english('abroad', 'how long', 'customer')],
  ['I’m sorry, I don’t have any information about shipping to Mars.', english('abroad', 'how long')],
  ['I could not find that. Shall I connect you with a person?', english('customer', 'abroad')],
  ['The price of that jacket is $249.', english('how long', 'wash', 'pay?')],
  [
    'Your order 10432 was shipped on Monday and should arrive tomorrow.',
    english('how long', 'where', 'change'),
  ],
  ['שלום! איך אפשר לעזור?', [...hebrew('המשלוח', 'קשר'), ...english('customer')]],
  ['בשמחה! יום נעים.', hebrew('המשלוח', 'שעות')],
  ['מצטער, אין לי מידע על משלוח למאדים.', hebrew('המשלוח', 'איפה')],
  ['ההזמנה שלך, 10432, נשלחה ביום שני.', english('how long', 'where')],
  ['', english('how long')],
  ['Standard delivery takes 3 to 5 business days and costs $6.', []],
]

describe('The sources of an answer', () => {
  for (const { answer, shown, sources } of CASES) {
    it(`are ${sources.map(String).join(' and ')} for "${answer}"`, () => {
      const titles = attributeSources(answer, shown).map(({ title }) => title)
      assert.equal(titles.length, sources.length, titles.join(' | '))
      for (const [index, pattern] of sources.entries()) assert.match(titles[index] ?? '', pattern)
    })
  }

  for (const [answer, shown] of OF_NOTHING) {
    it(`are none for "${answer}"`, () => assert.deepEqual(attributeSources(answer, shown), []))
  }

  const tents = 'Our tents weigh 1.9 kg, stand a storm of 90 km/h and come in olive and sand.'

  it('carry the address of the page, when a browser may open it', () => {
    const url = 'https://shop.example/tents'
    assert.deepEqual(attributeSources(tents, [{ title: 'Tents', content: tents, url }]), [
      { title: 'Tents', url },
    ])
    for (const bad of ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//shop.example']) {
      assert.deepEqual(attributeSources(tents, [{ title: 'Tents', content: tents, url: bad }]), [
        { title: 'Tents' },
      ])
    }
  })

  it('are found by the address that an answer names', () => {
    const pages = ['tents', 'boots'].map((name) => ({
      title: name,
      content: 'See the pictures.',
      url: `https://www.shop.example/${name}/`,
    }))
    const [source, ...others] = attributeSources('יש תמונות כאן: https://shop.example/boots.', pages)
    assert.deepEqual([source?.title, others], ['boots', []])
  })

  it('are told once, though a passage was shown twice', () => {
    const passage = { title: 'Tents', content: tents }
    assert.deepEqual(attributeSources(tents, [passage, { ...passage }, passage]), [{ title: 'Tents' }])
  })

  it('are three at most, the best first', () => {
    const shown = [
      'olive lemon cherry',
      'mustard pepper salt',
      'copper silver bronze',
      'linen cotton velvet',
    ].map((words) => ({ title: words, content: words }))
    const answer = `${shown.map(({ content }) => content).join(', ')}, and olive lemon cherry: 12.90`
    const sources = attributeSources(answer, [
      ...shown,
      { title: 'All', content: 'linen cotton velvet, 12.90' },
    ])
    assert.equal(sources.length, MOST_SOURCES)
    assert.equal(sources[0]?.title, 'All')
  })

  it('take numbers for the same, however they are written', () => {
    const shown = [{ title: 'Prices', content: 'The expedition tent costs $1,250.00 and the pump $40.' }]
    assert.equal(attributeSources('המחיר: 1250 דולר, והמשאבה 40.', shown).length, 1)
  })

  it('are the same for the same answer, and come from what was shown, whatever it is', () => {
    const word = fc.constantFrom(
      'tent',
      'tents',
      'boots',
      '30',
      '$6',
      'משלוח',
      'המשלוח',
      'PayPal',
      '😀',
      ' ',
      '\n',
      '<',
      'x@y.z',
    )
    const text = fc.array(word, { maxLength: 30 }).map((words) => words.join(' '))
    const passage = fc.record({ title: text, content: text })
    fc.assert(
      fc.property(text, fc.array(passage, { maxLength: 6 }), (answer, shown) => {
        const sources = attributeSources(answer, shown)
        assert.deepEqual(attributeSources(answer, shown), sources)
        assert.ok(sources.length <= MOST_SOURCES)
        for (const { title } of sources) assert.ok(shown.some((one) => one.title === title))
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it('are found in a moment in a long answer of anything', async () => {
    const shown = Array.from({ length: 10 }, (_, index) => ({
      title: `T${index}`,
      content: 'a1 .-'.repeat(1_600),
    }))
    for (const part of ['a', '1 ', 'a.b@', 'http://', '(', 'x@y.', 'word ', '9.']) {
      const answer = part.repeat(40_000 / part.length)
      assert.ok((await coreTime(() => attributeSources(answer, shown))) < 2_000, part)
    }
  })
})
