import assert from 'node:assert/strict'
import type { ResponseInputItem } from 'openai/resources/responses/responses'
import type { ModelMessage, ModelRequest, ModelStep, ToolDefinition } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { onResponses, openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ResponseBody } from '../../support/vendors/openai-responses-rules.ts'
import { toolCalls, type Scenario } from '../../support/vendors/scenarios.ts'
import { FIND, HOURS, resultOf, thinkingThenCalls } from './cast.ts'

describe('a request to OpenAI over Responses', () => {
  let vendor: OpenAiStandIn
  before(async () => {
    vendor = await OpenAiStandIn.start()
  })
  after(() => vendor.close())

  /** The request as it was sent; the stand-in refuses what the vendor would. */
  const sent = async (request: Partial<ModelRequest>) => {
    const { error } = await askOne(openAiAt(vendor.url), request)
    assert.equal(error, undefined)
    return vendor.requests.all.at(-1)!.body as ResponseBody
  }
  const inputOf = async (messages: ModelMessage[], tools: ToolDefinition[] = [FIND]) => {
    const { input } = await sent({ messages, tools, system: { stable: '', moment: '' } })
    return input as unknown as Record<string, unknown>[]
  }
  /** A step that the model really took, kept and read again as the database does it. */
  const stepOf = async (scenario: Scenario): Promise<ModelStep> => {
    vendor.play(scenario)
    const { answer } = await askOne(openAiAt(vendor.url), { tools: [FIND] })
    const { text, calls, native } = answer!
    return JSON.parse(JSON.stringify({ text, calls, native })) as ModelStep
  }
  const loopOf = (step: ModelStep, results: ModelMessage): ModelMessage[] => [
    { role: 'user', text: 'Where is it?' },
    { role: 'assistant', text: step.text, step },
    results,
  ]

  it('names the model, bounds the answer, has nothing kept, and sets nothing that current models refuse', async () => {
    const body = await sent({})
    const names = ['include', 'input', 'max_output_tokens', 'model', 'prompt_cache_key', 'store', 'stream']
    assert.deepEqual(Object.keys(body).sort(), names)
    assert.deepEqual([body.model, body.store], ['gpt-6-luna', false])
    assert.ok((body.max_output_tokens ?? 0) >= 4_096)
    assert.equal((await sent({ model: 'gpt-6-sol' })).model, 'gpt-6-sol')
  })

  it('lets the cache end where the part begins that is true for the moment', async () => {
    const { input, prompt_cache_key, instructions } = await sent({
      system: { stable: 'You help.', moment: 'Today is Monday.' },
    })
    assert.deepEqual(input[0], {
      role: 'developer',
      content: [
        { type: 'input_text', text: 'You help.', prompt_cache_breakpoint: { mode: 'explicit' } },
        { type: 'input_text', text: 'Today is Monday.' },
      ],
    })
    assert.deepEqual([prompt_cache_key, instructions], ['client-1', undefined])
  })

  it('gives models whose cache takes any beginning the same prompt as one text, the stable part first', async () => {
    const system = { stable: 'You help.', moment: 'Today is Monday.' }
    for (const model of ['gpt-4.1-mini', 'gpt-5-mini', 'o4-mini', 'qwen3']) {
      const { instructions, input } = await sent({ model, system })
      assert.equal(instructions, 'You help.\n\nToday is Monday.', model)
      assert.deepEqual(input, [{ role: 'user', content: 'Do you have boots?' }])
    }
  })

  it('leaves out a system prompt of nothing', async () => {
    for (const model of ['gpt-6-luna', 'gpt-4.1']) {
      const { input, instructions } = await sent({ model, system: { stable: ' ', moment: '' } })
      assert.deepEqual([input.length, instructions], [1, undefined])
    }
  })

  it('tells the conversation in its order, without blank texts', async () => {
    const input = await inputOf([
      { role: 'assistant', text: 'Welcome!' },
      { role: 'user', text: ' \n' },
      { role: 'assistant', text: '' },
      { role: 'user', text: 'Price?' },
    ])
    assert.deepEqual(input, [
      { role: 'assistant', content: 'Welcome!' },
      { role: 'user', content: '(no text)' },
      { role: 'user', content: 'Price?' },
    ])
  })

  it('defines functions flat, and strictly only where the schema allows it', async () => {
    const { tools, tool_choice } = await sent({ tools: [FIND, HOURS] })
    assert.deepEqual(tools, [
      {
        type: 'function',
        name: 'find_order',
        description: 'Finds an order.',
        parameters: FIND.parameters,
        strict: true,
      },
      {
        type: 'function',
        name: 'opening_hours',
        description: 'Tells.',
        parameters: { type: 'object', properties: {} },
        strict: false,
      },
    ])
    assert.equal(tool_choice, undefined)
  })

  it('forbids calls without taking the definitions away, which would break the cache', async () => {
    const { tools, tool_choice } = await sent({ tools: [FIND], mayCall: false })
    assert.deepEqual([tools?.length, tool_choice], [1, 'none'])
    assert.equal('tool_choice' in (await sent({ mayCall: false })), false)
  })

  it('sends a step back exactly as it came, what was thought and what each message is for included', async () => {
    const step = await stepOf(thinkingThenCalls)
    const input = await inputOf(loopOf(step, resultOf('call_1', 'On its way')))
    const text = { type: 'output_text', annotations: [], logprobs: [], text: 'Let me look.' }
    assert.deepEqual(input.slice(1), [
      { id: 'rs_0', type: 'reasoning', summary: [], encrypted_content: 'Z0FBQUE=' },
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [text],
        phase: 'commentary',
      },
      {
        id: 'fc_call_1',
        type: 'function_call',
        call_id: 'call_1',
        name: 'find_order',
        arguments: '{"number":"A-1"}',
        status: 'completed',
      },
      { type: 'function_call_output', call_id: 'call_1', output: 'On its way' },
    ])
  })

  it('tells a step in words whose thinking came without its content: the vendor has kept nothing', async () => {
    const step = await stepOf(
      onResponses(async (reply) => {
        await reply.begin()
        await reply.think(null)
        await reply.call({ id: 'call_1', name: 'find_order', json: ['{}'] })
        await reply.end('tools')
      }),
    )
    const input = await inputOf(loopOf(step, resultOf('call_1', 'Here')))
    assert.deepEqual(input[1], {
      type: 'function_call',
      call_id: 'call_1',
      name: 'find_order',
      arguments: '{}',
    })
  })

  it("tells another model's or another vendor's step in words: thinking is bound to who thought it", async () => {
    const step = await stepOf(thinkingThenCalls)
    const messages = loopOf(step, resultOf('call_1', ''))
    const told: ResponseInputItem[] = [
      { role: 'user', content: 'Where is it?' },
      { role: 'assistant', content: 'Let me look.' },
      { type: 'function_call', call_id: 'call_1', name: 'find_order', arguments: '{"number":"A-1"}' },
      { type: 'function_call_output', call_id: 'call_1', output: '' },
    ]
    const other = await sent({ model: 'gpt-6-sol', messages, tools: [FIND] })
    assert.deepEqual(other.input.slice(1), told)
    const foreign = { ...step, native: { vendor: 'anthropic', model: 'gpt-6-luna', blocks: [] } }
    const words = await inputOf(loopOf({ ...foreign, text: '' }, resultOf('call_1', '')))
    assert.deepEqual(words, [told[0], told[2], told[3]])
  })

  it('gives every call a result, also those that were never run', async () => {
    const calls = ['call_1', 'call_2', 'call_3'].map((id) => ({ id, name: 'find_order', json: ['{}'] }))
    const step = await stepOf(toolCalls(calls))
    const kept = { ...step, calls: step.calls.slice(0, 1) }
    const input = await inputOf(loopOf(kept, resultOf('call_1', 'Here')))
    assert.deepEqual(
      input.slice(4).map(({ call_id, output }) => [call_id, output]),
      [
        ['call_1', 'Here'],
        ['call_2', 'Not run: too many calls.'],
        ['call_3', 'Not run: too many calls.'],
      ],
    )
  })

  it('sends broken arguments back as the model wrote them, and to another model none', async () => {
    const step = await stepOf(toolCalls([{ id: 'call_1', name: 'find_order', json: ['{"num'] }]))
    const messages = loopOf(step, resultOf('call_1', 'The arguments are no JSON.'))
    assert.equal((await inputOf(messages))[1]?.['arguments'], '{"num')
    const { input } = await sent({ model: 'gpt-6-sol', messages, tools: [FIND] })
    assert.deepEqual((input[2] as { arguments?: string }).arguments, '{}')
  })

  describe('sends of the parameters what the model takes', () => {
    const parameters = {
      max_output_tokens: 900,
      temperature: 0.3,
      effort: 'low',
      context_tokens: 4_096,
    } as const
    const taken = async (model: string) => {
      const { max_output_tokens, temperature, reasoning, include } = await sent({ model, parameters })
      return [max_output_tokens, temperature, reasoning?.effort, include?.length]
    }

    it('where it thinks', async () => {
      for (const model of ['gpt-6-luna', 'gpt-6.1-terra', 'gpt-5-mini', 'o4-mini', 'ft:gpt-5.4:acme:a:b'])
        assert.deepEqual(await taken(model), [900, undefined, 'low', 1], model)
    })

    it('where it does not, or only as much as it likes', async () => {
      assert.deepEqual(await taken('gpt-4.1'), [900, 0.3, undefined, undefined])
      assert.deepEqual(await taken('ft:gpt-4o:acme:a:b'), [900, 0.3, undefined, undefined])
      assert.deepEqual(await taken('gpt-5-chat-latest'), [900, undefined, undefined, undefined])
    })

    it("where it is another server's", async () => {
      assert.deepEqual(await taken('gpt-oss-120b'), [900, 0.3, 'low', undefined])
    })
  })
})
