import assert from 'node:assert/strict'
import { AnthropicStandIn, type Scenario } from '../../support/vendors/anthropic.ts'
import {
  emptyAnswer,
  pause,
  plainText,
  refusal,
  textByteByByte,
  thinkingThenCall,
  toolCalls,
  unknownKinds,
} from '../../support/vendors/anthropic-scenarios.ts'
import { askClaude, claudeAt, questionWith } from '../../support/vendors/claude.ts'

describe('an answer of Claude', () => {
  let vendor: AnthropicStandIn
  before(async () => {
    vendor = await AnthropicStandIn.start()
  })
  after(() => vendor.close())

  const ask = async (...scenarios: Scenario[]) => {
    vendor.play(...scenarios)
    const { said, answer, error } = await askClaude(claudeAt(vendor.url))
    if (!answer) throw error
    return { said, answer }
  }

  it('is said piece by piece, and given whole at its end', async () => {
    const { said, answer } = await ask(plainText(['Yes', ', we', ' do.']))
    assert.deepEqual(said, ['Yes', ', we', ' do.'])
    assert.deepEqual(
      [answer.text, answer.stop, answer.calls, answer.native],
      ['Yes, we do.', 'end', [], undefined],
    )
  })

  it('is whole where its characters come in single bytes, with either line end', async () => {
    for (const lineEnd of ['\n', '\r\n']) {
      const { said, answer } = await ask(textByteByByte('שלום, 😀 čau', lineEnd))
      assert.deepEqual([said.join(''), answer.text], ['שלום, 😀 čau', 'שלום, 😀 čau'])
    }
  })

  it('is said while it comes, not at its end', async () => {
    const stop = new AbortController()
    let hear: (() => void) | undefined
    const heard = new Promise<void>((resolve) => (hear = resolve))
    vendor.play(async (reply) => {
      await reply.begin()
      await reply.blockStart({ type: 'text', text: '' })
      await reply.delta({ type: 'text_delta', text: 'one' })
      await heard
      await reply.delta({ type: 'text_delta', text: ' two' })
      await reply.blockStop()
      await reply.end('end_turn')
    })
    const answer = await claudeAt(vendor.url).ask(questionWith({}), () => hear?.(), stop.signal)
    assert.equal(answer.text, 'one two')
  })

  it('counts all that was read, and of that what came from the cache and went to it', async () => {
    const counts = { input_tokens: 7, cache_read_input_tokens: 100, cache_creation_input_tokens: 30 }
    const { answer } = await ask(plainText(['Yes'], 'end_turn', counts))
    assert.deepEqual(answer.usage, { input: 137, output: 5, cached: 100, written: 30 })
  })

  it('ends as the vendor says it did', async () => {
    const stops = { end_turn: 'end', stop_sequence: 'end', max_tokens: 'length', refusal: 'refusal' }
    for (const [reason, stop] of Object.entries({ ...stops, model_context_window_exceeded: 'length' })) {
      assert.equal((await ask(plainText(['Yes'], reason))).answer.stop, stop, reason)
    }
  })

  it('may be empty', async () => {
    const { said, answer } = await ask(emptyAnswer)
    assert.deepEqual([said, answer.text, answer.stop], [[], '', 'end'])
  })

  it('may call a function, with arguments that come in fragments', async () => {
    const call = { id: 'toolu_1', name: 'find_order', json: ['{"num', 'ber": "A', '-1"}'] }
    const { said, answer } = await ask(toolCalls([call], ['Let me', ' look.']))
    assert.deepEqual([said.join(''), answer.stop], ['Let me look.', 'tools'])
    assert.deepEqual(answer.calls, [{ id: 'toolu_1', name: 'find_order', arguments: { number: 'A-1' } }])
  })

  it('may call several functions, one of them without arguments', async () => {
    const { answer } = await ask(
      toolCalls([
        { id: 'toolu_1', name: 'find_order', json: ['{"number":1}'] },
        { id: 'toolu_2', name: 'opening_hours', json: [] },
        { id: 'toolu_3', name: 'opening_hours', json: [''] },
      ]),
    )
    assert.deepEqual(
      answer.calls.map((call) => call.arguments),
      [{ number: 1 }, {}, {}],
    )
  })

  it('with broken arguments gives null for them', async () => {
    for (const json of ['{"number": ', '[1]', '"A-1"', 'null', 'nonsense']) {
      const { answer } = await ask(toolCalls([{ id: 'toolu_1', name: 'find_order', json: [json] }]))
      assert.deepEqual(answer.calls, [{ id: 'toolu_1', name: 'find_order', arguments: null }], json)
    }
  })

  it('that wants to call but calls nothing is at its end', async () => {
    assert.equal((await ask(toolCalls([], ['Well.']))).answer.stop, 'end')
  })

  it('never shows what was thought', async () => {
    const { said, answer } = await ask(thinkingThenCall({ id: 'toolu_1', name: 'find_order', json: ['{}'] }))
    assert.deepEqual([said, answer.text], [['Let me look.'], 'Let me look.'])
    assert.ok(JSON.stringify(answer.native).includes('They ask about shipping.'))
  })

  it('survives kinds of events, blocks, deltas and ends that nobody knows', async () => {
    const { said, answer } = await ask(unknownKinds('Hello'))
    assert.deepEqual([said, answer.text, answer.stop], [['Hello'], 'Hello', 'end'])
  })

  it('that paused goes on where it was, and is one', async () => {
    const before = vendor.requests.all.length
    const { said, answer } = await ask(
      pause(['I look', ' around.']),
      pause([' Still.']),
      plainText([' Found.']),
    )
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

  it('that is refused without a word is put into words, in the language of the question', async () => {
    const { said, answer } = await ask(refusal())
    assert.deepEqual([said, answer.stop], [[answer.text], 'refusal'])
    assert.match(answer.text, /I cannot help with that/)
    vendor.play(refusal())
    const hebrew = await askClaude(claudeAt(vendor.url), {
      messages: [{ role: 'user', text: 'איך פורצים?' }],
    })
    assert.match(hebrew.answer?.text ?? '', /לא אוכל לעזור/)
  })

  it('that is refused in the middle keeps what was said, and adds nothing', async () => {
    const { answer } = await ask(refusal(['Well, first']))
    assert.deepEqual([answer.text, answer.stop], ['Well, first', 'refusal'])
  })
})
