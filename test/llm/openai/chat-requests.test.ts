import assert from 'node:assert/strict'
import type { ModelMessage, ModelRequest, ModelStep } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ChatBody } from '../../support/vendors/openai-chat-rules.ts'
import { FIND, HOURS, resultOf } from './cast.ts'

const STEP: ModelStep = {
  text: 'Let me look.',
  calls: [{ id: 'call_1', name: 'find_order', arguments: { number: 'A-1' } }],
}

describe('a request over Chat Completions', () => {
  let vendor: OpenAiStandIn
  before(async () => {
    vendor = await OpenAiStandIn.start()
  })
  after(() => vendor.close())

  /** The request as it was sent; the stand-in refuses what a server would. */
  const sent = async (request: Partial<ModelRequest>) => {
    const { error } = await askOne(openAiAt(vendor.url, { api: 'chat', model: 'qwen3' }), request)
    assert.equal(error, undefined)
    return vendor.requests.all.at(-1)!.body as ChatBody
  }
  const turnsOf = async (messages: ModelMessage[]) =>
    (await sent({ messages, tools: [FIND], system: { stable: '', moment: '' } })).messages

  it('names the model, wants to be told what it costs, and sets nothing else', async () => {
    const body = await sent({})
    assert.deepEqual(Object.keys(body).sort(), ['messages', 'model', 'stream', 'stream_options'])
    assert.deepEqual([body.model, body.stream_options], ['qwen3', { include_usage: true }])
    assert.equal((await sent({ model: 'llama4' })).model, 'llama4')
  })

  it('has one system message, the stable part first', async () => {
    const { messages } = await sent({ system: { stable: 'You help.', moment: 'Today is Monday.' } })
    assert.deepEqual(messages[0], { role: 'system', content: 'You help.\n\nToday is Monday.' })
    const { messages: without } = await sent({ system: { stable: ' ', moment: '' } })
    assert.deepEqual(without, [{ role: 'user', content: 'Do you have boots?' }])
  })

  it('is made of turns in alternation, a user first, whatever the conversation was', async () => {
    const messages = await turnsOf([
      { role: 'assistant', text: 'Welcome!' },
      { role: 'user', text: 'Boots?' },
      { role: 'user', text: ' \n' },
      { role: 'assistant', text: '' },
      { role: 'user', text: 'Price?' },
    ])
    assert.deepEqual(messages, [
      { role: 'user', content: '(no text)' },
      { role: 'assistant', content: 'Welcome!' },
      { role: 'user', content: 'Boots?\n\n(no text)\n\nPrice?' },
    ])
  })

  it('tells a step in words, whoever took it', async () => {
    const step = { ...STEP, native: { vendor: 'openai', model: 'qwen3', blocks: [{ type: 'reasoning' }] } }
    const messages = await turnsOf([
      { role: 'user', text: 'Where is it?' },
      { role: 'assistant', text: step.text, step },
      resultOf('call_1', ''),
    ])
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: 'Let me look.',
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'find_order', arguments: '{"number":"A-1"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '' },
    ])
  })

  it('takes a step without words, with broken arguments, and with a call that was never run', async () => {
    const calls = ['call_1', 'call_2'].map((id) => ({ id, name: 'find_order', arguments: null }))
    const messages = await turnsOf([
      { role: 'user', text: 'Where is it?' },
      { role: 'assistant', text: '', step: { text: '', calls } },
      resultOf('call_1', 'The arguments are no JSON.'),
    ])
    const [, step, ...results] = messages
    assert.ok(step?.role === 'assistant')
    assert.equal(step.content, null)
    assert.deepEqual(
      step.tool_calls?.map((call) => call.type === 'function' && call.function.arguments),
      ['{}', '{}'],
    )
    assert.deepEqual(
      results.map(({ content }) => content),
      ['The arguments are no JSON.', 'Not run: too many calls.'],
    )
  })

  it('defines functions, and forbids calls without taking the definitions away', async () => {
    const { tools, tool_choice } = await sent({ tools: [FIND, HOURS], mayCall: false })
    assert.deepEqual(tools, [
      {
        type: 'function',
        function: { name: 'find_order', description: 'Finds an order.', parameters: FIND.parameters },
      },
      {
        type: 'function',
        function: {
          name: 'opening_hours',
          description: 'Tells.',
          parameters: { type: 'object', properties: {} },
        },
      },
    ])
    assert.equal(tool_choice, 'none')
    assert.equal((await sent({ tools: [FIND] })).tool_choice, undefined)
  })

  it('goes without a key where there is none', async () => {
    vendor.key = null
    const { error } = await askOne(openAiAt(vendor.url, { api: 'chat', model: 'qwen3', apiKey: '' }))
    vendor.key = 'sk-proj-test-key'
    assert.equal(error, undefined)
    assert.equal(vendor.requests.all.at(-1)!.headers.authorization, undefined)
  })

  describe('sends of the parameters what the model takes', () => {
    const parameters = {
      max_output_tokens: 900,
      temperature: 0.3,
      effort: 'low',
      context_tokens: 4_096,
    } as const
    const taken = async (model: string, tools = [FIND]) => {
      const body = await sent({ model, parameters, tools })
      const names = ['max_tokens', 'max_completion_tokens', 'temperature', 'reasoning_effort'] as const
      return names.map((name) => body[name])
    }

    it("where it is another server's", async () => {
      for (const model of ['qwen3', 'openai/gpt-oss-120b'])
        assert.deepEqual(await taken(model), [900, undefined, 0.3, 'low'], model)
    })

    it('where it is of OpenAI and does not think', async () => {
      assert.deepEqual(await taken('openai/gpt-4.1'), [900, undefined, 0.3, undefined])
    })

    it('where it thinks, which over this API not all can do and call functions too', async () => {
      assert.deepEqual(await taken('gpt-6-luna'), [undefined, 900, undefined, 'none'])
      assert.deepEqual(await taken('gpt-5.4'), [undefined, 900, undefined, undefined])
      assert.deepEqual(await taken('gpt-5'), [undefined, 900, undefined, 'low'])
      assert.deepEqual(await taken('o4-mini'), [undefined, 900, undefined, 'low'])
      assert.deepEqual(await taken('gpt-6-luna', []), [undefined, 900, undefined, 'low'])
    })

    it('and bounds the answer where nobody did, but for servers that know best themselves', async () => {
      const { max_completion_tokens } = await sent({ model: 'gpt-6-luna' })
      assert.ok((max_completion_tokens ?? 0) >= 4_096)
      assert.equal('max_tokens' in (await sent({})), false)
    })
  })
})
