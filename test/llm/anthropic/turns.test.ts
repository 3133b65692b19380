import assert from 'node:assert/strict'
import { AnthropicStandIn } from '../../support/vendors/anthropic.ts'
import { thinkingThenCall } from '../../support/vendors/anthropic-scenarios.ts'
import { claudeAt } from '../../support/vendors/claude.ts'
import { disconnect, failing, stall, words } from '../../support/vendors/scenarios.ts'
import { setTurnStage } from '../../support/vendors/turn-stage.ts'

const PIECES = ['Shipping takes ', 'three ', 'days. 😀', ' שלום']

describe('A turn with Claude', () => {
  const stage = setTurnStage({
    vendor: () => AnthropicStandIn.start(),
    provider: ({ url }) => claudeAt(url, { time: { silence: 2_000 } }),
  })

  it('streams the answer, and keeps exactly what it streamed, with what was counted', async () => {
    stage.vendor.play(words(PIECES, { bill: { input: 120, cached: 100 } }))
    await stage.send('How long does shipping take?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', PIECES.join('')])
    assert.equal(stage.told.streamed(1, 1), message.content)
    assert.deepEqual(await stage.contents(), [message.content])
    const [turn] = await stage.turns()
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
    stage.vendor.play(
      thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{"number":', '"A-1"}'] }),
      words(['It is on its way.']),
    )
    await stage.send('Where is my order?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['complete', 'Let me look.\n\nIt is on its way.'])
    assert.deepEqual(stage.calledWith, [{ number: 'A-1' }])
    const [first, second] = stage.vendor.requests.all.map(({ body }) => body.messages)
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
    stage.vendor.play(overloaded, overloaded, overloaded)
    await stage.send('Hello?')
    const message = await stage.ended()
    assert.equal(message.status, 'failed')
    assert.match(message.content, /try again/)
    assert.equal((await stage.turns())[0]?.['error'], 'overloaded')
    await stage.send('Hello again')
    assert.equal((await stage.ended()).content, 'Hello there!')
  })

  it('that breaks in mid-answer keeps what was said, and is not asked again', async () => {
    stage.vendor.play(disconnect(['Shipping takes ']))
    await stage.send('How long does shipping take?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['failed', 'Shipping takes '])
    assert.equal((await stage.turns())[0]?.['error'], 'broken_stream')
    assert.equal(stage.vendor.requests.all.length, 1)
  })

  it('whose model falls silent ends as failed, never hangs', async () => {
    stage.vendor.play(stall(['Shipping ']))
    await stage.send('How long does shipping take?')
    const message = await stage.ended()
    assert.deepEqual([message.status, message.content], ['failed', 'Shipping '])
    assert.equal((await stage.turns())[0]?.['error'], 'timeout')
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

  it('that a further message joins asks anew, and closes the connection of the first', async () => {
    stage.vendor.play(stall([]), words(['Yes.']))
    await stage.send('Boots?')
    const { over } = await stage.vendor.requests.take()
    await stage.send('Brown ones?')
    assert.deepEqual(await over, { brokenOff: true })
    assert.equal((await stage.ended()).answers_to, 2)
    const { body } = await stage.vendor.requests.take()
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
