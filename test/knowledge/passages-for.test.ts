import assert from 'node:assert/strict'
import { passagesFor, PROMPT_PASSAGES } from '../../server/knowledge/passages-for.ts'
import type { FoundPassage, KnowledgeQuery } from '../../server/knowledge/search.ts'

describe('The passages for a prompt', () => {
  const asked: KnowledgeQuery[] = []
  beforeEach(() => asked.splice(0))

  function finding(...found: [title: string, score: number, length?: number][]) {
    return (query: KnowledgeQuery): Promise<FoundPassage[]> => {
      asked.push(query)
      return Promise.resolve(
        found
          .slice(0, query.limit)
          .map(([title, score, length = 10]) => ({ title, content: 'x'.repeat(length), score })),
      )
    }
  }
  const titles = (passages: FoundPassage[]) => passages.map(({ title }) => title)

  it('are those that the search finds for what the visitor has just written', async () => {
    const found = await passagesFor(finding(['a', 3], ['b', 2]), 'client-1', 'Hi\nHow do returns work?')
    assert.deepEqual(titles(found), ['a', 'b'])
    assert.deepEqual(asked, [
      { client_id: 'client-1', text: 'Hi\nHow do returns work?', limit: PROMPT_PASSAGES.most },
    ])
  })

  it('are none where nothing is found', async () => {
    assert.deepEqual(await passagesFor(finding(), 'client-1', 'Hello!'), [])
  })

  it('are only those that come near the best', async () => {
    const found = await passagesFor(
      finding(['a', 6], ['b', 2.1], ['c', 1.9], ['d', 0.1]),
      'client-1',
      'tents',
    )
    assert.deepEqual(titles(found), ['a', 'b'])
  })

  it('stay few and short', async () => {
    const found = await passagesFor(
      finding(['a', 3, 1_400], ['b', 3, 1_400], ['c', 3, 1_400], ['d', 3, 1_400], ['e', 3, 1_400]),
      'client-1',
      'tents',
    )
    assert.deepEqual(titles(found), ['a', 'b', 'c'])
    assert.ok(found.reduce((sum, { content }) => sum + content.length, 0) <= PROMPT_PASSAGES.length)
  })

  it('are looked for by the end of a pasted document', async () => {
    await passagesFor(finding(), 'client-1', `${'word '.repeat(2_000)}how do I return it?`)
    assert.equal(asked[0]?.text.length, 2_000)
    assert.match(asked[0].text, /how do I return it\?$/)
  })
})
