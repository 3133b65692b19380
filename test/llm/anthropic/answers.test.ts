import assert from 'node:assert/strict'
import { AnthropicStandIn } from '../../support/vendors/anthropic.ts'
import type { AnthropicReply } from '../../support/vendors/anthropic-reply.ts'
import { pause, thinkingThenCall, wordsUntil } from '../../support/vendors/anthropic-scenarios.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { claudeAt } from '../../support/vendors/claude.ts'
import { words, type Scenario } from '../../support/vendors/scenarios.ts'

/** Beside what holds for every provider: test/llm/provider-answers.test.ts. */
describe('an answer that only Claude gives', () => {
  let vendor: AnthropicStandIn
  before(async () => {
    vendor = await AnthropicStandIn.start()
  })
  after(() => vendor.close())

  const ask = async (...scenarios: Scenario<AnthropicReply>[]) => {
    vendor.play(...scenarios)
    const { said, answer, error } = await askOne(claudeAt(vendor.url))
    if (!answer) throw error
    return { said, answer }
  }

  it('counts all that was read, and of that what came from the cache and went to it', async () => {
    const bill = { input: 137, output: 5, cached: 100, written: 30 }
    const { answer } = await ask(words(['Yes'], { bill }))
    assert.deepEqual(answer.usage, bill)
    assert.deepEqual(vendor.ledger.bills, [bill])
  })

  it('ends as the vendor says it did', async () => {
    const stops = { stop_sequence: 'end', some_new_reason: 'end', model_context_window_exceeded: 'length' }
    for (const [reason, stop] of Object.entries(stops)) {
      assert.equal((await ask(wordsUntil(reason, ['Yes']))).answer.stop, stop, reason)
    }
  })

  it('never shows what was thought', async () => {
    const { said, answer } = await ask(thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{}'] }))
    assert.deepEqual([said, answer.text], [['Let me look.'], 'Let me look.'])
    assert.ok(JSON.stringify(answer.native).includes('They ask about shipping.'))
  })

  it('that paused goes on where it was, and is one', async () => {
    const before = vendor.requests.all.length
    const { said, answer } = await ask(pause(['I look', ' around.']), pause([' Still.']), words([' Found.']))
    assert.equal(answer.text, 'I look around. Still. Found.')
    assert.equal(said.join(''), answer.text)
    assert.deepEqual([answer.usage.input, answer.usage.output], [30, 15])
    const bodies = vendor.requests.all.slice(before).map(({ body }) => body)
    const last = bodies.map((body) => body.messages.at(-1))
    assert.deepEqual(
      last.map((message) => [message?.role, message?.content.length]),
      [
        ['user', 1],
        ['assistant', 2],
        ['assistant', 4],
      ],
    )
    assert.deepEqual(last[1]?.content[1], {
      type: 'server_tool_use',
      id: 'srvtoolu_1',
      name: 'web_search',
      input: { query: 'boots' },
    })
  })

  it('that pauses for ever comes to an end', async () => {
    const before = vendor.requests.all.length
    await ask(...Array.from({ length: 5 }, () => pause(['.'])))
    assert.equal(vendor.requests.all.length - before, 5)
  })
})
