import assert from 'node:assert/strict'
import type { AgentTools } from '../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { createConversations, type ConversationHeart } from '../../server/conversation/index.ts'
import type { ModelSpending } from '../../server/conversation/spending.ts'
import type { Installation } from '../../server/llm/installation.ts'
import { createModels, modelsOf, type Models } from '../../server/llm/models.ts'
import { PRICES } from '../../server/llm/prices.ts'
import type { Provider } from '../../server/llm/provider.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { keptOf, makeVisitor, rowsWhere } from '../support/heart.ts'
import { Recorder } from '../support/recorder.ts'
import { AnthropicStandIn } from '../support/vendors/anthropic.ts'
import { claudeAt } from '../support/vendors/claude.ts'
import { EVERY_VENDOR } from '../support/vendors/every-vendor.ts'
import type { Bill, Ledger } from '../support/vendors/ledger.ts'
import { OpenAiStandIn, openAiAt } from '../support/vendors/openai.ts'
import { failing, stall, toolCalls, words } from '../support/vendors/scenarios.ts'
import type { AnyStandIn } from '../support/vendors/stand-in.ts'

/** Enough to cost something that is kept, and below what vendors call long. */
const BILL: Bill = { input: 91_234, output: 4_321, cached: 40_001, written: 20_003 }
const FIND = toolCalls([{ id: 'toolu_1', name: 'find_order', json: ['{"number":', '"A-1"}'] }])

const TOOLS: AgentTools = {
  definitions: [
    { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object', properties: {} } },
  ],
  run: ({ id, name }) => Promise.resolve({ call_id: id, name, content: 'On its way', failed: false }),
}

interface Sums {
  input: number
  output: number
  cached: number
  estimated: number
  cost: number
}

describe('What a turn spent', () => {
  let place: TestDatabase
  let heart: ConversationHeart
  let told: Recorder
  let visitor: VisitorSession
  let sent = 0
  before(async () => (place = await openTestDatabase()))
  after(() => place.close())

  async function begin(models: Models): Promise<void> {
    told = new Recorder()
    const parts = { database: place.database, publisher: told, models, log: silentLog, tools: TOOLS }
    heart = createConversations({ ...parts, limits: { drain: 100 } })
    await heart.start()
    visitor = await makeVisitor(place.database)
  }
  afterEach(() => heart.stop())

  const send = (text: string) =>
    heart.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const ended = async () => {
    const [{ message }] = await told.next('reply:end')
    return message
  }

  /** What is kept of the visitor's only turn, after it was found to be the same wherever it is counted. */
  async function spent(): Promise<{ all: Sums; byModel: ModelSpending[]; turn: Record<string, unknown> }> {
    const [turn = {}] = await keptOf<Record<string, unknown>>(place.database, visitor, 'turns', 'number')
    const byModel = turn['spent'] as ModelSpending[]
    const all = sumsOf(turn, '')
    const client = visitor.client_id
    const [conversation = {}] = await rowsWhere<Record<string, unknown>>(
      place.database,
      'conversations',
      'client_id',
      client,
    )
    assert.equal(Number(conversation['tokens_total']), all.input + all.output)
    assert.ok(near(Number(conversation['cost_total']), all.cost))
    const days = await rowsWhere<Record<string, unknown>>(place.database, 'api_usage', 'client_id', client)
    assert.deepEqual(
      days.map((day) => ({ ...sumsOf(day, '_estimate'), cached: all.cached })),
      [all],
    )
    const models = await rowsWhere<Record<string, unknown>>(
      place.database,
      'usage_by_model',
      'client_id',
      client,
    )
    const named = (row: object) =>
      `${String(Reflect.get(row, 'provider'))} ${String(Reflect.get(row, 'model'))}`
    assert.deepEqual(models.map(named).sort(), byModel.map(named))
    for (const row of models) {
      const same = byModel.find((one) => named(one) === named(row))!
      const counted = sumsOf(row, '_estimate')
      assert.deepEqual({ ...counted, cost: 0 }, { ...sumsOf({ ...same }, ''), cost: 0 })
      assert.ok(near(counted.cost, same.cost))
    }
    return { all, byModel, turn }
  }

  /** The vendor's bill with what it comes to, for one model. */
  function charged({ total }: Ledger, model: string): Sums {
    const price = PRICES.get(model) ?? { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }
    const { input, output, cached, written } = total
    const fresh = (input - cached - written) * price.input
    const cost =
      (fresh + cached * price.cacheRead + written * price.cacheWrite + output * price.output) / 1_000_000
    return { input, output, cached, estimated: 0, cost }
  }
  const same = (a: Sums, b: Sums) => {
    assert.deepEqual({ ...a, cost: 0 }, { ...b, cost: 0 })
    assert.ok(near(a.cost, b.cost), `${a.cost} is not ${b.cost}`)
  }

  for (const { name, start, providerAt } of EVERY_VENDOR) {
    describe(`with ${name}`, () => {
      let vendor: AnyStandIn
      let model: string
      beforeEach(async () => {
        vendor = await start()
        const provider = providerAt(vendor.url)
        await begin(createModels(provider))
        model = provider.defaultModel
      })
      afterEach(() => vendor.close())

      it('is what the vendor charged, to the token, with all its steps', async () => {
        vendor.play(FIND, words(['It is ', 'on its way.'], { bill: BILL }))
        await send('Where is my order?')
        assert.equal((await ended()).status, 'complete')
        assert.equal(vendor.ledger.bills.length, 2)
        const { all, byModel } = await spent()
        same(all, charged(vendor.ledger, model))
        assert.equal(byModel.length, 1)
      })

      it('is estimated for an answer that was stopped', async () => {
        vendor.play(stall(['Shipping takes ', 'three ']))
        await send('How long does shipping take?')
        await told.told.take(({ event, args }) => event === 'reply:delta' && args[3] === 'three ')
        await heart.conversations.stop(visitor, { turn: 1 })
        assert.equal((await ended()).status, 'stopped')
        const { all } = await spent()
        assert.ok(all.input > 10 && all.output >= 3 && all.output < 12, JSON.stringify(all))
        assert.equal(all.estimated, all.input + all.output)
        assert.deepEqual(vendor.ledger.bills, [])
      })

      it('is the bill and an estimate where a message joined', async () => {
        vendor.play(stall([]), words(['Yes.'], { bill: BILL }))
        await send('Boots?')
        await vendor.requests.take()
        await send('Brown ones?')
        assert.equal((await ended()).answers_to, 2)
        const { all } = await spent()
        const { input, output } = vendor.ledger.total
        assert.ok(all.estimated > 10)
        assert.deepEqual([all.input - all.estimated, all.output], [input, output])
      })
    })
  }

  describe('with two models', () => {
    let claude: AnthropicStandIn
    let openai: OpenAiStandIn
    beforeEach(async () => {
      claude = await AnthropicStandIn.start()
      openai = await OpenAiStandIn.start()
      const providers = new Map<string, Provider>([
        ['claude', claudeAt(claude.url)],
        ['openai', openAiAt(openai.url)],
      ])
      const installation: Installation = {
        main: { provider: 'claude' },
        fallbacks: [{ provider: 'openai' }],
        summaries: null,
        defaultModel: (name) => providers.get(name)?.defaultModel ?? null,
        provider: (name) => providers.get(name) ?? null,
      }
      await begin(modelsOf(installation))
    })
    afterEach(async () => {
      await claude.close()
      await openai.close()
    })
    const both = (byModel: ModelSpending[]) => {
      assert.deepEqual(
        byModel.map(({ provider, model }) => [provider, model]),
        [
          ['claude', 'claude-haiku-5-5'],
          ['openai', 'gpt-6-luna'],
        ],
      )
      return byModel.map((row) => sumsOf({ ...row }, '')) as [Sums, Sums]
    }

    it('is what each vendor charged, under its name, and the answer is the second one’s', async () => {
      claude.play(FIND)
      claude.otherwise = failing({ status: 529 })
      openai.otherwise = words(['It is on its way.'], { bill: BILL })
      await send('Where is my order?')
      assert.equal((await ended()).status, 'complete')
      const { byModel, turn } = await spent()
      const [first, second] = both(byModel)
      same(first, charged(claude.ledger, 'claude-haiku-5-5'))
      same(second, charged(openai.ledger, 'gpt-6-luna'))
      assert.deepEqual([turn['provider'], turn['model']], ['openai', 'gpt-6-luna'])
    })

    it('is nothing for the model that refused, and the bill of the one that answered', async () => {
      claude.otherwise = failing({ status: 401 })
      openai.otherwise = words(['Yes.'], { bill: BILL })
      await send('Do you have boots?')
      await ended()
      const { byModel, all } = await spent()
      assert.deepEqual(
        byModel.map(({ provider }) => provider),
        ['openai'],
      )
      same(all, charged(openai.ledger, 'gpt-6-luna'))
    })

    it('is nothing, and of no model, where none answered', async () => {
      claude.otherwise = failing({ status: 401 })
      openai.otherwise = failing({ status: 401 })
      await send('Do you have boots?')
      assert.equal((await ended()).status, 'failed')
      const { byModel, all, turn } = await spent()
      assert.deepEqual([byModel, all.input, all.cost, turn['model']], [[], 0, 0, null])
    })
  })
})

/** A row's counts, whichever of the tables it is from; `suffix` of its cost. */
function sumsOf(row: Record<string, unknown>, suffix: '' | '_estimate'): Sums {
  const count = (name: string) => Number(row[name] ?? 0)
  return {
    input: count('tokens_input'),
    output: count('tokens_output'),
    cached: count('tokens_cached'),
    estimated: count('tokens_estimated'),
    cost: count(`cost${suffix}`),
  }
}

/** Costs are kept to a millionth of a dollar. */
function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-6
}
