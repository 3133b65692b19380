import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { askOne } from '../../support/vendors/asking.ts'
import { onResponses, openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ResponsesReply } from '../../support/vendors/openai-responses-reply.ts'
import { words, type Scenario } from '../../support/vendors/scenarios.ts'
import { thinkingThenCalls } from './cast.ts'

/** Beside what holds for every provider: test/llm/provider-answers.test.ts. */
describe('an answer that comes only over Responses', () => {
  let vendor: OpenAiStandIn
  before(async () => {
    vendor = await OpenAiStandIn.start()
  })
  after(() => vendor.close())

  const ask = async (scenario: Scenario<ResponsesReply>) => {
    vendor.play(onResponses(scenario))
    const { said, answer, error } = await askOne(openAiAt(vendor.url))
    if (!answer) throw error
    return { said, answer }
  }

  it('counts what went to the cache as part of what was read', async () => {
    const bill = { input: 2_060, output: 31, cached: 1_024, written: 1_020 }
    const { answer } = await ask(words(['Yes'], { bill }))
    assert.deepEqual(answer.usage, bill)
    assert.deepEqual(vendor.ledger.bills.at(-1), bill)
  })

  it('keeps what was thought for the tool loop, and shows nothing of it', async () => {
    const { said, answer } = await ask(thinkingThenCalls)
    assert.deepEqual([said, answer.stop], [['Let me look.'], 'tools'])
    const {
      vendor: name,
      model,
      blocks,
    } = answer.native as { vendor: string; model: string; blocks: unknown[] }
    assert.deepEqual([name, model, blocks.length], ['openai', 'gpt-6-luna', 3])
    assert.ok(JSON.stringify(blocks[0]).includes('Z0FBQUE='))
  })

  it('parts two messages of one answer as paragraphs', async () => {
    const { said, answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.message('Let me think.', 'commentary')
      await reply.say('It')
      await reply.say(' is 12.')
      await reply.end('end')
    })
    assert.deepEqual(said, ['Let me think.', '\n\nIt', ' is 12.'])
    assert.equal(answer.text, said.join(''))
  })

  it("is shown in the model's own words where it declines with some", async () => {
    const { said, answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.refuse(["I'm sorry,", " I can't."])
      await reply.end('end')
    })
    assert.deepEqual(
      [said, answer.text, answer.stop],
      [["I'm sorry,", " I can't."], "I'm sorry, I can't.", 'refusal'],
    )
  })

  it('that is cut in the middle of a call wants nothing run', async () => {
    const { answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.call({ id: 'call_1', name: 'find_order', json: ['{"num'] })
      await reply.end('length')
    })
    assert.deepEqual([answer.stop, answer.native, answer.calls[0]?.arguments], ['length', undefined, null])
  })

  it('may begin with silent thinking, told by nothing but signs of life', async () => {
    const limits = { firstToken: 400, wordless: 5_000 }
    vendor.play(
      onResponses(async (reply) => {
        await reply.begin()
        const since = performance.now()
        while (performance.now() - since < 2 * limits.firstToken) {
          await reply.ping()
          await delay(10)
        }
        await reply.say('Yes')
        await reply.end('end')
      }),
    )
    const { answer, error } = await askOne(openAiAt(vendor.url, { time: limits }))
    assert.deepEqual([answer?.text, error], ['Yes', undefined])
  })
})
