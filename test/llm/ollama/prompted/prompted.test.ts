import assert from 'node:assert/strict'
import type { ModelMessage, ModelRequest, ToolDefinition } from '../../../../server/llm/provider.ts'
import { askOne, questionWith } from '../../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../../support/vendors/ollama.ts'
import { ollamaAt } from '../../../support/vendors/ollama-provider.ts'
import type { OllamaReply } from '../../../support/vendors/ollama-reply.ts'
import { words, type Scenario } from '../../../support/vendors/scenarios.ts'

const FIND: ToolDefinition = {
  name: 'find_order',
  description: 'Finds an order.',
  parameters: { type: 'object', properties: { number: { type: 'string' } } },
}
const HOURS: ToolDefinition = { name: 'opening_hours', description: 'Tells.', parameters: { properties: {} } }
const CALL = '{"tool": "find_order", "arguments": {"number": "A-1"}}'

describe('a model without functions', () => {
  let vendor: OllamaStandIn
  before(async () => {
    vendor = await OllamaStandIn.start()
  })
  after(() => vendor.close())

  const asking = (request: Partial<ModelRequest> = {}): Partial<ModelRequest> => ({
    model: 'gemma3:4b',
    tools: [FIND, HOURS],
    ...request,
  })
  const ask = async (scenario: Scenario<OllamaReply>, request?: Partial<ModelRequest>) => {
    vendor.play(scenario)
    const { said, answer, error } = await askOne(ollamaAt(vendor.url), asking(request))
    if (!answer) throw error
    return { said, answer }
  }
  /** The messages as they were sent; the stand-in has a template that takes nothing but turns in alternation. */
  const sent = async (request: Partial<ModelRequest>) => {
    const { error } = await askOne(ollamaAt(vendor.url), asking(request))
    assert.equal(error, undefined)
    const { messages = [], tools } = vendor.requests.all.at(-1)!.body
    assert.equal(tools, undefined)
    return messages
  }

  it('is told in the system prompt what it can call, and how, between what is always true and what is now', async () => {
    const [system] = await sent({ system: { stable: 'You help.', moment: 'Today is Monday.' } })
    const { content = '' } = system ?? {}
    assert.ok(content.startsWith('You help.\n\n# Functions\n\n'), content)
    assert.ok(content.endsWith('\n\nToday is Monday.'), content)
    assert.match(content, /\{"tool": "name_of_the_function", "arguments": \{\}\}/)
    for (const { name, description, parameters } of [FIND, HOURS]) {
      const told = `## ${name}\n${description}\nArguments, as JSON Schema: ${JSON.stringify(parameters)}`
      assert.ok(content.includes(told), content)
    }
  })

  it('is told nothing of functions where there are none', async () => {
    const [system] = await sent({ tools: [] })
    assert.equal(system?.content, 'You help the visitors of Acme.')
  })

  it('speaks piece by piece as it writes', async () => {
    const stop = new AbortController()
    let hear: (() => void) | undefined
    const heard = new Promise<void>((resolve) => (hear = resolve))
    vendor.play(async (reply) => {
      await reply.begin()
      await reply.say('Yes')
      await heard
      await reply.say(', we do.')
      await reply.end('end')
    })
    const answer = await ollamaAt(vendor.url).ask(questionWith(asking()), () => hear?.(), stop.signal)
    assert.equal(answer.text, 'Yes, we do.')
  })

  it('calls by writing JSON, which nobody sees, in pieces however small', async () => {
    const written = [CALL, `\`\`\`json\n${CALL}\n\`\`\``, `\n\n${CALL}\n`]
    for (const text of written) {
      const { said, answer } = await ask(words(inPieces(text, 1)))
      assert.deepEqual([said, answer.text, answer.stop], [[], '', 'tools'], text)
      const [call, ...more] = answer.calls
      assert.deepEqual([call?.name, call?.arguments, more], ['find_order', { number: 'A-1' }, []])
      assert.match(call?.id ?? '', /^call_[\w-]+$/)
    }
  })

  it('may speak before it calls, and call several functions', async () => {
    const text = `Let me look.\n[${CALL}, {"tool": "opening_hours"}]`
    const { said, answer } = await ask(words(inPieces(text, 4)))
    assert.deepEqual([said.join(''), answer.text], ['Let me look.\n', 'Let me look.\n'])
    assert.deepEqual(
      answer.calls.map((call) => [call.name, call.arguments]),
      [
        ['find_order', { number: 'A-1' }],
        ['opening_hours', {}],
      ],
    )
    assert.notEqual(answer.calls[0]?.id, answer.calls[1]?.id)
  })

  it('calls with null arguments where its JSON is broken', async () => {
    for (const end of ['{"number": A-1}}', '{"number": "A']) {
      const { said, answer } = await ask(words(['{"tool": "find_order", ', `"arguments": ${end}`]))
      assert.deepEqual([said, answer.stop, answer.calls[0]?.arguments], [[], 'tools', null])
    }
  })

  it('may answer with what only looks like a call', async () => {
    const text = '{"size": 42, "colour": "brown"} is what {name} wants, see [1]. {"name'
    const { said, answer } = await ask(words(inPieces(text, 3)))
    assert.deepEqual([said.join(''), answer.text, answer.stop, answer.calls], [text, text, 'end', []])
  })

  it('is told what it called, and what that gave, in words', async () => {
    const { answer } = await ask(words([`Let me look.\n[${CALL}, {"tool": "opening_hours"}]`]))
    const [find, hours] = answer.calls
    const results: ModelMessage = {
      role: 'tool',
      results: [
        { call_id: find!.id, name: 'find_order', content: 'On its way', failed: false },
        { call_id: hours!.id, name: 'opening_hours', content: 'Nobody knows', failed: true },
      ],
    }
    const conversation: ModelMessage[] = [
      { role: 'user', text: 'Where is it?' },
      { role: 'assistant', text: answer.text, step: { text: answer.text, calls: answer.calls } },
      results,
      { role: 'user', text: 'Hello?' },
    ]
    assert.deepEqual((await sent({ messages: conversation })).slice(1), [
      { role: 'user', content: 'Where is it?' },
      {
        role: 'assistant',
        content:
          'Let me look.\n\n[{"tool":"find_order","arguments":{"number":"A-1"}},{"tool":"opening_hours","arguments":{}}]',
      },
      {
        role: 'user',
        content:
          'The function find_order gave: On its way\n\nThe function opening_hours failed: Nobody knows\n\nHello?',
      },
    ])
  })

  it('is told to use words where it may not call any more, and its calls are passed over', async () => {
    const step = { text: '', calls: [{ id: 'call_1', name: 'find_order', arguments: null }] }
    const messages: ModelMessage[] = [
      { role: 'user', text: 'Where is it?' },
      { role: 'assistant', text: '', step },
      { role: 'tool', results: [{ call_id: 'call_1', name: 'find_order', content: 'Lost', failed: false }] },
    ]
    const [system, , told] = await sent({ messages, mayCall: false })
    assert.match(system?.content ?? '', /You cannot call functions any more\. Answer in plain words/)
    assert.ok(!system?.content.includes('Finds an order'))
    assert.equal(told?.content, '{"tool":"find_order","arguments":{}}')
    const { said, answer } = await ask(words(['It is lost. ', CALL]), { messages, mayCall: false })
    assert.deepEqual([said.join(''), answer.calls, answer.stop], ['It is lost. ', [], 'end'])
  })

  it('may be one that has functions and forgets it: nobody sees its JSON either', async () => {
    const { said, answer } = await ask(words([CALL]), { model: 'qwen3:8b' })
    assert.deepEqual([said, answer.calls[0]?.name, answer.stop], [[], 'find_order', 'tools'])
  })
})

function inPieces(text: string, length: number): string[] {
  return text.match(new RegExp(`[^]{1,${length}}`, 'g')) ?? []
}
