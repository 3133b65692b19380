import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { SearchKnowledge } from '../../server/llm/provider.ts'
import { saveDocument } from '../../server/knowledge/ingest.ts'
import { createSearch } from '../../server/knowledge/search.ts'
import { seedDemo } from '../../server/seed.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'

describe('searching the knowledge of the demo shop', () => {
  let test: TestDatabase
  let search: SearchKnowledge
  let client_id: string
  before(async () => {
    test = await openTestDatabase()
    await seedDemo(test.database)
    search = createSearch(test.database)
    const [client] = await test.database.run<{ id: string }>(
      { name: 'test/demo-client', text: `SELECT id FROM clients WHERE api_key = 'pk_demo'` },
      [],
    )
    client_id = client!.id
  })
  after(() => test.close())

  async function titles(text: string, limit = 3): Promise<string[]> {
    return (await search({ client_id, text, limit })).map(({ title }) => title)
  }

  const best: readonly [asked: string, answer: RegExp][] = [
    ['How long does shipping take?', /^How long does shipping/],
    ['what does delivery cost', /^How long does shipping/],
    ['do you ship to Germany', /ship abroad/],
    ['refund', /returns and refunds/],
    ['I want to return my boots', /returns and refunds/],
    ['are you open on saturday', /shops open/],
    ['where is my order 12345', /^Where is my order/],
    ['can i pay with paypal', /^How can I pay/],
    ['gift voucher balance', /gift cards/],
    ['How do I wash my jacket', /^How do I wash/],
    ['what sizes do you have for boots', /^Which size/],
    ['כמה עולה משלוח?', /^כמה זמן לוקח המשלוח/],
    ['למשלוחים', /^כמה זמן לוקח המשלוח/],
    ['אתם פתוחים בשבת', /^מהן שעות הפתיחה/],
    ['בְּשַׁבָּת', /^מהן שעות הפתיחה/],
    ['שלום, איך אפשר להחזיר?', /^איך מחזירים/],
    ['מה עם ההזמנה שלי', /^איפה ההזמנה/],
    ['וכשהאחריות נגמרת?', /^מה מכסה האחריות/],
    ['מידות', /^איך בוחרים מידה/],
    ['אפשר לשלם בביט?', /^מהם אמצעי התשלום/],
  ]
  for (const [asked, answer] of best) {
    it(`answers "${asked}"`, async () => {
      assert.match((await titles(asked))[0] ?? 'nothing', answer)
    })
  }

  const foreign = [
    'What is the capital of France?',
    'who won the world cup in 1998',
    'How do I cook pasta?',
    'tell me a joke',
    'write me a poem about the sea',
    'what is the meaning of life',
    'מי ראש הממשלה?',
    'מתכון לעוגת שוקולד',
    'hi',
    'שלום!',
    '???',
    '😀',
    '',
  ]
  for (const asked of foreign) {
    it(`finds nothing for "${asked}"`, async () => {
      assert.deepEqual(await titles(asked), [])
    })
  }

  it('does not let one common word win over two rarer ones', async () => {
    const found = await search({ client_id, text: 'order order ORDER orders warranty stoves', limit: 5 })
    assert.match(found[0]?.title ?? '', /warranty/)
    for (const [index, passage] of found.entries()) {
      assert.ok(index === 0 || passage.score <= (found[index - 1]?.score ?? 0))
    }
  })

  it('counts a rare word for more than a common one', async () => {
    const { id } = await makeClient(test.database)
    const common = Array.from({ length: 8 }, (_, index) => ({
      title: `Page ${index}`,
      content: 'Tent pegs. Tent pegs.',
    }))
    const rare = {
      title: 'Page',
      content: 'A long text about many a thing, in which a tent has a zipper somewhere.',
    }
    await saveDocument(test.database, id, { title: 'All', kind: 'faq', passages: [...common, rare] })
    const [found] = await search({ client_id: id, text: 'tent pegs zipper', limit: 1 })
    assert.equal(found?.content, rare.content)
  })

  it('takes one word of a title for as much as two of a text', async () => {
    assert.match((await titles('warranty on porcelain kangaroo statues'))[0] ?? '', /warranty/)
    assert.deepEqual(await titles('detergent on porcelain kangaroo statues'), [])
  })

  it('returns as many passages as asked for, never more than twenty', async () => {
    const text = 'order shipping account card days free parcel'
    assert.equal((await titles(text, 2)).length, 2)
    assert.equal((await titles(text, 0)).length, 0)
    assert.equal((await titles(text, -5)).length, 0)
    const many = Array.from({ length: 30 }, (_, index) => ({ title: `Tent ${index}`, content: 'A tent.' }))
    const other = await makeClient(test.database)
    await saveDocument(test.database, other.id, { title: 'Tents', kind: 'faq', passages: many })
    assert.equal((await search({ client_id: other.id, text: 'tent', limit: 1_000 })).length, 20)
  })

  it('never shows one client what another one knows', async () => {
    const other = await makeClient(test.database)
    assert.deepEqual(
      await search({ client_id: other.id, text: 'How long does shipping take?', limit: 3 }),
      [],
    )
  })

  it('says where a passage comes from', async () => {
    const { id } = await makeClient(test.database)
    const page = { title: 'Care', kind: 'markdown' as const, url: 'https://shop.example/care' }
    await saveDocument(test.database, id, { ...page, text: '# Leather\nGrease leather twice a year.' })
    const [found] = await search({ client_id: id, text: 'leather', limit: 1 })
    assert.deepEqual(
      { ...found, score: 0 },
      { title: 'Leather', content: 'Grease leather twice a year.', url: page.url, score: 0 },
    )
  })

  it('finds words of other scripts as they are written', async () => {
    const { id } = await makeClient(test.database)
    const passages = [{ title: 'Доставка', content: 'Доставка занимает три дня.' }]
    await saveDocument(test.database, id, { title: 'FAQ', kind: 'faq', passages })
    assert.equal((await search({ client_id: id, text: 'ДОСТАВКА?', limit: 1 })).length, 1)
  })

  it('survives every string that can be asked', async () => {
    const operators = fc.string({
      unit: fc.constantFrom(...Array.from(`&|!()<->:*'"\\%_$;\0 abאב12\uD800`)),
      maxLength: 120,
    })
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), operators)
    await fc.assert(
      fc.asyncProperty(text, async (asked) => {
        const mixed = `${asked} shipping ${asked}`
        assert.ok(Array.isArray(await search({ client_id, text: asked, limit: 3 })))
        assert.ok(Array.isArray(await search({ client_id, text: mixed, limit: 3 })))
      }),
      { seed: 7, numRuns: 300 },
    )
    for (const asked of [`'; DROP TABLE clients; --`, `shipping:*&!|<->`, `\0`, 'word '.repeat(100_000)]) {
      await search({ client_id, text: asked, limit: 3 })
    }
    assert.ok((await titles('shipping')).length > 0)
  })
})
