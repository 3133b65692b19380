import assert from 'node:assert/strict'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { keptOf } from '../support/heart.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { EVERY_VENDOR } from '../support/vendors/every-vendor.ts'
import { toolCalls, words } from '../support/vendors/scenarios.ts'
import type { AnyStandIn } from '../support/vendors/stand-in.ts'

/** Facts that stand only in the shop's FAQ, asked for in other words than it uses. */
const ASKED = [
  {
    language: 'English',
    question: 'the zip of my tent broke after three years, will you fix it?',
    fact: 'We repair first and replace what we cannot repair',
    answer: 'Yes: every tent has a lifetime warranty against faults of material and workmanship.',
    source: 'What does the warranty cover?',
  },
  {
    language: 'Hebrew',
    question: 'התרמיל נקרע אחרי שנתיים, תתקנו לי אותו?',
    fact: 'קודם מתקנים, ומחליפים מה שאי אפשר לתקן',
    answer: 'כן, לתרמילים יש אחריות לכל החיים על פגמי חומר וייצור.',
    source: 'מה מכסה האחריות?',
  },
]

describe('Knowledge in a turn', () => {
  let place: TestDatabase
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  for (const { name, start, providerAt } of EVERY_VENDOR) {
    describe(`with ${name}`, () => {
      let vendor: AnyStandIn
      let shop: Shop
      before(async () => {
        vendor = await start()
        shop = await openShop(place.database, providerAt(vendor.url))
      })
      after(async () => {
        await shop.stop()
        await vendor.close()
      })
      const requested = async () => JSON.stringify((await vendor.requests.take()).body)

      for (const { language, question, fact, answer, source } of ASKED) {
        it(`is what stands only in the FAQ, asked in other words in ${language}, and is the answer’s source`, async () => {
          vendor.play(words([answer]))
          const message = await shop.ask(question)
          const body = await requested()
          assert.ok(body.includes(fact), body)
          assert.ok(body.includes(question))
          assert.equal(body.includes('# Hebrew'), language === 'Hebrew')
          assert.deepEqual([message.status, message.sources], ['complete', [{ title: source }]])
        })
      }

      it('is searched by the model itself, with words of its own', async () => {
        const call = { id: 'call_1', name: 'search_knowledge', json: ['{"query":"gift card', ' expire"}'] }
        vendor.play(toolCalls([call]), words(['Gift cards never expire, and work online and in our shops.']))
        const visitor = await shop.visitor()
        const message = await shop.ask('I got something for my birthday, is it still good?', visitor)
        const [first, second] = [await requested(), await requested()]
        assert.ok(!first.includes('They never expire') && second.includes('They never expire'), second)
        assert.deepEqual(message.sources, [{ title: 'How do gift cards work?' }])
        const [turn] = await keptOf<{ prompt_version: string }>(place.database, visitor, 'turns', 'number')
        assert.match(turn!.prompt_version, /^base-\d+$/)
      })

      it('is no source of what does not stand on it', async () => {
        vendor.play(words(['Hello! How can I help you today?']))
        const message = await shop.ask('hello there, how are you')
        await vendor.requests.take()
        assert.equal(message.sources, undefined)
      })
    })
  }
})
