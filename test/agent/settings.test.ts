import assert from 'node:assert/strict'
import { pino } from 'pino'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { modelsOf } from '../../server/llm/models.ts'
import { ProviderError, type SearchKnowledge } from '../../server/llm/provider.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, makeSession } from '../support/factories.ts'
import { keptOf } from '../support/heart.ts'
import { ScriptedProvider } from '../support/scripted-provider.ts'
import { openShop, type Shop, type ShopChanges } from '../support/shop.ts'

const QUESTION = 'How long do I have to return boots?'
const SET = {
  name: 'test/set-ai',
  text: `UPDATE clients SET settings = jsonb_build_object('ai', $2::jsonb), model = $3 WHERE id = $1`,
}

describe('How a client’s AI works', () => {
  let place: TestDatabase
  let provider: ScriptedProvider
  let shop: Shop
  let logged: Record<string, unknown>[]

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    await open()
    await set(null)
  })
  afterEach(() => shop.stop())

  const open = async (changes: ShopChanges = {}) => {
    logged = []
    provider = new ScriptedProvider()
    const write = (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>)
    shop = await openShop(place.database, provider, { log: pino({ level: 'warn' }, { write }), ...changes })
  }
  const set = (ai: unknown, model: string | null = null) =>
    place.database.run(SET, [shop.client_id, JSON.stringify(ai), model])
  /** Asks, answers, and gives the request that the model got. */
  const asked = async (text = QUESTION, visitor?: VisitorSession) => {
    const message = shop.ask(text, visitor)
    const call = await provider.calls.take()
    call.say('Within 30 days of delivery, unworn and with its tags.')
    call.end()
    return { request: call.request, message: await message }
  }
  const hasLookedUp = (request: Awaited<ReturnType<typeof asked>>['request']) =>
    request.messages.some((message) => message.role === 'tool')

  it('is heard with the next message after it was set', async () => {
    const before = (await asked()).request
    await set(
      { tone: 'formal', prompt: 'Mention the Trail Club.', parameters: { effort: 'low' } },
      'script-2',
    )
    const { request } = await asked()
    assert.doesNotMatch(before.system.stable, /Trail Club/)
    assert.match(request.system.stable, /Write polite and formal[^]*Mention the Trail Club\.$/)
    assert.deepEqual([before.model, request.model], ['script-1', 'script-2'])
    assert.deepEqual([before.parameters, request.parameters], [undefined, { effort: 'low' }])
  })

  it('names who answers when its model fails before a word', async () => {
    const [one, two] = [new ScriptedProvider('one'), new ScriptedProvider('two')]
    const known: Record<string, ScriptedProvider> = { one, two }
    const models = modelsOf({
      main: { provider: 'one' },
      fallbacks: [],
      summaries: null,
      defaultModel: (name) => known[name]?.defaultModel ?? null,
      provider: (name) => known[name] ?? null,
    })
    await shop.stop()
    await open({ models })
    await set({ fallbacks: [{ provider: 'nobody' }, { provider: 'two', model: 'b-2' }] })
    const message = shop.ask(QUESTION)
    const first = await one.calls.take()
    first.fail(new ProviderError('rejected', 'no such model'))
    const second = await two.calls.take()
    assert.equal(second.request.model, 'b-2')
    second.say('Within 30 days.')
    second.end()
    assert.equal((await message).content, 'Within 30 days.')
  })

  it('leaves knowledge out where it is switched off, and where there is none', async () => {
    const { request: with_ } = await asked()
    assert.deepEqual([hasLookedUp(with_), with_.tools.length], [true, 1])
    await set({ knowledge: false })
    const { request: without, message } = await asked()
    assert.deepEqual([hasLookedUp(without), without.tools, message.sources], [false, [], undefined])
    const stranger = await makeSession(place.database, await makeClient(place.database))
    const { request: none } = await asked(QUESTION, stranger)
    assert.deepEqual([hasLookedUp(none), none.tools], [false, []])
    assert.doesNotMatch(none.system.stable, /search_knowledge/)
  })

  it('goes by defaults where settings are broken or unknown, and says so once, without what they hold', async () => {
    await set({ tone: 'formal', language: 'klingonish', time_zone: 7, mood: 'SECRET' }, 'no model')
    const { request, message } = await asked()
    assert.equal(message.status, 'complete')
    assert.match(request.system.stable, /Write polite and formal/)
    assert.match(request.system.moment, /in Asia\/Jerusalem/)
    assert.equal(request.model, 'script-1')
    const [line, ...more] = logged
    assert.deepEqual(more, [])
    assert.deepEqual(
      [line?.['code'], line?.['ignored'], line?.['client_id']],
      ['ai_settings_ignored', ['language', 'model', 'mood', 'time_zone'], shop.client_id],
    )
    assert.doesNotMatch(JSON.stringify(line), /SECRET|klingonish/)
  })

  it('answers without knowledge where the search fails or takes too long, and says so', async () => {
    const searches: SearchKnowledge[] = [
      () => Promise.reject(new Error('the database broke')),
      () => new Promise(() => undefined),
    ]
    for (const search of searches) {
      await shop.stop()
      await open({ search, limits: { knowledge: 20 } })
      const { request, message } = await asked()
      assert.deepEqual([message.status, message.sources], ['complete', undefined])
      assert.deepEqual([hasLookedUp(request), request.tools.length], [false, 1])
      assert.equal(logged[0]?.['code'], 'knowledge_search_failed')
    }
  })

  it('replays a turn with the question looked up again, before the steps that were stored', async () => {
    const visitor = await makeSession(place.database, { id: shop.client_id })
    void shop.ask(QUESTION, visitor).catch(() => undefined)
    const first = await provider.calls.take()
    const call = { id: 'c1', name: 'search_knowledge', arguments: { query: 'gift card expire' } }
    first.end({ stop: 'tools', calls: [call] })
    await provider.calls.take()
    await shop.stop()
    await open()
    const again = await provider.calls.take()
    const roles = again.request.messages.map(({ role }) => role)
    assert.deepEqual(roles, ['user', 'assistant', 'tool', 'assistant', 'tool'])
    const texts = again.request.messages.map((message) =>
      message.role === 'tool' ? message.results[0]!.content : JSON.stringify(message),
    )
    assert.match(texts[2]!, /30 days/)
    assert.match(texts[3]!, /gift card expire/)
    assert.match(texts[4]!, /They never expire/)
    again.say('Gift cards never expire.')
    again.end()
    const [{ message }] = await shop.told.next('reply:end')
    assert.deepEqual([message.status, message.sources], ['complete', [{ title: 'How do gift cards work?' }]])
    const turns = await keptOf<{ prompt_version: string }>(place.database, visitor, 'turns', 'number')
    assert.match(turns[0]!.prompt_version, /^base-\d+$/)
  })

  it('keeps with each turn which words its model was given', async () => {
    const visitor = await shop.visitor()
    await asked('כמה עולה משלוח?', visitor)
    await asked('and how long does it take?', visitor)
    const turns = await keptOf<{ prompt_version: string }>(place.database, visitor, 'turns', 'number')
    const [hebrew, english] = turns.map((turn) => turn.prompt_version)
    assert.match(hebrew!, /^base-\d+\.he-\d+$/)
    assert.equal(english, hebrew!.split('.')[0])
  })
})
