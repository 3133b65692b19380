import assert from 'node:assert/strict'
import { passagesFor, PROMPT_PASSAGES } from '../../server/knowledge/passages-for.ts'
import { createSearch } from '../../server/knowledge/search.ts'
import { seedDemo } from '../../server/seed.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { ENGLISH, HEBREW, type Paraphrase } from './paraphrases.ts'

/** What was measured, less one question: a change of the search that loses more than that is seen here. */
const EXPECTED = [
  { language: 'English', questions: ENGLISH, first: 51, shown: 63 },
  { language: 'Hebrew', questions: HEBREW, first: 33, shown: 37 },
]

describe('Questions that are put in other words', () => {
  let test: TestDatabase
  let client_id: string
  before(async () => {
    test = await openTestDatabase()
    await seedDemo(test.database)
    const [client] = await test.database.run<{ id: string }>(
      { name: 'test/demo-client', text: `SELECT id FROM clients WHERE api_key = 'pk_demo'` },
      [],
    )
    client_id = client!.id
  })
  after(() => test.close())

  async function placeOf({ asked, entry }: Paraphrase): Promise<number> {
    const passages = await passagesFor(createSearch(test.database), client_id, asked)
    assert.ok(passages.length <= PROMPT_PASSAGES.most)
    return passages.findIndex(({ title }) => entry.test(title))
  }

  for (const { language, questions, first, shown } of EXPECTED) {
    it(`find their answer in ${language}: ${first} of ${questions.length} first, ${shown} in the prompt`, async () => {
      const places = await Promise.all(questions.map(placeOf))
      const missed = questions.filter((_, index) => places[index] === -1).map(({ asked }) => asked)
      const second = questions.filter((_, index) => (places[index] ?? 0) > 0).map(({ asked }) => asked)
      const report = `not in the prompt: ${missed.join(' | ')}\nnot first: ${second.join(' | ')}`
      assert.ok(questions.length - missed.length - second.length >= first, report)
      assert.ok(questions.length - missed.length >= shown, report)
    })
  }

  it('find nothing in a language that the documents are not written in', async () => {
    const found = await passagesFor(createSearch(test.database), client_id, 'Wie lange dauert der Versand?')
    assert.deepEqual(found, [])
  })
})
