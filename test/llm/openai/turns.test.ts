import assert from 'node:assert/strict'
import { openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'
import type { ChatBody } from '../../support/vendors/openai-chat-rules.ts'
import type { ResponseBody } from '../../support/vendors/openai-responses-rules.ts'
import { disconnect, failing, stall, toolCalls, words } from '../../support/vendors/scenarios.ts'
import { setTurnStage } from '../../support/vendors/turn-stage.ts'
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
    const stage = setTurnStage({
      vendor: () => OpenAiStandIn.start(),
      provider: ({ url }) => openAiAt(url, { api }),
      tool: FIND,
    })

    it('streams the answer, and keeps what it streamed and what was charged', async () => {
      stage.vendor.play(words(PIECES, { bill: { input: 1_120, cached: 1_024, output: 17 } }))
      await stage.send('How long does shipping take?')
      const message = await stage.ended()
      assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
      assert.equal(stage.told.streamed(1, 1), message.content)
      const [turn] = await stage.turns()
      const kept = ['provider', 'model', 'tokens_input', 'tokens_cached', 'tokens_output']
      const { input, cached, output } = stage.vendor.ledger.total
      assert.deepEqual(
        kept.map((name) => turn?.[name]),
        ['openai', 'gpt-6-luna', input, cached, output],
      )
    })

    it('runs a tool between, sends the step back, and adds up what both requests cost', async () => {
      stage.vendor.play(step, words(['It is on its way.']))
      await stage.send('Where is my order?')
      const message = await stage.ended()
      assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
      assert.deepEqual(stage.calledWith, [{ number: 'A-1' }])
      assert.deepEqual(toldOf(stage.vendor.requests.all[1]?.body), expected)
      const [turn] = await stage.turns()
      const { input, output } = stage.vendor.ledger.total
      assert.deepEqual([turn?.['tokens_input'], turn?.['tokens_output']], [input, output])
    })

    it('that fails before its first word ends as failed, and the next one is answered', async () => {
      const overloaded = failing({ status: 503 })
      stage.vendor.play(overloaded, overloaded, overloaded)
      await stage.send('Hello?')
      assert.equal((await stage.ended()).status, 'failed')
      assert.equal((await stage.turns())[0]?.['error'], 'overloaded')
      await stage.send('Hello again')
      assert.equal((await stage.ended()).content, 'Hello there!')
    })

    it('that breaks in mid-answer keeps what was said, and is not asked again', async () => {
      stage.vendor.play(disconnect(['Shipping takes ']))
      await stage.send('How long does shipping take?')
      const message = await stage.ended()
      assert.deepEqual([message.status, message.content], ['failed', 'Shipping takes '])
      assert.equal(stage.vendor.requests.all.length, 1)
    })

    it("that is stopped in the middle closes the vendor's connection", async () => {
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
}
