import assert from 'node:assert/strict'
import type { AgentTools } from '../../../server/agent/run-agent.ts'
import type { VisitorSession } from '../../../server/auth/visitor-session.ts'
import { createConversations, type ConversationHeart } from '../../../server/conversation/index.ts'
import { createModels } from '../../../server/llm/models.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../../support/databases.ts'
import { keptOf, makeVisitor } from '../../support/heart.ts'
import { Recorder } from '../../support/recorder.ts'
import { openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ChatBody } from '../../support/vendors/openai-chat-rules.ts'
import type { ResponseBody } from '../../support/vendors/openai-responses-rules.ts'
import { disconnect, failing, stall, toolCalls, words } from '../../support/vendors/scenarios.ts'
import { FIND, thinkingThenCalls } from './cast.ts'

const PIECES = ['Shipping takes ', 'three ', 'days. 😀', ' שלום']
const CALL = { id: 'call_1', name: 'find_order', json: ['{"number":', '"A-1"}'] }

/** What each API is told of the step that was taken and of what came of it, in the second request. */
const APIS = [
  {
    api: 'responses' as const,
    step: thinkingThenCalls,
    toldOf: (body: unknown) => (body as ResponseBody).input.slice(-4).map((item) => item.type),
    told: ['reasoning', 'message', 'function_call', 'function_call_output'],
  },
  {
    api: 'chat' as const,
    step: toolCalls([CALL], ['Let me look.']),
    toldOf: (body: unknown) => (body as ChatBody).messages.slice(-2).map((message) => message.role),
    told: ['assistant', 'tool'],
  },
]

for (const { api, step, toldOf, told: expected } of APIS) {
  describe(`A turn with OpenAI over ${api}`, () => {
    let place: TestDatabase
    let vendor: OpenAiStandIn
    let heart: ConversationHeart
    let told: Recorder
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
      vendor = await OpenAiStandIn.start()
      told = new Recorder()
      heart = createConversations({
        database: place.database,
        publisher: told,
        models: createModels(openAiAt(vendor.url, { api })),
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

    it('streams the answer, and keeps what it streamed and what was charged', async () => {
      vendor.play(words(PIECES, { bill: { input: 1_120, cached: 1_024, output: 17 } }))
      await send('How long does shipping take?')
      const message = await ended()
      assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
      assert.equal(told.streamed(1, 1), message.content)
      const [turn] = await turns()
      const kept = ['provider', 'model', 'tokens_input', 'tokens_cached', 'tokens_output']
      const { input, cached, output } = vendor.ledger.total
      assert.deepEqual(
        kept.map((name) => turn?.[name]),
        ['openai', 'gpt-6-luna', input, cached, output],
      )
    })

    it('runs a tool between, sends the step back, and adds up what both requests cost', async () => {
      vendor.play(step, words(['It is on its way.']))
      await send('Where is my order?')
      const message = await ended()
      assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
      assert.deepEqual(calledWith, [{ number: 'A-1' }])
      assert.deepEqual(toldOf(vendor.requests.all[1]?.body), expected)
      const [turn] = await turns()
      const { input, output } = vendor.ledger.total
      assert.deepEqual([turn?.['tokens_input'], turn?.['tokens_output']], [input, output])
    })

    it('that fails before its first word ends as failed, and the next one is answered', async () => {
      const overloaded = failing({ status: 503 })
      vendor.play(overloaded, overloaded, overloaded)
      await send('Hello?')
      assert.equal((await ended()).status, 'failed')
      assert.equal((await turns())[0]?.['error'], 'overloaded')
      await send('Hello again')
      assert.equal((await ended()).content, 'Hello there!')
    })

    it('that breaks in mid-answer keeps what was said, and is not asked again', async () => {
      vendor.play(disconnect(['Shipping takes ']))
      await send('How long does shipping take?')
      const message = await ended()
      assert.deepEqual([message.status, message.content], ['failed', 'Shipping takes '])
      assert.equal(vendor.requests.all.length, 1)
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
  })
}
