import assert from 'node:assert/strict'
import type { ModelRequest } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt } from '../../support/vendors/ollama-provider.ts'
import type { OllamaReply } from '../../support/vendors/ollama-reply.ts'
import { toolCalls, words, type Scenario } from '../../support/vendors/scenarios.ts'

const HOURS = { function: { index: 0, name: 'opening_hours', arguments: {} } }

/** Beside what holds for every provider: test/llm/provider-answers.test.ts. */
describe('an answer that only Ollama gives', () => {
  let vendor: OllamaStandIn
  before(async () => {
    vendor = await OllamaStandIn.start()
  })
  after(() => vendor.close())

  const ask = async (scenario: Scenario<OllamaReply>, request: Partial<ModelRequest> = {}) => {
    vendor.play(scenario)
    const { said, answer, error } = await askOne(ollamaAt(vendor.url), request)
    if (!answer) throw error
    return { said, answer }
  }
  const lines = (...messages: object[]) =>
    ask(async (reply) => {
      await reply.begin()
      for (const message of messages) await reply.message(message)
      await reply.end('end')
    })

  it('has ids for its calls, of our own where the server gives none, or none that fits', async () => {
    const { answer } = await lines(
      { content: '', tool_calls: [HOURS, HOURS] },
      {
        content: '',
        tool_calls: [
          { ...HOURS, id: 'call_a' },
          { ...HOURS, id: 'call_a' },
        ],
      },
      {
        content: '',
        tool_calls: [
          { ...HOURS, id: 'not fit: ✗' },
          { ...HOURS, id: '' },
          { ...HOURS, id: 7 },
        ],
      },
    )
    const ids = answer.calls.map(({ id }) => id)
    assert.deepEqual([ids.length, new Set(ids).size, ids[2]], [7, 7, 'call_a'])
    for (const id of ids) assert.match(id, /^call_[\w-]{1,59}$/)
  })

  it('may have arguments as a text, or none, where the server only imitates', async () => {
    const call = (given: unknown) => ({ function: { name: 'find_order', arguments: given } })
    const { answer } = await lines({
      tool_calls: [call('{"number":"A-1"}'), call(undefined), call(null), call('{"num'), call([1]), call(7)],
    })
    assert.deepEqual(
      answer.calls.map((one) => one.arguments),
      [{ number: 'A-1' }, {}, {}, null, null, null],
    )
  })

  it('never shows what was thought, and keeps it for the model where it calls', async () => {
    const thinking = async (reply: OllamaReply) => {
      await reply.begin()
      await reply.think('They ask ')
      await reply.think('about shipping.')
      await reply.say('Let me look.')
    }
    const { said, answer } = await ask(async (reply) => {
      await thinking(reply)
      await reply.callWith(HOURS)
      await reply.end('tools')
    })
    assert.deepEqual([said, answer.text, answer.stop], [['Let me look.'], 'Let me look.', 'tools'])
    assert.deepEqual(answer.native, {
      vendor: 'ollama',
      model: 'qwen3:8b',
      blocks: ['They ask about shipping.'],
    })
    const spoken = await ask(async (reply) => {
      await thinking(reply)
      await reply.end('end')
    })
    assert.equal(spoken.answer.native, undefined)
  })

  it('never shows what was thought aloud, wherever its marks are cut', async () => {
    const whole = '\n<think>\nThey ask <b>about</b> boots.\n</think>\n\nYes, <we> do.'
    for (const length of [1, 2, 5, 9, whole.length]) {
      const pieces = whole.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
      const { said, answer } = await ask(words(pieces))
      assert.deepEqual([said.join(''), answer.text], ['Yes, <we> do.', 'Yes, <we> do.'], String(length))
    }
    const thought = await ask(words(['<think>They ask', ' about'], { stop: 'length' }))
    assert.deepEqual([thought.said, thought.answer.stop], [[], 'length'])
  })

  it('is shown where it only begins like a thought', async () => {
    for (const pieces of [['<thi', 'nk of it!'], ['<th'], ['<', 'b>'], ['Well, <think>no</think>']]) {
      assert.equal((await ask(words(pieces))).said.join(''), pieces.join(''))
    }
  })

  it('begins with its first word', async () => {
    const { said, answer } = await ask(words(['\n', ' \n Yes', '\n', '\nwe do.']))
    assert.deepEqual([said, answer.text], [['Yes', '\n', '\nwe do.'], 'Yes\n\nwe do.'])
  })

  it('counts what it read from its cache as a part of all it read', async () => {
    const bill = { input: 137, output: 41, cached: 128 }
    const { answer } = await ask(words(['Yes'], { bill }))
    assert.deepEqual(answer.usage, bill)
  })

  it('is counted by us, and says so, where the server does not count', async () => {
    const ending = (counts: object) =>
      ask(async (reply) => {
        await reply.begin()
        await reply.say('Yes, we have boots.')
        await reply.endWith('stop', counts)
      })
    const { usage } = (await ending({ eval_count: 7 })).answer
    assert.deepEqual([usage.output, usage.cached, usage.estimated], [7, 0, true])
    assert.ok(usage.input > 10 && usage.input < 60, String(usage.input))
    const { output, input, estimated } = (await ending({ prompt_eval_count: 33 })).answer.usage
    assert.deepEqual([input, estimated], [33, true])
    assert.ok(output > 3 && output < 12, String(output))
  })

  it('ends as the server says it did, also when it says nothing', async () => {
    for (const [reason, stop] of [
      ['stop', 'end'],
      ['', 'end'],
      ['brand_new', 'end'],
      ['length', 'length'],
    ]) {
      const { answer } = await ask(async (reply) => {
        await reply.begin()
        await reply.say('Yes')
        await reply.endWith(reason ?? '')
      })
      assert.equal(answer.stop, stop, reason)
    }
  })

  it('is asked for again where the model was only loaded', async () => {
    const loaded: Scenario<OllamaReply> = (reply) => reply.endWith('load', {})
    vendor.play(loaded)
    const { answer } = await ask((reply) => reply.endWith('unload', {}))
    assert.equal(answer.text, 'Hello there!')
  })

  it('calls nothing where it may not, whatever it says', async () => {
    const call = { id: 'call_1', name: 'opening_hours', json: [] }
    const { answer } = await ask(toolCalls([call], ['We open at nine.']), { mayCall: false })
    assert.deepEqual([answer.calls, answer.stop, answer.text], [[], 'end', 'We open at nine.'])
  })
})
