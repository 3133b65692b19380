import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { createModels } from '../../server/llm/models.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { keptOf, startNode, type TestNode } from '../support/heart.ts'
import { answerOf, RememberingProvider } from '../support/remembering-provider.ts'

const DAY = 86_400_000

describe('What the answers to one visitor may spend in a day', () => {
  let place: TestDatabase
  let client: TestClient
  let model: RememberingProvider
  let node: TestNode

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    client = await makeClient(place.database)
    model = new RememberingProvider()
    model.answer = (request) => ({
      ...answerOf('Yes.', request),
      usage: { input: 390, output: 10, cached: 0 },
    })
    const limits = { visitorTokens: 1_000 }
    node = await startNode(place.database, { limits, models: createModels(model) })
  })
  afterEach(() => node.stop())

  const ask = async (visitor: VisitorSession, text = `Question ${randomUUID()}`) => {
    await node.conversations.receive(visitor, { client_message_id: randomUUID(), text })
    const [{ message, failure }] = await node.told.next('reply:end')
    return { message, failure }
  }
  const newcomer = () => makeSession(place.database, client)
  const askUntilRefused = async (visitor: VisitorSession) => {
    for (let answers = 0; ; answers++) {
      const { failure, message } = await ask(visitor)
      if (failure === undefined) continue
      return { answers, failure, message }
    }
  }
  const ageTurns = (of: VisitorSession, ms: number, last = 1_000) =>
    place.database.sequelize.query(
      `UPDATE turns t SET ended_at = t.ended_at - $2::int * interval '1 ms' FROM conversations c
       WHERE c.id = t.conversation_id AND c.session_id = $1 AND t.number <= $3`,
      { bind: [of.id, ms, last] },
    )

  it('is so many tokens: then no model is asked, and the visitor is told kindly, with a code and a time', async () => {
    const visitor = await newcomer()
    const { answers, failure, message } = await askUntilRefused(visitor)
    assert.deepEqual([answers, failure, message.status], [3, 'visitor_limit', 'failed'])
    assert.match(message.content, /come back tomorrow/)
    assert.equal(model.answers.all.length, 3)
    const [{ kind, retry_after_ms = 0 }] = await node.told.next('limit:reached')
    assert.equal(kind, 'answers')
    assert.ok(retry_after_ms > DAY - 60_000 && retry_after_ms <= DAY)
    type Turn = { state: string; error: string; tokens_input: number }
    const turns = await keptOf<Turn>(place.database, visitor, 'turns', 'number')
    const last = turns.at(-1)
    assert.deepEqual([last?.state, last?.error, last?.tokens_input], ['failed', 'visitor_limit', 0])
  })

  it('is told in the visitor’s language', async () => {
    const visitor = await newcomer()
    await askUntilRefused(visitor)
    assert.match((await ask(visitor, 'ועכשיו?')).message.content, /מחר/)
  })

  it('does not begin anew with another conversation, nor another session of the same person', async () => {
    const visitor = await newcomer()
    await askUntilRefused(visitor)
    await node.conversations.start(visitor)
    assert.equal((await ask(visitor)).failure, 'visitor_limit')
    const other = await newcomer()
    await place.database.sequelize.query('UPDATE sessions SET visitor_id = $1 WHERE id = $2', {
      bind: [visitor.visitor_id, other.id],
    })
    assert.equal((await ask(other)).failure, 'visitor_limit')
  })

  it('is each visitor’s own', async () => {
    await askUntilRefused(await newcomer())
    assert.equal((await ask(await newcomer())).failure, undefined)
  })

  it('comes back as the oldest answers are a day old', async () => {
    const visitor = await newcomer()
    await askUntilRefused(visitor)
    node.told.told.clear()
    await ageTurns(visitor, DAY - 3_600_000, 1)
    await ask(visitor)
    const [{ retry_after_ms = 0 }] = await node.told.next('limit:reached')
    assert.ok(retry_after_ms > 3_500_000 && retry_after_ms <= 3_600_000, String(retry_after_ms))
    await ageTurns(visitor, 3_600_000, 1)
    assert.equal((await ask(visitor)).failure, undefined)
  })

  it('is not spent by an answer that somebody else was given already', async () => {
    await ask(await newcomer(), 'Where are you?')
    const visitor = await newcomer()
    const { message } = await ask(visitor, 'Where are you?')
    assert.equal(message.content, 'Yes.')
    assert.equal((await askUntilRefused(visitor)).answers, 3)
  })
})
