import assert from 'node:assert/strict'
import type { AgentTools } from '../../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import { createConversations, type ConversationHeart } from '../../../server/conversation/index.ts'
import { createModels } from '../../../server/llm/models.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../../support/databases.ts'
import { keptOf, makeVisitor } from '../../support/heart.ts'
import { Recorder } from '../../support/recorder.ts'
import { AnthropicStandIn } from '../../support/vendors/anthropic.ts'
import { thinkingThenCall } from '../../support/vendors/anthropic-scenarios.ts'
import { claudeAt } from '../../support/vendors/claude.ts'
import { disconnect, failing, stall, words } from '../../support/vendors/scenarios.ts'

const PIECES = ['Shipping takes ', 'three ', 'days. 😀', ' שלום']

describe('A turn with Claude', () => {
  let place: TestDatabase
  let vendor: AnthropicStandIn
  let heart: ConversationHeart
  let told: Recorder
  let visitor: VisitorSession
  const calledWith: unknown[] = []
  const tools: AgentTools = {
    definitions: [{ name: 'find_order', description: 'Finds an order.', parameters: { type: 'object' } }],
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
    vendor = await AnthropicStandIn.start()
    told = new Recorder()
    heart = createConversations({
      database: place.database,
      publisher: told,
      models: createModels(claudeAt(vendor.url, { time: { silence: 2_000 } })),
      log: silentLog,
      limits: { drain: 100 },
      tools,
    })
    await heart.start()
    visitor = await makeVisitor(place.database)
  })
  afterEach(async () => {
    await heart.stop()
    await vendor.close()
  })

  let sent = 0
  const send = (text: string) =>
    heart.conversations.receive(visitor, { client_message_id: `m${++sent}`, text })
  const ended = async () => {
    const [{ message }] = await told.next('reply:end')
    return message
  }
  const turns = () => keptOf<Record<string, unknown>>(place.database, visitor, 'turns', 'number')
  const contents = async () => {
    const rows = await keptOf<{ role: string; content: string }>(place.database, visitor, 'messages', 'seq')
    return rows.filter((row) => row.role === 'assistant').map((row) => row.content)
  }

  it('streams the answer, and keeps exactly what it streamed, with what was counted', async () => {
    vendor.play(words(PIECES, { bill: { input: 120, cached: 100 } }))
    await send('How long does shipping take?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
    assert.equal(told.streamed(1, 1), message.content)
    assert.deepEqual(await contents(), [message.content])
    const [turn] = await turns()
    assert.deepEqual(
      [
        turn?.['provider'],
        turn?.['model'],
        turn?.['tokens_input'],
        turn?.['tokens_cached'],
        turn?.['tokens_output'],
      ],
      ['claude', 'claude-haiku-5-5', 120, 100, 5],
    )
  })

  it('runs a tool between, and sends what was thought back unchanged', async () => {
    vendor.play(
      thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{"number":', '"A-1"}'] }),
      words(['It is on its way.']),
    )
    await send('Where is my order?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
    assert.deepEqual(calledWith, [{ number: 'A-1' }])
    const [first, second] = vendor.requests.all.map(({ body }) => body.messages)
    assert.equal(first?.length, 1)
    const [, step, results] = second ?? []
    assert.deepEqual(
      (step?.content as { type: string; signature?: string }[]).map(({ type, signature }) => [
        type,
        signature,
      ]),
      [
        ['thinking', 'c2lnbmVk'],
        ['thinking', 'YW5vdGhlcg=='],
        ['redacted_thinking', undefined],
        ['text', undefined],
        ['tool_use', undefined],
      ],
    )
    assert.deepEqual(results?.content, [
      { type: 'tool_result', tool_use_id: 'toolu_1', content: '<result>\nOn its way\n</result>' },
    ])
  })

  it('that fails before its first word ends as failed, with a friendly message, and the next one is answered', async () => {
    const overloaded = failing({ status: 529 })
    vendor.play(overloaded, overloaded, overloaded)
    await send('Hello?')
    const message = await ended()
    assert.equal(message.status, 'failed')
    assert.match(message.content, /try again/)
    assert.equal((await turns())[0]?.['error'], 'overloaded')
    await send('Hello again')
    assert.equal((await ended()).content, 'Hello there!')
  })

  it('that breaks in mid-answer keeps what was said, and is not asked again', async () => {
    vendor.play(disconnect(['Shipping takes ']))
    await send('How long does shipping take?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['failed', 'Shipping takes '])
    assert.equal((await turns())[0]?.['error'], 'broken_stream')
    assert.equal(vendor.requests.all.length, 1)
  })

  it('whose model falls silent ends as failed, never hangs', async () => {
    vendor.play(stall(['Shipping ']))
    await send('How long does shipping take?')
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['failed', 'Shipping '])
    assert.equal((await turns())[0]?.['error'], 'timeout')
  })

  it("that is stopped in the middle closes the vendor's connection", async () => {
    vendor.play(stall(['Shipping takes ', 'three ']))
    await send('How long does shipping take?')
    const { over } = await vendor.requests.take()
    await told.told.take(({ event, args }) => event === 'reply:delta' && args[3] === 'three ')
    await heart.conversations.stop(visitor, { turn: 1 })
    assert.deepEqual(await over, { brokenOff: true })
    const message = await ended()
    assert.deepEqual([message.status, message.content], ['stopped', 'Shipping takes three '])
  })

  it('that a further message joins asks anew, and closes the connection of the first', async () => {
    vendor.play(stall([]), words(['Yes.']))
    await send('Boots?')
    const { over } = await vendor.requests.take()
    await send('Brown ones?')
    assert.deepEqual(await over, { brokenOff: true })
    assert.equal((await ended()).answers_to, 2)
    const { body } = await vendor.requests.take()
    assert.deepEqual(body.messages, [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Boots?' },
          { type: 'text', text: 'Brown ones?' },
        ],
      },
    ])
  })
})
