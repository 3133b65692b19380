import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { answerKey, normalise, type AskedFirst } from '../../server/conversation/answer-cache.ts'
import { createMemoryCache, type Cache } from '../../server/infra/cache.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { createModels } from '../../server/llm/models.ts'
import { ProviderError, type ModelAnswer, type SearchKnowledge } from '../../server/llm/provider.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { keptOf, startNode, type TestNode } from '../support/heart.ts'
import { answerOf, RememberingProvider } from '../support/remembering-provider.ts'

interface KeptTurn {
  state: string
  from_cache: boolean
  provider: string
  model: string
  tokens_input: number
  tokens_output: number
  cost: string
  spent: unknown[]
}

describe('An answer to a first question', () => {
  let place: TestDatabase
  let cache: Cache
  let model: RememberingProvider
  let node: TestNode
  let client: TestClient
  let now: number

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    client = await makeClient(place.database)
    now = Date.now()
    cache = createMemoryCache(10_000_000, () => now)
    await begin()
  })
  afterEach(() => node.stop())

  const begin = async (
    changes: { tools?: AgentTools; model?: RememberingProvider; searchKnowledge?: SearchKnowledge } = {},
  ) => {
    const { model: given, ...others } = changes
    model = given ?? new RememberingProvider()
    node = await startNode(place.database, { cache, models: createModels(model), ...others })
  }
  const set = (assignment: string, values: unknown[] = []) =>
    place.database.sequelize.query(`UPDATE clients SET ${assignment} WHERE id = '${client.id}'`, {
      bind: values,
    })
  const newcomer = (chosen: { user_identifier?: string; locale?: string } = {}) =>
    makeSession(place.database, client, chosen)
  const addKnowledge = () =>
    place.database.sequelize.query(`
      WITH d AS (INSERT INTO knowledge_documents (client_id, title, content_hash) VALUES ('${client.id}', 'A', '\\x00') RETURNING id)
      INSERT INTO knowledge_chunks (client_id, document_id, position, title, content, terms)
      SELECT '${client.id}', id, 0, 'A', 'b', '' FROM d`)
  /** Sends a message of this visitor and waits for the end of its turn. */
  const ask = async (text: string, by?: VisitorSession) => {
    const visitor = by ?? (await newcomer())
    await node.conversations.receive(visitor, { client_message_id: randomUUID(), text })
    const [{ message, turn, failure }] = await node.told.next('reply:end')
    const turns = await keptOf<KeptTurn>(place.database, visitor, 'turns', 'number')
    return { visitor, message, turn, failure, kept: turns.at(-1)! }
  }
  const isAgain = async (text = 'Where are you?', by?: VisitorSession) =>
    (await ask(text, by)).kept.from_cache

  it('is given again to somebody else who asks the same: a turn like any other, with no tokens', async () => {
    model.say = () => 'In Haifa, at the harbour: Dock 3. Come in!'
    const first = await ask('Where are you?')
    assert.equal(first.kept.from_cache, false)
    const { visitor, message, kept } = await ask('Where are you?')
    assert.equal(model.answers.all.length, 1)
    assert.deepEqual(
      [message.content, message.status, message.answers_to],
      [first.message.content, 'complete', 1],
    )
    assert.deepEqual([kept.from_cache, kept.state], [true, 'complete'])
    assert.deepEqual([kept.provider, kept.model], ['remembering', 'large-1'])
    assert.deepEqual([kept.tokens_input, kept.tokens_output, kept.cost, kept.spent], [0, 0, '0.000000', []])
    const told = node.told.told.all.filter(({ to }) => to.session_id === visitor.id)
    const events = told.map(({ event }) => event)
    assert.deepEqual(events.slice(0, 3), ['conversation:started', 'message:created', 'reply:start'])
    assert.ok(events.filter((event) => event === 'reply:delta').length > 1, 'it is streamed')
    assert.equal(events.at(-1), 'reply:end')
    const streamed = told.map((one) => (one.event === 'reply:delta' ? one.args[3] : '')).join('')
    assert.equal(streamed, message.content)
  })

  it('is given again with its sources', async () => {
    const source = { title: 'Opening hours', url: 'https://shop.example/hours' }
    model.answer = (request) => ({ ...answerOf('At nine.', request), sources: [source] })
    await ask('When do you open?')
    const { message, kept } = await ask('When do you open?')
    assert.equal(kept.from_cache, true)
    assert.deepEqual(message.sources, [source])
  })

  it('can be stopped in its middle when it is given again', async () => {
    model.say = () => 'word '.repeat(40_000)
    await ask('Tell me everything')
    const visitor = await newcomer()
    await node.conversations.receive(visitor, { client_message_id: 'm', text: 'Tell me everything' })
    await node.told.told.take((one) => one.event === 'reply:delta' && one.to.session_id === visitor.id)
    await node.conversations.stop(visitor, { turn: 1 })
    const [{ message }] = await node.told.next('reply:end')
    assert.equal(message.status, 'stopped')
    assert.ok(message.content.length > 0 && message.content.length < 200_000)
  })

  it('is given again for five minutes', async () => {
    await ask('Where are you?')
    now += 299_000
    assert.equal(await isAgain(), true)
    now += 2_000
    assert.equal(await isAgain(), false)
  })

  it('is the same however the question is spaced, written large, and ended', async () => {
    await ask('Where are you?')
    for (const text of ['where are you', '  WHERE   are you ? ', 'Where are\tyou?!', 'Where are you…'])
      assert.equal(await isAgain(text), true, text)
    for (const text of ['Where were you?', 'Where are you, please?', 'Whereareyou?', '“Where are you?”'])
      assert.equal(await isAgain(text), false, text)
  })

  const changes: Record<string, () => Promise<unknown>> = {
    client: async () => (client = await makeClient(place.database)),
    business: () => set(`business_info = '{"phone": "04-1234567"}'`),
    'own instructions': () => set(`settings = '{"ai": {"prompt": "Rhyme."}}'`),
    tone: () => set(`settings = '{"ai": {"tone": "formal"}}'`),
    parameters: () => set(`settings = '{"ai": {"parameters": {"temperature": 0.5}}}'`),
    model: () => set(`model = 'large-2'`),
  }
  for (const [what, change] of Object.entries(changes)) {
    it(`is another one where the ${what} is another one`, async () => {
      await ask('Where are you?')
      await change()
      assert.equal(await isAgain(), false)
      assert.equal(await isAgain(), true)
    })
  }

  it('is another one as soon as the client’s knowledge has changed', async () => {
    await node.stop()
    await begin({ searchKnowledge: () => Promise.resolve([]) })
    await addKnowledge()
    await ask('Where are you?')
    assert.equal(await isAgain(), true)
    await set('knowledge_version = knowledge_version + 1')
    assert.equal(await isAgain(), false)
  })

  it('is never taken from one whose search for knowledge failed', async () => {
    await node.stop()
    await begin({ searchKnowledge: () => Promise.reject(new DatabaseUnavailable('away')) })
    await addKnowledge()
    await ask('Where are you?')
    assert.equal(await isAgain(), false)
  })

  it('is another one in another language', async () => {
    await ask('42?', await newcomer({ locale: 'en' }))
    assert.equal(await isAgain('42?', await newcomer({ locale: 'he' })), false)
    assert.equal(await isAgain('42?', await newcomer({ locale: 'en' })), true)
  })

  it('is another one where there are other tools', async () => {
    await ask('Where are you?')
    await node.stop()
    await begin({ tools: lookUpTool })
    assert.equal(await isAgain(), false)
  })

  it('is never given to, nor taken from, a visitor who is known', async () => {
    const known = await newcomer({ user_identifier: 'customer-7' })
    await ask('Where are you?', known)
    assert.equal(await isAgain(), false)
    assert.equal(await isAgain('Where are you?', await newcomer({ user_identifier: 'customer-8' })), false)
    for (const told of [`name = 'Dana'`, `email = 'd@x.example'`, `attributes = '{"vip": true}'`]) {
      const visitor = await newcomer()
      await place.database.sequelize.query(`UPDATE visitors SET ${told} WHERE id = '${visitor.visitor_id}'`)
      assert.equal(await isAgain('Where are you?', visitor), false, told)
    }
  })

  it('is never given to a second question, nor taken from one', async () => {
    const { visitor } = await ask('Hello')
    assert.equal(await isAgain('Where are you?', visitor), false)
    assert.equal(await isAgain('Where are you?'), false)
    assert.equal(await isAgain('Where are you?', visitor), false)
  })

  it('is never taken from a turn that called a tool', async () => {
    await node.stop()
    const tooled = new RememberingProvider()
    let calls = 0
    tooled.answer = (request) =>
      ++calls === 1
        ? { ...answerOf('', request), stop: 'tools', calls: [{ id: 'c1', name: 'look_up', arguments: {} }] }
        : answerOf('Dock 3.', request)
    await begin({ tools: lookUpTool, model: tooled })
    assert.equal((await ask('Where are you?')).message.content, 'Dock 3.')
    assert.equal(await isAgain(), false)
  })

  const unfinished: [what: string, answer: () => ModelAnswer][] = [
    ['that ran out of tokens', () => ({ ...answerOf('Dock', NOTHING), stop: 'length' })],
    ['that refused', () => ({ ...answerOf('I cannot.', NOTHING), stop: 'refusal' })],
    [
      'that failed in its middle',
      () => {
        throw new ProviderError('broken_stream', 'cut')
      },
    ],
    ['without a word', () => answerOf('', NOTHING)],
  ]
  for (const [what, answer] of unfinished) {
    it(`is never taken from one ${what}`, async () => {
      model.answer = answer
      await ask('Where are you?')
      model.answer = null
      assert.equal(await isAgain(), false)
    })
  }

  it('is never taken from one that was stopped, or was broken off when its conversation ended', async () => {
    for (const breakOff of ['stop', 'end'] as const) {
      const scripted = await startNode(place.database, { cache })
      const visitor = await newcomer()
      await scripted.conversations.receive(visitor, { client_message_id: 'm', text: 'Where are you?' })
      const call = await scripted.provider.calls.take()
      call.say('Dock')
      await (breakOff === 'stop'
        ? scripted.conversations.stop(visitor, { turn: 1 })
        : scripted.conversations.end(visitor))
      await scripted.told.next('reply:end')
      await scripted.conversations.receive(await newcomer(), {
        client_message_id: 'm',
        text: 'Where are you?',
      })
      const again = await scripted.provider.calls.take()
      again.end({ text: '' })
      await scripted.told.next('reply:end')
      await scripted.stop()
    }
  })

  it('is kept for nobody where the client does not want it', async () => {
    await set(`settings = '{"ai": {"cache": false}}'`)
    await ask('Where are you?')
    assert.equal(await isAgain(), false)
  })

  it('answers both fragments where a second message comes before the first word', async () => {
    await ask('Where are you?')
    const scripted = await startNode(place.database, { cache, limits: { typingPause: 400 } })
    const visitor = await newcomer()
    scripted.conversations.setTyping(visitor, true)
    await scripted.conversations.receive(visitor, { client_message_id: 'a', text: 'Where are you?' })
    scripted.conversations.setTyping(visitor, true)
    await scripted.conversations.receive(visitor, { client_message_id: 'b', text: 'And when?' })
    const call = await scripted.provider.calls.take()
    assert.equal(call.request.messages.length, 2)
    call.say('Dock 3, at nine.')
    call.end()
    await scripted.told.next('reply:end')
    await scripted.stop()
  })
})

const NOTHING = { client_id: '', system: { stable: '', moment: '' }, messages: [], tools: [], mayCall: true }

const lookUpTool: AgentTools = {
  definitions: [{ name: 'look_up', description: 'Looks up', parameters: { type: 'object' } }],
  run: (call) => Promise.resolve({ call_id: call.id, name: call.name, content: 'found', failed: false }),
}

describe('The key of an answer', () => {
  const asked: AskedFirst = {
    client_id: 'a',
    system: { stable: 'You are the assistant of Acme.', moment: 'It is Monday, 23 November 2026.' },
    prompt_version: 'base-1',
    knowledge: 3,
    model: { provider: 'claude', model: 'claude-haiku-5-5' },
    parameters: { temperature: 0.2 },
    tools: lookUpTool.definitions,
    language: 'en',
    locale: 'en-GB',
    question: 'Where are you?',
  }
  const others: { [Part in keyof AskedFirst]: AskedFirst[Part] } = {
    client_id: 'b',
    system: { ...asked.system, moment: 'It is Tuesday, 24 November 2026.' },
    prompt_version: 'base-2',
    knowledge: 4,
    model: { provider: 'openai', model: 'claude-haiku-5-5' },
    parameters: { temperature: 0.3 },
    tools: [],
    language: 'he',
    locale: 'en-US',
    question: 'Where were you?',
  }

  it('is the same for the same', () => {
    assert.equal(answerKey({ ...asked, question: ' where ARE you' }), answerKey(asked))
    assert.match(answerKey(asked), /^[0-9a-f]{64}$/)
  })

  for (const [part, other] of Object.entries(others)) {
    it(`is another one where ${part} is another one`, () => {
      assert.notEqual(answerKey({ ...asked, [part]: other }), answerKey(asked))
    })
  }

  it('does not take the end of one part for the beginning of the next', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
        const one = answerKey({ ...asked, client_id: a, prompt_version: b })
        const two = answerKey({ ...asked, client_id: c, prompt_version: d })
        assert.equal(one === two, a === c && b === d)
      }),
      { seed: 2026 },
    )
  })

  it('knows composed and decomposed letters for the same, and normalising twice changes nothing', () => {
    assert.equal(normalise('Cafe\u0301 OPEN?'), normalise('café open'))
    assert.equal(normalise('מתי אתם פתוחים?'), normalise('מתי  אתם פתוחים'))
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        assert.equal(normalise(normalise(text)), normalise(text))
      }),
      { seed: 2026 },
    )
  })
})
