import assert from 'node:assert/strict'
import type { ModelWishes } from '../../server/llm/models.ts'
import { SEARCHING } from '../../server/llm/offline.ts'
import { ProviderError, type ModelMessage, type ProviderFault } from '../../server/llm/provider.ts'
import { estimateRequest, estimateTokens } from '../../server/llm/tokens.ts'
import { SEARCH_KNOWLEDGE } from '../../server/tools/search-knowledge.ts'
import { createLogLines } from '../support/log-lines.ts'
import type { ScriptedCall } from '../support/scripted-provider.ts'
import { QUESTION, ScriptedModels } from './scripted-models.ts'

const NO_WISHES: ModelWishes = { provider: null, model: null, fallbacks: [] }
const WITHOUT_A_WORD: ProviderFault[] = [
  'unreachable',
  'overloaded',
  'rate_limited',
  'rejected',
  'timeout',
  'broken_stream',
]

describe('Who is to answer', () => {
  const names = (models: ScriptedModels, wishes: Partial<ModelWishes>) =>
    models.models.route({ ...NO_WISHES, ...wishes }).map(({ provider, model }) => `${provider}:${model}`)

  it('is the installation’s first, with the client’s model, and then its fallbacks', () => {
    const models = new ScriptedModels(['one', 'two'])
    models.fallbacks = [{ provider: 'two', model: 'large' }, { provider: 'offline' }]
    assert.deepEqual(names(models, {}), ['one:script-1', 'two:large', 'offline:passages'])
    assert.deepEqual(names(models, { model: 'mine' }), ['one:mine', 'two:large', 'offline:passages'])
  })

  it('is whom the client wishes, then its fallbacks, then the installation’s, each once', () => {
    const models = new ScriptedModels(['one', 'two', 'three'])
    models.fallbacks = [{ provider: 'three' }, { provider: 'offline' }]
    const fallbacks = [
      { provider: 'two', model: 'small' },
      { provider: 'three', model: 'script-1' },
      { provider: 'two' },
    ]
    assert.deepEqual(names(models, { provider: 'two', fallbacks }), [
      'two:script-1',
      'two:small',
      'three:script-1',
      'offline:passages',
    ])
  })

  it('is the installation’s where the client wishes one that is not there, which is told once', () => {
    const log = createLogLines()
    const models = new ScriptedModels(['one'], { log: log.logger })
    for (let time = 0; time < 3; time++) {
      const wishes = {
        provider: 'gemini',
        model: 'pro',
        fallbacks: [{ provider: 'mistral' }, { provider: 'gemini' }],
      }
      assert.deepEqual(names(models, wishes), ['one:script-1'])
    }
    const told = log.all.map(({ msg, provider }) => [msg, provider])
    const said = 'a client wants a provider that is not configured'
    assert.deepEqual(told, [
      [said, 'gemini'],
      [said, 'mistral'],
    ])
  })

  it('has one model when it is only the knowledge', () => {
    const models = new ScriptedModels(['one'])
    assert.deepEqual(names(models, { provider: 'offline', model: 'gpt-6-luna' }), ['offline:passages'])
  })
})

describe('Who sums up', () => {
  it('is the first of the route that has a small model, or the operator’s choice', () => {
    const models = new ScriptedModels(['one', 'two'])
    const small = (...route: string[]) =>
      models.models.small(route.map((provider) => ({ provider, model: 'large' })) as never)
    assert.equal(small('offline', 'one'), null)
    Object.assign(models.script('two'), { smallModel: 'tiny' })
    assert.deepEqual(small('offline', 'one', 'two'), { provider: 'two', model: 'tiny' })
    models.summaries = { provider: 'one', model: 'cheap' }
    assert.deepEqual(small('two'), { provider: 'one', model: 'cheap' })
    models.summaries = { provider: 'gone' }
    assert.deepEqual(small('two'), { provider: 'two', model: 'tiny' })
  })
})

describe('Asking models one after the other', () => {
  let models: ScriptedModels
  beforeEach(() => {
    models = new ScriptedModels(['one', 'two'])
  })
  const called = (name: string): Promise<ScriptedCall> => models.script(name).calls.take()
  const times = (name: string) => models.script(name).calls.all.length

  it('asks the first alone where it answers', async () => {
    const heard = models.ask(['one', 'two'])
    const call = await called('one')
    call.say('Three ')
    call.say('days.')
    call.end()
    assert.equal((await heard.answer).text, 'Three days.')
    assert.deepEqual([heard.said, times('two')], ['Three days.', 0])
  })

  for (const fault of WITHOUT_A_WORD) {
    it(`asks the next where the first fails without a word: ${fault}`, async () => {
      const heard = models.ask(['one', 'two:large'])
      ;(await called('one')).fail(new ProviderError(fault, 'no'))
      const next = await called('two')
      assert.deepEqual([next.request.model, next.request.messages], ['large', QUESTION.messages])
      next.say('Yes.')
      next.end()
      await heard.answer
      assert.equal(heard.said, 'Yes.')
    })
  }

  it('tells a failure after the first word, and asks nobody else', async () => {
    const heard = models.ask(['one', 'two'])
    const call = await called('one')
    call.say('Three ')
    call.fail(new ProviderError('broken_stream', 'cut'))
    await assert.rejects(heard.answer, /cut/)
    assert.equal(times('two'), 0)
  })

  it('asks nobody else when it is aborted, and rejects with the reason', async () => {
    const heard = models.ask(['one', 'two'])
    await called('one')
    heard.stop.abort(new Error('enough'))
    await assert.rejects(heard.answer, /enough/)
    assert.equal(times('two'), 0)
  })

  it('tells a fault of our own as it is', async () => {
    const heard = models.ask(['one', 'two'])
    ;(await called('one')).fail(new TypeError('a bug'))
    await assert.rejects(heard.answer, TypeError)
    assert.equal(times('two'), 0)
  })

  it('rejects with the last failure, and says in the log what came before', async () => {
    const log = createLogLines()
    models = new ScriptedModels(['one', 'two'], { log: log.logger })
    const heard = models.ask(['one', 'two'])
    ;(await called('one')).fail(new ProviderError('rejected', '401 wrong key'))
    ;(await called('two')).fail(new ProviderError('overloaded', '529'))
    await assert.rejects(
      heard.answer,
      (error: unknown) => error instanceof ProviderError && error.code === 'overloaded',
    )
    const [line, ...others] = log.all.filter(({ msg }) => msg === 'asking the next model')
    assert.deepEqual(others, [])
    const { provider, model, code, reason, next } = line ?? {}
    assert.deepEqual(
      { provider, model, code, reason, next },
      { provider: 'one', model: 'script-1', code: 'rejected', reason: '401 wrong key', next: 'two script-1' },
    )
  })

  it('is in haste only where another model stands behind', async () => {
    const heard = models.ask(['one', 'two', 'offline'])
    ;(await called('one')).fail(new ProviderError('overloaded', 'no'))
    ;(await called('two')).fail(new ProviderError('overloaded', 'no'))
    await heard.answer
    assert.deepEqual(models.places, ['one hasty', 'two stands in', 'offline stands in'])
  })

  it('does not wait for the first word for ever where another model stands behind', async () => {
    models = new ScriptedModels(['one', 'two'], { patience: { eachWord: 20, allWords: 60_000 } })
    const heard = models.ask(['one', 'two'])
    const late = await called('one')
    const next = await called('two')
    assert.ok(late.signal.aborted)
    next.say('Yes.')
    next.end()
    await heard.answer
    assert.equal(heard.said, 'Yes.')
  })

  it('waits for the rest of an answer that has begun, and for the last model', async () => {
    models = new ScriptedModels(['one', 'two'], { patience: { eachWord: 20, allWords: 60_000 } })
    const first = models.ask(['one', 'two'])
    const begun = await called('one')
    begun.say('Three ')
    const last = models.ask(['two'])
    const patient = await called('two')
    const other = models.ask(['one', 'two'])
    await called('one')
    await called('two')
    // The third question's first model was given up by now, and these two were not.
    begun.say('days.')
    begun.end()
    patient.say('Four.')
    patient.end()
    assert.deepEqual([(await first.answer).text, (await last.answer).text], ['Three days.', 'Four.'])
    other.stop.abort(new Error('enough'))
  })

  it('begins no further model when all of them took too long, but looks into the knowledge', async () => {
    models = new ScriptedModels(['one', 'two'], { patience: { eachWord: 60_000, allWords: 0 } })
    const heard = models.ask(['one', 'two', 'offline'])
    ;(await called('one')).fail(new ProviderError('timeout', 'late'))
    await heard.answer
    assert.equal(times('two'), 0)
    assert.match(heard.said, /Three days/)
  })
})

describe('The knowledge, standing in for a model', () => {
  const down = new ProviderError('overloaded', 'down')
  let models: ScriptedModels
  beforeEach(() => {
    models = new ScriptedModels(['one'])
  })
  const failing = async (request: Partial<typeof QUESTION> = {}) => {
    const heard = models.ask(['one', 'offline'], request)
    ;(await models.script('one').calls.take()).fail(down)
    return heard
  }

  it('quotes what it knows, and says why', async () => {
    const heard = await failing()
    const { sources } = await heard.answer
    assert.match(heard.said, /\*\*Shipping\*\*\n\nThree days\.\n\n\*Our assistant cannot be reached just now/)
    assert.deepEqual(sources, [{ title: 'Shipping' }])
    const hebrew = await failing({ messages: [{ role: 'user', text: 'כמה זמן לוקח המשלוח?' }] })
    await hebrew.answer
    assert.match(hebrew.said, /העוזר שלנו אינו זמין כרגע/)
  })

  it('keeps silent where it knows nothing: the failure of the model is told', async () => {
    models.passages = []
    const heard = await failing()
    await assert.rejects(heard.answer, down)
    assert.deepEqual([heard.said, heard.spent], ['', []])
  })

  const stepOf = (name: string, text = ''): ModelMessage[] => {
    const step = { text, calls: [{ id: 'c', name, arguments: {} }] }
    const results = [{ call_id: 'c', name, content: 'Found', failed: false }]
    return [
      { role: 'assistant', text, step },
      { role: 'tool', results },
    ]
  }

  it('does not go on where a model had begun to speak or to act', async () => {
    for (const begun of [stepOf('find_order'), stepOf(SEARCHING, 'Let me look.')]) {
      const messages = [...QUESTION.messages, ...begun]
      await assert.rejects((await failing({ messages })).answer, down)
    }
  })

  it('quotes where no more had been done than to look into it', async () => {
    assert.equal(SEARCHING, SEARCH_KNOWLEDGE.name)
    const heard = await failing({
      messages: [...QUESTION.messages, ...stepOf(SEARCHING), ...stepOf(SEARCHING)],
    })
    await heard.answer
    assert.match(heard.said, /Three days/)
  })

  it('costs nothing, and is what answered', async () => {
    const heard = await failing()
    await heard.answer
    const usage = { input: 0, output: 0, cached: 0 }
    assert.deepEqual(heard.spent, [{ provider: 'offline', model: 'passages', usage, cost: 0 }])
  })
})

describe('What asking spent', () => {
  let models: ScriptedModels
  beforeEach(() => {
    models = new ScriptedModels(['claude', 'two'])
  })
  const HAIKU = 'claude:claude-haiku-5-5'
  const input = estimateRequest(QUESTION, 'claude-haiku-5-5')
  const begin = async () => {
    const heard = models.ask([HAIKU, 'two'])
    return { heard, call: await models.script('claude').calls.take() }
  }
  const estimated = (output: number) => ({ input, output, cached: 0, estimated: true })

  it('is what the vendor counted, at its price', async () => {
    const { heard, call } = await begin()
    const usage = { input: 1_000_000 / 10, output: 1_000, cached: 40_000, written: 10_000 }
    call.end({ usage })
    await heard.answer
    const cost = (50_000 * 0.1 + 40_000 * 0.01 + 10_000 * 0.125 + 1_000 * 0.5) / 1_000_000
    assert.deepEqual(heard.spent, [{ provider: 'claude', model: 'claude-haiku-5-5', usage, cost }])
  })

  it('is estimated where the vendor did not count, calls included', async () => {
    const { heard, call } = await begin()
    call.say('Let me look.')
    const calls = [{ id: 'c', name: 'find_order', arguments: { number: 'A-20418' } }]
    call.end({ usage: { input: 0, output: 0, cached: 0 }, calls, stop: 'tools' })
    await heard.answer
    const words = estimateTokens('Let me look.', 'claude-haiku-5-5')
    assert.equal(heard.spent[0]?.usage.estimated, true)
    assert.ok(heard.spent[0].usage.output > words + 10)
  })

  it('is estimated for what was stopped, before and after the first word', async () => {
    const before = await begin()
    before.heard.stop.abort(new Error('enough'))
    await assert.rejects(before.heard.answer)
    assert.deepEqual(before.heard.spent[0]?.usage, estimated(0))
    const after = await begin()
    after.call.say('Shipping takes three days')
    after.heard.stop.abort(new Error('enough'))
    await assert.rejects(after.heard.answer)
    const output = estimateTokens('Shipping takes three days', 'claude-haiku-5-5')
    assert.deepEqual(after.heard.spent[0]?.usage, estimated(output))
    assert.ok(after.heard.spent[0].cost > before.heard.spent[0].cost)
  })

  it('is estimated for what timed out or broke, also where another model answered then', async () => {
    for (const fault of ['timeout', 'broken_stream'] as const) {
      const { heard, call } = await begin()
      call.fail(new ProviderError(fault, 'no'))
      const next = await models.script('two').calls.take()
      next.say('Yes.')
      next.end()
      await heard.answer
      assert.deepEqual(
        heard.spent.map(({ provider, usage }) => [provider, usage.estimated ?? false]),
        [
          ['claude', true],
          ['two', false],
        ],
      )
    }
  })

  it('is nothing for what never reached a model', async () => {
    for (const fault of ['unreachable', 'rejected', 'rate_limited', 'overloaded'] as const) {
      const { heard, call } = await begin()
      call.fail(new ProviderError(fault, 'no'))
      ;(await models.script('two').calls.take()).fail(new ProviderError(fault, 'no'))
      await assert.rejects(heard.answer)
      assert.deepEqual(heard.spent, [], fault)
    }
  })

  it('costs nothing where nobody knows the price, which is told once for each model', async () => {
    const log = createLogLines()
    models = new ScriptedModels(['one'], { log: log.logger })
    for (let time = 0; time < 3; time++) {
      const heard = models.ask(['one:gpt-9'])
      ;(await models.script('one').calls.take()).end()
      await heard.answer
      assert.equal(heard.spent[0]?.cost, 0)
    }
    const lines = log.all.map(({ msg, model }) => [msg, model])
    assert.deepEqual(lines, [['the price of a model is not known, its cost counts as 0', 'gpt-9']])
  })

  it('goes under the name of the model that a provider chose when it was asked', async () => {
    let name = 'auto'
    Object.defineProperty(models.script('two'), 'defaultModel', { get: () => name })
    const heard = models.ask(['two:auto'])
    const call = await models.script('two').calls.take()
    name = 'qwen3:8b'
    call.end()
    await heard.answer
    assert.equal(heard.spent[0]?.model, 'qwen3:8b')
  })

  it('has the operator’s prices', async () => {
    const prices = new Map([['gpt-9', { input: 1_000, output: 0, cacheRead: 0, cacheWrite: 0 }]])
    models = new ScriptedModels(['one'], { prices })
    const heard = models.ask(['one:gpt-9'])
    ;(await models.script('one').calls.take()).end({ usage: { input: 2_000, output: 5, cached: 0 } })
    await heard.answer
    assert.equal(heard.spent[0]?.cost, 2)
  })
})
