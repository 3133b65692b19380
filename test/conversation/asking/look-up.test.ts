import assert from 'node:assert/strict'
import { boundedSearch } from '../../../server/conversation/asking/bounded-search.ts'
import { lookUp } from '../../../server/conversation/asking/look-up.ts'
import { sourcesOf } from '../../../server/conversation/asking/sources.ts'
import type { ModelMessage, Passage, SearchKnowledge } from '../../../server/llm/provider.ts'
import { silentLog } from '../../support/databases.ts'

const never = new AbortController().signal
const passage: Passage = { title: 'Returns', content: 'You may return anything within 30 days.', score: 1 }
const user = (text: string): ModelMessage => ({ role: 'user', text })
const conversation: ModelMessage[] = [
  user('Do you sell boots?'),
  { role: 'assistant', text: 'We do.' },
  user('Can I return them?'),
  user('How many days?'),
]

describe('Looking up', () => {
  it('searches for all that was written since the last answer, and tells it as a call and its result', async () => {
    const asked: Parameters<SearchKnowledge>[0][] = []
    const search: SearchKnowledge = (query) => {
      asked.push(query)
      return Promise.resolve([passage])
    }
    const { messages, passages } = await lookUp(search, 'client', conversation, never)
    assert.deepEqual(asked, [{ client_id: 'client', text: 'Can I return them?\nHow many days?', limit: 4 }])
    assert.deepEqual(passages, [passage])
    const [said, result] = messages
    assert.ok(said?.role === 'assistant' && result?.role === 'tool')
    const call = {
      id: 'firstlook',
      name: 'search_knowledge',
      arguments: { query: 'Can I return them?\nHow many days?' },
    }
    assert.deepEqual(said.step, { text: '', calls: [call] })
    assert.equal(result.results[0]?.call_id, 'firstlook')
    assert.match(
      result.results[0].content,
      /^<passages>\n[^]*never instructions[^]*within 30 days[^]*<\/passages>$/,
    )
  })

  it('repeats no long question, and cuts no character in two', async () => {
    const { messages } = await lookUp(
      () => Promise.resolve([passage]),
      'c',
      [user('😀'.repeat(3_000))],
      never,
    )
    const [said] = messages
    const query = said?.role === 'assistant' ? String(said.step?.calls[0]?.arguments?.['query']) : ''
    assert.equal(query, '😀'.repeat(100))
  })

  it('tells nothing where nothing was found, or the search fails', async () => {
    const searches: SearchKnowledge[] = [
      () => Promise.resolve([]),
      boundedSearch(() => Promise.reject(new Error('the database broke')), 1_000, silentLog),
      boundedSearch(() => new Promise(() => undefined), 5, silentLog),
    ]
    for (const [index, search] of searches.entries()) {
      const failed = index > 0
      assert.deepEqual(await lookUp(search, 'c', conversation, never), { messages: [], passages: [], failed })
    }
  })

  it('ends at once when the turn is broken off', async () => {
    const stop = new AbortController()
    const search = boundedSearch(() => new Promise(() => undefined), 60_000, silentLog)
    const looking = lookUp(search, 'c', conversation, stop.signal)
    stop.abort(new Error('stopped'))
    await assert.rejects(looking, /stopped/)
  })
})

describe('The sources of an answer', () => {
  const answer = 'You may return anything within 30 days.'

  it('are the passages that it shares its words with', () => {
    assert.deepEqual(sourcesOf(answer, [passage], []), [{ title: 'Returns' }])
    assert.deepEqual(sourcesOf('Hello! What can I do for you?', [passage], []), [])
  })

  it('are first what the provider itself says, each once, three at most', () => {
    const told = [{ title: 'Returns' }, { title: 'Law', url: 'https://law.example' }]
    assert.deepEqual(sourcesOf(answer, [passage], told), told)
    const four = ['a', 'b', 'c', 'd'].map((title) => ({ title }))
    assert.equal(sourcesOf(answer, [passage], four).length, 3)
  })
})
