import assert from 'node:assert/strict'
import { askOne } from '../../support/vendors/asking.ts'
import { onChat, openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ChatReply } from '../../support/vendors/openai-chat-reply.ts'
import type { Scenario } from '../../support/vendors/scenarios.ts'

/** Beside what holds for every provider: test/llm/provider-answers.test.ts. */
describe('an answer of a server that speaks Chat Completions in its own way', () => {
  let vendor: OpenAiStandIn
  before(async () => {
    vendor = await OpenAiStandIn.start()
  })
  after(() => vendor.close())

  const ask = async (scenario: Scenario<ChatReply>) => {
    vendor.play(onChat(scenario))
    const { said, answer, error } = await askOne(openAiAt(vendor.url, { api: 'chat', model: 'qwen3' }))
    if (!answer) throw error
    return { said, answer }
  }
  /** Fragments of calls, and what the server calls its reason to stop. */
  const calling = (fragments: object[], reason = 'tool_calls') =>
    ask(async (reply) => {
      await reply.begin()
      for (const fragment of fragments) await reply.fragment(fragment)
      await reply.stop(reason)
      await reply.done()
    })

  it('is whole where nothing was counted', async () => {
    const { answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.say('Yes')
      await reply.stop('stop')
      await reply.done()
    })
    assert.deepEqual([answer.text, answer.usage], ['Yes', { input: 0, output: 0, cached: 0, written: 0 }])
  })

  it('takes the last count where every chunk has one', async () => {
    const { answer } = await ask(async (reply) => {
      await reply.begin()
      for (const completion_tokens of [1, 2, 3]) {
        const choices = [{ index: 0, delta: { content: 'a' }, finish_reason: null }]
        await reply.chunk({ choices, usage: { prompt_tokens: 9, completion_tokens } })
      }
      await reply.stop('stop')
      await reply.done()
    })
    assert.deepEqual(answer.usage, { input: 9, output: 3, cached: 0, written: 0 })
  })

  it('is whole without the mark at its end, once it has told why it stopped', async () => {
    const { answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.say('Yes')
      await reply.stop('stop')
      reply.finish()
    })
    assert.equal(answer.text, 'Yes')
  })

  it('never shows what was thought', async () => {
    const { said } = await ask(async (reply) => {
      await reply.begin()
      await reply.delta({ reasoning_content: 'They want boots.' })
      await reply.delta({ reasoning: 'They do.', content: null })
      await reply.say('Yes')
      await reply.end('end')
    })
    assert.deepEqual(said, ['Yes'])
  })

  it("is shown in the model's own words where it declines with some", async () => {
    const { answer } = await ask(async (reply) => {
      await reply.begin()
      await reply.delta({ refusal: "I'm sorry, I can't." })
      await reply.end('end')
    })
    assert.deepEqual([answer.text, answer.stop], ["I'm sorry, I can't.", 'refusal'])
  })

  it('calls functions whose fragments alternate', async () => {
    const { answer } = await calling([
      { index: 0, id: 'call_1', type: 'function', function: { name: 'find_order', arguments: '' } },
      { index: 1, id: 'call_2', type: 'function', function: { name: 'opening_hours', arguments: '{' } },
      { index: 0, function: { arguments: '{"number":' } },
      { index: 1, id: '', function: { name: '', arguments: '}' } },
      { index: 0, id: null, function: { name: null, arguments: '1}' } },
    ])
    assert.deepEqual(answer.calls, [
      { id: 'call_1', name: 'find_order', arguments: { number: 1 } },
      { id: 'call_2', name: 'opening_hours', arguments: {} },
    ])
  })

  it('calls functions whose indexes are missing or all the same', async () => {
    for (const index of [{}, { index: 0 }]) {
      const { answer } = await calling([
        { ...index, id: 'call_1', function: { name: 'find_order', arguments: '{"number":1}' } },
        { ...index, id: 'call_2', function: { name: 'find_order', arguments: '{"number":2}' } },
      ])
      assert.deepEqual(
        answer.calls.map((call) => [call.id, call.arguments]),
        [
          ['call_1', { number: 1 }],
          ['call_2', { number: 2 }],
        ],
      )
    }
  })

  it('calls a function whose id comes with every fragment, or another one with each but the first', async () => {
    for (const [id, name] of [
      ['call_1', 'find_order'],
      ['call_7', ''],
    ]) {
      const { answer } = await calling([
        { index: 0, id: 'call_1', function: { name: 'find_order', arguments: '{"number"' } },
        { index: 0, id, function: { name, arguments: ':1}' } },
      ])
      assert.deepEqual(answer.calls, [{ id: 'call_1', name: 'find_order', arguments: { number: 1 } }])
    }
  })

  it('gives a call an id where the server gave none', async () => {
    const { answer } = await calling([
      { index: 0, function: { name: 'find_order', arguments: '{}' } },
      { index: 1, function: { name: 'find_order', arguments: '{}' } },
    ])
    const [first, second] = answer.calls
    assert.match(first!.id, /^call_[\w-]{36}$/)
    assert.notEqual(first!.id, second!.id)
  })

  it('calls whatever the reason is called, unless it was cut', async () => {
    const fragment = { index: 0, id: 'call_1', function: { name: 'find_order', arguments: '{}' } }
    for (const reason of ['tool_calls', 'stop', 'function_call', 'eos'])
      assert.equal((await calling([fragment], reason)).answer.stop, 'tools', reason)
    assert.equal((await calling([fragment], 'length')).answer.stop, 'length')
  })
})
