import assert from 'node:assert/strict'
import type { ModelMessage, ModelRequest, ModelStep, ToolDefinition } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt, type OllamaChanges } from '../../support/vendors/ollama-provider.ts'
import type { OllamaReply } from '../../support/vendors/ollama-reply.ts'
import type { Scenario } from '../../support/vendors/scenarios.ts'

const FIND: ToolDefinition = {
  name: 'find_order',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] },
}
const QUESTION: ModelMessage = { role: 'user', text: 'Where is it?' }
const SYSTEM = { role: 'system', content: 'You help the visitors of Acme.' }

describe('a request to Ollama', () => {
  let vendor: OllamaStandIn
  before(async () => {
    vendor = await OllamaStandIn.start()
  })
  after(() => vendor.close())

  /** The request as it was sent; the stand-in refuses what the server would. */
  const sent = async (request: Partial<ModelRequest>, changes: OllamaChanges = {}) => {
    const { error } = await askOne(ollamaAt(vendor.url, changes), request)
    assert.equal(error, undefined)
    return vendor.requests.all.at(-1)!.body
  }
  const turnsOf = async (messages: ModelMessage[], changes: OllamaChanges = {}) =>
    (await sent({ messages }, changes)).messages?.slice(1)
  /** A step that the model really took, kept and read again as the database does it. */
  const stepOf = async (scenario: Scenario<OllamaReply>): Promise<ModelStep> => {
    vendor.play(scenario)
    const { answer } = await askOne(ollamaAt(vendor.url), { tools: [FIND] })
    const { text, calls, native } = answer!
    return JSON.parse(JSON.stringify({ text, calls, native })) as ModelStep
  }
  const thoughtfulCall: Scenario<OllamaReply> = async (reply) => {
    await reply.begin()
    await reply.think('An order.')
    await reply.say('Let me look.')
    await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":"A"}'] })
    await reply.end('tools')
  }

  it('names the model, and bounds what is read, what is said and how long the model stays', async () => {
    assert.deepEqual(await sent({}), {
      model: 'qwen3:8b',
      stream: true,
      messages: [SYSTEM, { role: 'user', content: 'Do you have boots?' }],
      keep_alive: 1_800,
      options: { num_ctx: 8_192, num_predict: 4_096 },
    })
    assert.equal((await sent({ model: 'gpt-oss:20b' })).model, 'gpt-oss:20b')
  })

  it('sends the parameters that it knows', async () => {
    const parameters = { max_output_tokens: 900, temperature: 0, context_tokens: 20_000 }
    const { options } = await sent({ parameters })
    assert.deepEqual(options, { num_ctx: 20_000, num_predict: 900, temperature: 0 })
  })

  it('tells a model how much to think as far as the model knows that', async () => {
    const think = async (model: string, effort: 'low' | 'medium' | 'high') =>
      (await sent({ model, parameters: { effort } })).think
    assert.deepEqual([await think('gpt-oss:20b', 'low'), await think('gpt-oss:20b', 'high')], ['low', 'high'])
    assert.deepEqual([await think('qwen3:8b', 'low'), await think('qwen3:8b', 'medium')], [false, true])
    assert.deepEqual(await think('gemma3:4b', 'high'), undefined)
    assert.equal('think' in (await sent({})), false)
  })

  it('defines functions, and to forbid calls leaves them out: there is no other way', async () => {
    const { tools } = await sent({ tools: [FIND, { ...FIND, name: 'find_all', parameters: {} }] })
    assert.deepEqual(tools, [
      { type: 'function', function: FIND },
      { type: 'function', function: { ...FIND, name: 'find_all', parameters: { type: 'object' } } },
    ])
    assert.equal('tools' in (await sent({ tools: [FIND], mayCall: false })), false)
    assert.equal('tools' in (await sent({})), false)
  })

  it('puts what is true for the moment behind what is always true, in one system message', async () => {
    const { messages } = await sent({ system: { stable: 'You help.', moment: 'Today is Monday.' } })
    assert.deepEqual(messages?.[0], { role: 'system', content: 'You help.\n\nToday is Monday.' })
    const none = await sent({ system: { stable: ' ', moment: '' } })
    assert.deepEqual(none.messages, [{ role: 'user', content: 'Do you have boots?' }])
  })

  it('alternates, begins with a user and holds no blank text, as strict templates want it', async () => {
    const conversation: ModelMessage[] = [
      { role: 'assistant', text: 'Welcome!' },
      { role: 'user', text: ' \n' },
      { role: 'user', text: 'Boots?' },
      { role: 'assistant', text: '' },
      { role: 'assistant', text: 'Yes.' },
      { role: 'assistant', text: 'Brown ones.' },
      { role: 'user', text: 'Price?' },
    ]
    for (const model of ['qwen3:8b', 'gemma3:4b']) {
      assert.deepEqual(await turnsOf(conversation, { model }), [
        { role: 'user', content: '(no text)' },
        { role: 'assistant', content: 'Welcome!' },
        { role: 'user', content: '(no text)\n\nBoots?' },
        { role: 'assistant', content: 'Yes.\n\nBrown ones.' },
        { role: 'user', content: 'Price?' },
      ])
    }
  })

  it('sends a step back with what was thought, its calls as objects, and what they gave', async () => {
    const step = await stepOf(thoughtfulCall)
    const turns = await turnsOf([
      QUESTION,
      { role: 'assistant', text: step.text, step },
      result('call_1', 'On its way', false),
      { role: 'assistant', text: '', step: { text: '', calls: [{ ...step.calls[0]!, id: 'call_2' }] } },
      result('call_2', 'No such order', true),
    ])
    const call = (id: string) => ({
      id,
      function: { index: 0, name: 'find_order', arguments: { number: 'A' } },
    })
    assert.deepEqual(turns, [
      { role: 'user', content: 'Where is it?' },
      {
        role: 'assistant',
        content: 'Let me look.',
        thinking: 'An order.',
        tool_calls: [call('call_1')],
      },
      { role: 'tool', tool_name: 'find_order', tool_call_id: 'call_1', content: 'On its way' },
      { role: 'assistant', content: '', tool_calls: [call('call_2')] },
      {
        role: 'tool',
        tool_name: 'find_order',
        tool_call_id: 'call_2',
        content: 'The call failed: No such order',
      },
    ])
  })

  it('keeps what one model thought from another one', async () => {
    const step = await stepOf(thoughtfulCall)
    const messages: ModelMessage[] = [
      QUESTION,
      { role: 'assistant', text: step.text, step },
      result('call_1', '', false),
    ]
    const { messages: turns } = await sent({ model: 'gpt-oss:20b', messages })
    assert.equal('thinking' in turns![2]!, false)
    const foreign = { ...step, native: { vendor: 'anthropic', model: 'qwen3:8b', blocks: ['Hm.'] } }
    const [, told] =
      (await turnsOf([QUESTION, { role: 'assistant', text: '', step: foreign }, messages[2]!])) ?? []
    assert.equal('thinking' in told!, false)
  })

  it('sends an object back where the arguments were broken', async () => {
    const step = { text: '', calls: [{ id: 'call_1', name: 'find_order', arguments: null }] }
    const turns = await turnsOf([QUESTION, { role: 'assistant', text: '', step }, result('call_1', '', true)])
    assert.deepEqual(turns?.[1]?.tool_calls?.[0]?.function.arguments, {})
  })

  it('is one of many that know nothing of each other: the end of one ends no other', async () => {
    const provider = ollamaAt(vendor.url)
    const stop = new AbortController()
    let go: (() => void) | undefined
    const going = new Promise<void>((resolve) => (go = resolve))
    vendor.play(
      async (reply) => {
        await reply.begin()
        await reply.say('never')
      },
      async (reply) => {
        await reply.begin()
        await reply.say('one')
        await going
        await reply.say(' two')
        await reply.end('end')
      },
    )
    vendor.requests.clear()
    const stopped = askOne(provider, {}, stop.signal)
    await vendor.requests.take()
    const other = askOne(provider)
    const { over } = await vendor.requests.take()
    stop.abort(new Error('enough'))
    assert.match(String((await stopped).error), /enough/)
    go?.()
    assert.equal((await other).answer?.text, 'one two')
    assert.deepEqual(await over, { brokenOff: false })
  })

  it('goes over connections that are kept', async () => {
    const provider = ollamaAt(vendor.url)
    vendor.requests.clear()
    for (let asked = 0; asked < 6; asked++) {
      await askOne(provider)
      await vendor.requests.all.at(-1)!.over
    }
    const connections = new Set(vendor.requests.all.map(({ connection }) => connection))
    // One for questions, and the one over which it was first asked what the model can.
    assert.ok(connections.size <= 2, String(connections.size))
  })
})

function result(call_id: string, content: string, failed: boolean): ModelMessage {
  return { role: 'tool', results: [{ call_id, name: 'find_order', content, failed }] }
}
