import assert from 'node:assert/strict'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt } from '../../support/vendors/ollama-provider.ts'
import { stall, toolCalls, words } from '../../support/vendors/scenarios.ts'
import { setTurnStage } from '../../support/vendors/turn-stage.ts'

const PIECES = ['Shipping takes ', 'three ', 'days. 😀', ' שלום']

describe('A turn with Ollama', () => {
  const stage = setTurnStage({ vendor: () => OllamaStandIn.start() })
  const start = (model: string | null) => stage.begin(ollamaAt(stage.vendor.url, { model }))

  it('streams the answer, and keeps exactly what it streamed, with what was counted', async () => {
    await start('qwen3:8b')
    stage.vendor.play(words(PIECES, { bill: { input: 120, output: 9, cached: 100 } }))
    await stage.send('How long does shipping take?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
    assert.equal(stage.told.streamed(1, 1), message.content)
    const [turn] = await stage.turns()
    const kept = ['provider', 'model', 'tokens_input', 'tokens_cached', 'tokens_output'].map(
      (column) => turn?.[column],
    )
    assert.deepEqual(kept, ['ollama', 'qwen3:8b', 120, 100, 9])
  })

  it('runs a tool between, and sends what was thought back with the call', async () => {
    await start('qwen3:8b')
    stage.vendor.play(
      async (reply) => {
        await reply.think('They want their order.')
        await reply.say('Let me look.')
        await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":"A-1"}'] })
        await reply.end('tools')
      },
      words(['It is on its way.']),
    )
    await stage.send('Where is my order?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
    assert.deepEqual(stage.calledWith, [{ number: 'A-1' }])
    const [, , step, result] = stage.vendor.requests.all[1]!.body.messages ?? []
    assert.deepEqual([step?.thinking, step?.content], ['They want their order.', 'Let me look.'])
    assert.deepEqual([result?.role, result?.tool_name], ['tool', 'find_order'])
    assert.match(result?.content ?? '', /On its way/)
  })

  it('runs a tool that a model without functions asks for in words, of which nobody sees any', async () => {
    await start('gemma3:4b')
    const json = '```json\n{"tool": "find_order", "arguments": {"number": "A-1"}}\n```'
    stage.vendor.play(words(json.match(/[^]{1,5}/g) ?? []), words(['It is ', 'on its way.']))
    await stage.send('Where is my order?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', 'It is on its way.'])
    assert.equal(stage.told.streamed(1, 1), 'It is on its way.')
    assert.deepEqual(stage.calledWith, [{ number: 'A-1' }])
    const messages = stage.vendor.requests.all[1]!.body.messages ?? []
    assert.match(messages.at(-1)?.content ?? '', /^The function find_order gave: [^]*On its way/)
  })

  it('is answered in words in the end by a model that only calls', async () => {
    await start('qwen3:8b')
    const call = { id: 'call_1', name: 'find_order', json: [] }
    stage.vendor.otherwise = (reply) =>
      toolCalls([call], reply.offered ? [] : ['I could not find it.'])(reply)
    await stage.send('Where is my order?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', 'I could not find it.'])
    assert.equal(stage.vendor.requests.all.at(-1)?.body.tools, undefined)
  })

  it('is kept with the model that answered, although nobody named one', async () => {
    await start(null)
    await stage.send('Hello?')
    await stage.ended()
    await stage.send('Hello again!')
    await stage.ended()
    assert.deepEqual(
      stage.vendor.requests.all.map(({ body }) => body.model),
      ['qwen3:8b', 'qwen3:8b'],
    )
    assert.equal((await stage.turns()).at(-1)?.['model'], 'qwen3:8b')
  })

  it("that is stopped in the middle closes Ollama's connection, so that it stops to compute", async () => {
    await start('qwen3:8b')
    stage.vendor.play(stall(['Shipping takes ', 'three ']))
    await stage.send('How long does shipping take?')
    const { over } = await stage.vendor.requests.take()
    await stage.told.told.take(({ event, args }) => event === 'reply:delta' && args[3] === 'three ')
    await stage.stop(1)
    assert.deepEqual(await over, { brokenOff: true })
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['stopped', 'Shipping takes three '])
  })
})
