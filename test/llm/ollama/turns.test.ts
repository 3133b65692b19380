import assert from 'node:assert/strict'
import type { AgentTools } from '../../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import { createModels } from '../../../server/llm/models.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { keptOf, makeVisitor, startNode, type TestNode } from '../../support/heart.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt } from '../../support/vendors/ollama-provider.ts'
import { stall, toolCalls, words } from '../../support/vendors/scenarios.ts'

const PIECES = ['Shipping takes ', 'three ', 'days. 😀', ' שלום']
const FIND = { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object' } }

describe('A turn with Ollama', () => {
  let place: TestDatabase
  let vendor: OllamaStandIn
  let node: TestNode
  let visitor: VisitorSession
  const calledWith: unknown[] = []
  const tools: AgentTools = {
    definitions: [FIND],
    run: (call) => {
      calledWith.push(call.arguments)
      return Promise.resolve({ call_id: call.id, name: call.name, content: 'On its way', failed: false })
    },
  }

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    calledWith.length = 0
    vendor = await OllamaStandIn.start()
    visitor = await makeVisitor(place.database)
  })
  afterEach(async () => {
    await node.stop()
    await vendor.close()
  })

  const start = async (model: string | null) => {
    node = await startNode(place.database, { models: createModels(ollamaAt(vendor.url, { model })), tools })
  }
  let sent = 0
  const send = (text: string) =>
    node.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const ended = async () => {
    const [{ message }] = await node.told.next('reply:end')
    return message
  }
  const turns = () => keptOf<Record<string, unknown>>(place.database, visitor, 'turns', 'number')

  it('streams the answer, and keeps exactly what it streamed, with what was counted', async () => {
    await start('qwen3:8b')
    vendor.play(words(PIECES, { bill: { input: 120, output: 9, cached: 100 } }))
    await send('How long does shipping take?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
    assert.equal(node.told.streamed(1, 1), message.content)
    const [turn] = await turns()
    const kept = ['provider', 'model', 'tokens_input', 'tokens_cached', 'tokens_output'].map(
      (column) => turn?.[column],
    )
    assert.deepEqual(kept, ['ollama', 'qwen3:8b', 120, 100, 9])
  })

  it('runs a tool between, and sends what was thought back with the call', async () => {
    await start('qwen3:8b')
    vendor.play(
      async (reply) => {
        await reply.think('They want their order.')
        await reply.say('Let me look.')
        await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":"A-1"}'] })
        await reply.end('tools')
      },
      words(['It is on its way.']),
    )
    await send('Where is my order?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
    assert.deepEqual(calledWith, [{ number: 'A-1' }])
    const [, , step, result] = vendor.requests.all[1]!.body.messages ?? []
    assert.deepEqual([step?.thinking, step?.content], ['They want their order.', 'Let me look.'])
    assert.deepEqual([result?.role, result?.tool_name], ['tool', 'find_order'])
    assert.match(result?.content ?? '', /On its way/)
  })

  it('runs a tool that a model without functions asks for in words, of which nobody sees any', async () => {
    await start('gemma3:4b')
    const json = '```json\n{"tool": "find_order", "arguments": {"number": "A-1"}}\n```'
    vendor.play(words(json.match(/[^]{1,5}/g) ?? []), words(['It is ', 'on its way.']))
    await send('Where is my order?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', 'It is on its way.'])
    assert.equal(node.told.streamed(1, 1), 'It is on its way.')
    assert.deepEqual(calledWith, [{ number: 'A-1' }])
    const messages = vendor.requests.all[1]!.body.messages ?? []
    assert.match(messages.at(-1)?.content ?? '', /^The function find_order gave: [^]*On its way/)
  })

  it('is answered in words in the end by a model that only calls', async () => {
    await start('qwen3:8b')
    const call = { id: 'call_1', name: 'find_order', json: [] }
    vendor.otherwise = (reply) => toolCalls([call], reply.offered ? [] : ['I could not find it.'])(reply)
    await send('Where is my order?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', 'I could not find it.'])
    assert.equal(vendor.requests.all.at(-1)?.body.tools, undefined)
  })

  it('is kept with the model that answered, although nobody named one', async () => {
    await start(null)
    await send('Hello?')
    await ended()
    await send('Hello again!')
    await ended()
    assert.deepEqual(
      vendor.requests.all.map(({ body }) => body.model),
      ['qwen3:8b', 'qwen3:8b'],
    )
    assert.equal((await turns()).at(-1)?.['model'], 'qwen3:8b')
  })

  it("that is stopped in the middle closes Ollama's connection, so that it stops to compute", async () => {
    await start('qwen3:8b')
    vendor.play(stall(['Shipping takes ', 'three ']))
    await send('How long does shipping take?')
    const { over } = await vendor.requests.take()
    await node.told.told.take(({ event, args }) => event === 'reply:delta' && args[3] === 'three ')
    await node.conversations.stop(visitor, { turn: 1 })
    assert.deepEqual(await over, { brokenOff: true })
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['stopped', 'Shipping takes three '])
  })
})
