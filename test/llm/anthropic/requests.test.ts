import assert from 'node:assert/strict'
import type { ModelMessage, ModelRequest, ModelStep, ToolDefinition } from '../../../server/llm/provider.ts'
import { AnthropicStandIn } from '../../support/vendors/anthropic.ts'
import type { AnthropicReply } from '../../support/vendors/anthropic-reply.ts'
import { thinkingThenCall } from '../../support/vendors/anthropic-scenarios.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { claudeAt } from '../../support/vendors/claude.ts'
import { toolCalls, type Scenario } from '../../support/vendors/scenarios.ts'

const FIND: ToolDefinition = {
  name: 'find_order',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] },
}
const HOURS: ToolDefinition = { name: 'opening_hours', description: 'Tells.', parameters: { properties: {} } }
const CACHED = { cache_control: { type: 'ephemeral' } }

describe('a request to Claude', () => {
  let vendor: AnthropicStandIn
  before(async () => {
    vendor = await AnthropicStandIn.start()
  })
  after(() => vendor.close())

  /** The request as it was sent; the stand-in refuses what the vendor would. */
  const sent = async (request: Partial<ModelRequest>) => {
    const { error } = await askOne(claudeAt(vendor.url), request)
    assert.equal(error, undefined)
    const { body, headers } = vendor.requests.all.at(-1)!
    return { body, headers }
  }
  const messagesOf = async (messages: ModelMessage[], tools: ToolDefinition[] = []) =>
    (await sent({ messages, tools })).body.messages
  /** A step that the model really took, kept and read again as the database does it. */
  const stepOf = async (scenario: Scenario<AnthropicReply>): Promise<ModelStep> => {
    vendor.play(scenario)
    const { answer } = await askOne(claudeAt(vendor.url), { tools: [FIND] })
    const { text, calls, native } = answer!
    return JSON.parse(JSON.stringify({ text, calls, native })) as ModelStep
  }

  it('names the model, bounds the answer, and sets nothing that current models refuse', async () => {
    const { body } = await sent({})
    const names = ['max_tokens', 'messages', 'model', 'stream', 'system']
    assert.deepEqual(Object.keys(body).sort(), names)
    assert.deepEqual([body.model, body.stream], ['claude-haiku-5-5', true])
    assert.ok(body.max_tokens >= 4_096)
    assert.equal((await sent({ model: 'claude-opus-5-5' })).body.model, 'claude-opus-5-5')
  })

  it('has the vendor cache what stays the same: the system prompt and the tools', async () => {
    const { body } = await sent({ tools: [FIND, HOURS] })
    assert.deepEqual(body.system, [{ type: 'text', text: 'You help the visitors of Acme.', ...CACHED }])
    assert.deepEqual(body.tools, [
      { name: 'find_order', description: 'Finds an order.', input_schema: FIND.parameters },
      {
        name: 'opening_hours',
        description: 'Tells.',
        input_schema: { type: 'object', properties: {} },
        ...CACHED,
      },
    ])
    assert.equal(body.tool_choice, undefined)
  })

  it('leaves out a system prompt of nothing', async () => {
    assert.equal('system' in (await sent({ system: { stable: ' ', moment: '' } })).body, false)
  })

  it('merges messages in a row into one turn', async () => {
    const messages = await messagesOf([
      { role: 'user', text: 'Hello' },
      { role: 'user', text: 'Boots?' },
      { role: 'assistant', text: 'Yes.' },
      { role: 'assistant', text: 'Brown ones.' },
      { role: 'user', text: 'Price?' },
    ])
    assert.deepEqual(messages, [
      { role: 'user', content: texts('Hello', 'Boots?') },
      { role: 'assistant', content: texts('Yes.', 'Brown ones.') },
      { role: 'user', content: texts('Price?') },
    ])
  })

  it('begins with a user, and holds no blank text, whatever the conversation was', async () => {
    const messages = await messagesOf([
      { role: 'assistant', text: 'Welcome!' },
      { role: 'user', text: ' \n' },
      { role: 'assistant', text: '' },
      { role: 'user', text: 'Price?' },
    ])
    assert.deepEqual(messages, [
      { role: 'user', content: texts('(no text)') },
      { role: 'assistant', content: texts('Welcome!') },
      { role: 'user', content: texts('(no text)', 'Price?') },
    ])
  })

  it('sends a step back exactly as it came, thinking and signatures included', async () => {
    const step = await stepOf(
      thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{"number":"A"}'] }),
    )
    const messages = await messagesOf(
      [
        { role: 'user', text: 'Where is it?' },
        { role: 'assistant', text: step.text, step },
        result('toolu_1', 'On its way', false),
      ],
      [FIND],
    )
    assert.deepEqual(messages.slice(1), [
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: '', signature: 'c2lnbmVk' },
          { type: 'thinking', thinking: 'They ask about shipping.', signature: 'YW5vdGhlcg==' },
          { type: 'redacted_thinking', data: 'aGlkZGVu' },
          ...texts('Let me look.'),
          { type: 'tool_use', id: 'toolu_1', name: 'find_order', input: { number: 'A' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'On its way' }] },
    ])
  })

  it("tells another model's or another vendor's step in words: thinking is bound to who thought it", async () => {
    const step = await stepOf(
      thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{"number":"A"}'] }),
    )
    const messages: ModelMessage[] = [
      { role: 'user', text: 'Where is it?' },
      { role: 'assistant', text: step.text, step },
      result('toolu_1', '', true),
    ]
    const other = await sent({ model: 'claude-sonnet-5-5', messages, tools: [FIND] })
    const call = { type: 'tool_use', id: 'toolu_1', name: 'find_order', input: { number: 'A' } }
    assert.deepEqual(other.body.messages[1]?.content, [...texts('Let me look.'), call])
    const failed = { type: 'tool_result', tool_use_id: 'toolu_1', content: '', is_error: true }
    assert.deepEqual(other.body.messages[2]?.content, [failed])
    const foreign = { ...step, text: '', native: { vendor: 'other' } }
    const [, turn] = await messagesOf(
      [messages[0]!, { role: 'assistant', text: '', step: foreign }, messages[2]!],
      [FIND],
    )
    assert.deepEqual(turn?.content, [call])
  })

  it('gives every call a result, also those that were never run', async () => {
    const calls = ['toolu_1', 'toolu_2', 'toolu_3'].map((id) => ({ id, name: 'find_order', json: ['{}'] }))
    const step = await stepOf(toolCalls(calls))
    const messages = await messagesOf(
      [
        { role: 'user', text: 'Where are they?' },
        { role: 'assistant', text: '', step: { ...step, calls: step.calls.slice(0, 1) } },
        result('toolu_1', 'Here', false),
      ],
      [FIND],
    )
    const results = messages[2]?.content as { tool_use_id: string; is_error?: boolean }[]
    assert.deepEqual(
      results.map(({ tool_use_id, is_error }) => [tool_use_id, is_error]),
      [
        ['toolu_1', undefined],
        ['toolu_2', true],
        ['toolu_3', true],
      ],
    )
  })

  it('sends an object back where the arguments were broken', async () => {
    const step = await stepOf(toolCalls([{ id: 'toolu_1', name: 'find_order', json: ['{"num'] }]))
    const [, turn] = await messagesOf(
      [
        { role: 'user', text: 'Where is it?' },
        { role: 'assistant', text: '', step },
        result('toolu_1', 'The arguments are no JSON.', true),
      ],
      [FIND],
    )
    assert.deepEqual(turn?.content, [{ type: 'tool_use', id: 'toolu_1', name: 'find_order', input: {} }])
  })

  it('forbids calls without taking the definitions away, which would break the cache', async () => {
    const { body } = await sent({ tools: [FIND], mayCall: false })
    assert.equal(body.tools?.length, 1)
    assert.deepEqual(body.tool_choice, { type: 'none' })
  })

  it('lets the cache end where the part begins that is true for the moment', async () => {
    const { body } = await sent({ system: { stable: 'You help.', moment: 'Today is Monday.' } })
    assert.deepEqual(body.system, [
      { type: 'text', text: 'You help.', ...CACHED },
      { type: 'text', text: 'Today is Monday.' },
    ])
  })

  it('sends the parameters that it knows and leaves out those that the vendor refuses', async () => {
    const { body } = await sent({ parameters: { max_output_tokens: 900, temperature: 1, effort: 'low' } })
    assert.equal(body.max_tokens, 900)
    assert.deepEqual(body.output_config, { effort: 'low' })
    assert.equal('temperature' in body, false)
  })

  it('still defines the tools that were called where none may be called any more', async () => {
    const step = await stepOf(toolCalls([{ id: 'toolu_1', name: 'find_order', json: ['{}'] }]))
    const { body } = await sent({
      messages: [
        { role: 'user', text: 'Where is it?' },
        { role: 'assistant', text: '', step },
        result('toolu_1', 'Here', false),
      ],
      tools: [],
    })
    assert.deepEqual(body.tools, [{ name: 'find_order', input_schema: { type: 'object' } }])
    assert.deepEqual(body.tool_choice, { type: 'none' })
  })
})

function texts(...all: string[]) {
  return all.map((text) => ({ type: 'text', text }))
}

function result(call_id: string, content: string, failed: boolean): ModelMessage {
  return { role: 'tool', results: [{ call_id, name: 'find_order', content, failed }] }
}
