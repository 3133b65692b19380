import assert from 'node:assert/strict'
import type { BreakerLimits } from '../../server/infra/circuit-breaker.ts'
import type { Installation } from '../../server/llm/installation.ts'
import { modelsOf, type Models } from '../../server/llm/models.ts'
import type { ModelsParts } from '../../server/llm/models-context.ts'
import { createOffline } from '../../server/llm/offline.ts'
import { ProviderError, type Passage, type Provider } from '../../server/llm/provider.ts'
import { eventually } from '../support/eventually.ts'
import { createLogLines } from '../support/log-lines.ts'
import { AnthropicStandIn } from '../support/vendors/anthropic.ts'
import { claudeAt } from '../support/vendors/claude.ts'
import { OpenAiStandIn, openAiAt } from '../support/vendors/openai.ts'
import {
  breaking,
  deadSilence,
  disconnect,
  failing,
  stall,
  toolCalls,
  words,
  type Scenario,
} from '../support/vendors/scenarios.ts'
import { Heard, QUESTION } from './scripted-models.ts'

const HAIKU = { provider: 'claude', model: 'claude-haiku-5-5' }
const SONNET = { provider: 'claude', model: 'claude-sonnet-5-5' }
const LUNA = { provider: 'openai', model: 'gpt-6-luna' }
const KNOWLEDGE = { provider: 'offline', model: 'passages' }

const OVERLOADED = failing({ status: 529 })
/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:9'
const PASSAGE: Passage = { title: 'Shipping', content: 'Three days, says the page.', score: 1 }

/** As usual, but for pauses that a test can wait for. */
const BREAKER: BreakerLimits = {
  failures: 5,
  firstPause: 400,
  longestPause: 800,
  patience: 2_000,
  longestAsked: 60_000,
}

describe('Claude with OpenAI behind it', () => {
  let claude: AnthropicStandIn
  let openai: OpenAiStandIn
  let models: Models
  beforeEach(async () => {
    claude = await AnthropicStandIn.start()
    openai = await OpenAiStandIn.start()
    claude.otherwise = words(['Claude ', 'says.'])
    openai.otherwise = words(['OpenAI ', 'says.'])
    models = install()
  })
  afterEach(async () => {
    await claude.close()
    await openai.close()
  })

  /** Both vendors through their SDKs; repetitions come at once. */
  function install(parts: ModelsParts = {}, { firstToken = 30_000, url = claude.url } = {}): Models {
    const providers = new Map<string, Provider>([
      ['claude', claudeAt(url, { time: { firstToken } })],
      ['openai', openAiAt(openai.url)],
      ['offline', createOffline(() => Promise.resolve([PASSAGE]), { firstMs: 0, pieceMs: 0 }, true)],
    ])
    const installation: Installation = {
      main: HAIKU,
      fallbacks: [LUNA],
      summaries: null,
      defaultModel: (name) => providers.get(name)?.defaultModel ?? null,
      provider: (name) => providers.get(name) ?? null,
    }
    return modelsOf(installation, { breakerLimits: BREAKER, ...parts })
  }

  const ask = (...route: (typeof HAIKU)[]) =>
    new Heard(models, (route.length > 0 ? route : [HAIKU, LUNA]) as never, QUESTION)
  /** What came of a question: what was said, or the code of the failure. */
  const told = async (heard: Heard) => {
    const code = await heard.answer.then(
      () => null,
      (error: unknown) => (error instanceof ProviderError ? error.code : Promise.reject(error as Error)),
    )
    return code ?? heard.said
  }
  const asked = () => [claude.requests.all.length, openai.requests.all.length]
  const failFor = async (times: number, scenario: Scenario) => {
    claude.otherwise = scenario
    for (let time = 0; time < times; time++) await told(ask())
  }

  describe('failing', () => {
    const failures: Record<string, Scenario> = {
      overloaded: OVERLOADED,
      'broken down': failing({ status: 500 }),
      'at its limit': failing({ status: 429 }),
      'refusing the key': failing({ status: 401 }),
      'without credit': failing({ status: 402 }),
      'not knowing the model': failing({ status: 404 }),
      'overloaded, as its stream says': breaking('overloaded'),
      'cut off before the first word': disconnect(),
    }
    for (const [name, scenario] of Object.entries(failures)) {
      it(`${name}: OpenAI answers, and the visitor notices nothing`, async () => {
        claude.otherwise = scenario
        assert.equal(await told(ask()), 'OpenAI says.')
      })
    }

    it('by not being there: OpenAI answers', async () => {
      models = install({}, { url: NOBODY })
      assert.equal(await told(ask()), 'OpenAI says.')
    })

    it('with all others: the knowledge answers, and says that it does', async () => {
      claude.otherwise = OVERLOADED
      openai.otherwise = failing({ status: 503 })
      assert.match(
        await told(ask(HAIKU, LUNA, KNOWLEDGE)),
        /Three days, says the page\.[^]*cannot be reached just now/,
      )
    })
  })

  describe('slow', () => {
    it('to begin: OpenAI answers, and Claude’s connection is closed', async () => {
      models = install({}, { firstToken: 40 })
      claude.otherwise = deadSilence
      assert.equal(await told(ask()), 'OpenAI says.')
      assert.deepEqual(await claude.requests.all[0]?.over, { brokenOff: true })
    })

    it('to say a word, however alive it is: OpenAI answers', async () => {
      models = install({ patience: { eachWord: 60, allWords: 60_000 } })
      claude.otherwise = stall([], { everyMs: 10 })
      assert.equal(await told(ask()), 'OpenAI says.')
      assert.deepEqual(await claude.requests.all[0]?.over, { brokenOff: true })
    })
  })

  describe('half dead', () => {
    it('in every second request: nobody notices, and nobody else is asked', async () => {
      for (let time = 0; time < 8; time++) {
        claude.play(OVERLOADED, words(['Claude ', 'says.']))
        assert.equal(await told(ask()), 'Claude says.')
      }
      assert.deepEqual(asked(), [16, 0])
    })

    it('in the middle of each answer: it is told, and from the sixth on OpenAI answers alone', async () => {
      claude.otherwise = disconnect(['Claude ', 'sa'])
      for (let time = 0; time < 5; time++) {
        const heard = ask()
        assert.deepEqual([await told(heard), heard.said], ['broken_stream', 'Claude sa'])
      }
      assert.equal(await told(ask()), 'OpenAI says.')
      assert.deepEqual(asked(), [5, 1])
    })
  })

  describe('that failed five times in a row', () => {
    it('is not asked again, until the pause is over and it answers', async () => {
      const log = createLogLines()
      models = install({ log: log.logger })
      await failFor(5, OVERLOADED)
      const before = claude.requests.all.length
      assert.equal(before, 15)
      assert.equal(await told(ask()), 'OpenAI says.')
      assert.equal(claude.requests.all.length, before)
      claude.otherwise = words(['Claude ', 'is back.'])
      await eventually(async () => assert.equal(await told(ask()), 'Claude is back.'))
      assert.equal(claude.requests.all.length, before + 1)
      assert.equal(await told(ask()), 'Claude is back.')
      const lines = log.all.filter(({ msg }) => /left alone|answers again/.test(String(msg)))
      assert.deepEqual(
        lines.map(({ msg, provider, model }) => [msg, provider, model]),
        [
          ['model left alone for a while', 'claude', 'claude-haiku-5-5'],
          ['model answers again', 'claude', 'claude-haiku-5-5'],
        ],
      )
    })

    it('is tried by one question at a time', async () => {
      await failFor(5, OVERLOADED)
      const before = claude.requests.all.length
      claude.otherwise = stall([])
      let probe = ask()
      await eventually(async () => {
        probe = ask()
        await eventually(() => assert.ok(probe.said !== '' || claude.requests.all.length > before))
        assert.equal(probe.said, '')
      })
      const others = await Promise.all(Array.from({ length: 10 }, () => told(ask())))
      assert.deepEqual(new Set(others), new Set(['OpenAI says.']))
      assert.equal(claude.requests.all.length, before + 1)
      probe.stop.abort(new Error('enough'))
    })

    it('is asked by everybody again as soon as it has said a word', async () => {
      await failFor(5, OVERLOADED)
      claude.otherwise = stall(['Claude '])
      let probe = ask()
      await eventually(async () => {
        probe = ask()
        await eventually(() => assert.notEqual(probe.said, ''))
        assert.equal(probe.said, 'Claude ')
      })
      claude.otherwise = words(['Claude ', 'is back.'])
      assert.equal(await told(ask()), 'Claude is back.')
      probe.stop.abort(new Error('enough'))
    })

    it('fails at once where nobody stands behind it, and says for how long', async () => {
      models = install({ breakerLimits: { ...BREAKER, firstPause: 60_000, longestPause: 60_000 } })
      await failFor(5, OVERLOADED)
      const before = claude.requests.all.length
      const begun = performance.now()
      await assert.rejects(ask(HAIKU).answer, (error: unknown) => {
        assert.ok(error instanceof ProviderError)
        assert.equal(error.code, 'overloaded')
        assert.ok(error.retryable && (error.retryAfterMs ?? 0) > 40_000)
        assert.match(error.message, /^Left alone for \d+ ms more: claude claude-haiku-5-5$/)
        return true
      })
      assert.ok(performance.now() - begun < 5_000)
      assert.equal(claude.requests.all.length, before)
      assert.match(await told(ask(HAIKU, KNOWLEDGE)), /Three days, says the page/)
    })

    it('leaves another model of the same vendor alone', async () => {
      await failFor(5, OVERLOADED)
      claude.otherwise = words(['Sonnet ', 'says.'])
      assert.equal(await told(ask(HAIKU, SONNET)), 'Sonnet says.')
    })
  })

  it('asked to be left alone for long: is, after a single refusal', async () => {
    claude.play(failing({ status: 429, headers: { 'retry-after': '30' } }))
    assert.deepEqual([await told(ask()), await told(ask())], ['OpenAI says.', 'OpenAI says.'])
    assert.deepEqual(asked(), [1, 2])
  })

  it('refuses what is wrong: however often, it is asked the next time', async () => {
    await failFor(8, failing({ status: 400 }))
    assert.deepEqual(asked(), [8, 8])
  })

  it('not to be reached is passed over with all its models', async () => {
    models = install(
      { breakerLimits: { ...BREAKER, firstPause: 60_000, longestPause: 60_000 } },
      { url: NOBODY },
    )
    for (let time = 0; time < 5; time++) assert.equal(await told(ask(SONNET)), 'unreachable')
    assert.deepEqual([await told(ask(SONNET)), await told(ask(HAIKU))], ['overloaded', 'overloaded'])
  })

  it('that fails between two steps: OpenAI goes on with what Claude called', async () => {
    const tools = [
      { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object', properties: {} } },
    ]
    const question = { ...QUESTION, tools }
    claude.play(
      toolCalls([{ id: 'toolu_1', name: 'find_order', json: ['{"number":', '"A-1"}'] }], ['Let me look.']),
    )
    const first = await new Heard(models, [HAIKU, LUNA], question).answer
    assert.equal(first.stop, 'tools')
    claude.otherwise = OVERLOADED
    const results = [{ call_id: 'toolu_1', name: 'find_order', content: 'On its way', failed: false }]
    const { text, calls, native } = first
    const messages = [
      ...QUESTION.messages,
      { role: 'assistant' as const, text, step: { text, calls, native } },
      { role: 'tool' as const, results },
    ]
    const second = new Heard(models, [HAIKU, LUNA], { ...question, messages })
    assert.equal(await told(second), 'OpenAI says.')
    const sent = JSON.stringify(openai.requests.all[0]?.body)
    for (const part of ['Let me look.', 'find_order', 'A-1', 'On its way'])
      assert.ok(sent.includes(part), part)
  })
})
