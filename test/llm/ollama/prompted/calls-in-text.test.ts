import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CallsInText } from '../../../../server/llm/ollama/prompted/calls-in-text.ts'

const KNOWN = new Set(['find_order', 'opening_hours'])
const FIND = '{"tool": "find_order", "arguments": {"number": "A-1"}}'
const FOUND = { name: 'find_order', arguments: { number: 'A-1' } }
const HOURS = '{"tool":"opening_hours","arguments":{}}'
const OPEN = { name: 'opening_hours', arguments: {} }

describe('calls in a text', () => {
  it('are told from words, wherever they stand and whatever stands around them', () => {
    const texts: [string, string, object[]][] = [
      ['We have boots.', 'We have boots.', []],
      [FIND, '', [FOUND]],
      [`\n \`\`\`json\n${FIND}\n\`\`\`\n`, '\n ', [FOUND]],
      [`\`\`\`\n${FIND}\`\`\``, '', [FOUND]],
      [`Let me look.\n\n${FIND}`, 'Let me look.\n\n', [FOUND]],
      [`Let me look: \`\`\`tool_call\n${FIND}\n\`\`\``, 'Let me look: ', [FOUND]],
      [`[${FIND}, ${HOURS}]`, '', [FOUND, OPEN]],
      [`[\n  ${FIND}\n]`, '', [FOUND]],
      [`${FIND}\n${HOURS}`, '', [FOUND, OPEN]],
      [`\`\`\`json\n${FIND}\n\`\`\`\n\`\`\`json\n${HOURS}\n\`\`\``, '', [FOUND, OPEN]],
    ]
    for (const [text, said, calls] of texts) assert.deepEqual(read(text), { said, calls }, text)
  })

  it('may have the forms that models know from elsewhere, where the function is known', () => {
    const habits = [
      '{"name": "find_order", "parameters": {"number": "A-1"}}',
      '{"arguments": {"number": "A-1"}, "name": "find_order"}',
      '{"tool": "find_order", "arguments": "{\\"number\\": \\"A-1\\"}"}',
    ]
    for (const text of habits) assert.deepEqual(read(text), { said: '', calls: [FOUND] }, text)
    for (const text of ['{"tool": "opening_hours"}', '{"tool": "opening_hours", "arguments": null}'])
      assert.deepEqual(read(text).calls, [OPEN])
  })

  it('of functions that nobody has are calls all the same: the model is told', () => {
    assert.deepEqual(read('{"tool": "fly", "arguments": {}}'), {
      said: '',
      calls: [{ name: 'fly', arguments: {} }],
    })
  })

  it('without end, or in broken JSON, have null arguments and are never shown', () => {
    const broken = [
      '{"tool": "find_order", "arguments": {"number": ',
      '{"tool": "find_order", "arguments": {number: A-1}}',
      "{'tool': 'find_order', 'arguments': {'number': 'A-1'}}",
      '{"tool": find_order, "arguments": {}}',
      '{"name": "find_order", "arguments": {"number": "A-1"',
      '{"tool": "find_order", "arguments": [1]}',
      '{"tool": "find_order", "arguments": "A-1"}',
      `\`\`\`json\n{"tool": "find_order", "arguments": {"number": "A`,
    ]
    const nulls = [{ name: 'find_order', arguments: null }]
    for (const text of broken) assert.deepEqual(read(text), { said: '', calls: nulls }, text)
    assert.deepEqual(read('{"tool": '), { said: '', calls: [] })
  })

  it('end the answer: what a model makes up after them is passed over', () => {
    assert.deepEqual(read(`${FIND}\n\nIt is on its way! ${HOURS}`), { said: '', calls: [FOUND] })
  })

  it('are not what only looks like one: not a character of it is lost', () => {
    const words = [
      '{',
      '{}',
      '{name} is a placeholder, {{name}} too.',
      '[1] is a footnote, [link](https://acme.example) a link, and `code` is code.',
      '{"size": 42, "colour": "brown"}',
      '{"name": "Dana", "age": 7} is an object.',
      '{"name": "Dana", "age": ',
      '{"tool": {"kind": "hammer"}} is an object.',
      '```json\n{"name": "Dana"}\n```\nThat is all.',
      '```js\nconst order = { "name": 1 }\n```',
      '["tool", "name"]',
      '[{"size": 42}]',
      '``',
      '```',
      '{"na',
      '{   ',
      `{${' '.repeat(500)}"tool": "find_order"}`,
    ]
    for (const text of words) assert.deepEqual(read(text), { said: text, calls: [] }, text)
  })

  it('hold back nothing that cannot be one: words are said as they come', () => {
    const said: string[] = []
    const calls = new CallsInText(KNOWN, (text) => said.push(text))
    const pieces = ['{', 'curly} ', 'and ', '{"size"', ': 42} ', '[', 'x] ', '``', '`js\n', 'x```']
    const after = pieces.map((piece) => {
      calls.push(piece)
      return said.join('').length
    })
    const lengths = pieces.map((_, index) => pieces.slice(0, index + 1).join('').length)
    const held = lengths.map((length, index) => length - (after[index] ?? 0))
    assert.deepEqual(held, [1, 0, 0, 0, 0, 1, 0, 2, 6, 3])
  })

  it('are the same however the text is cut', () => {
    const part = fc.constantFrom(
      FIND,
      HOURS,
      '{"name": "Dana"}',
      '{"tool": "find_order", "arguments": {"number": "}{\\""}}',
      '```json\n',
      '```',
      '{ "',
      '[',
      ']',
      ', ',
      '\n',
      'Words, שלום 😀. ',
      '{"tool": "find_ord',
    )
    const property = fc.property(
      fc.array(part, { maxLength: 8 }),
      fc.array(fc.nat(6), { minLength: 1 }),
      (parts, cuts) => {
        const text = parts.join('')
        assert.deepEqual(read(text, cuts), read(text))
      },
    )
    fc.assert(property, { seed: 20261123, numRuns: 1_000 })
  })

  it('are given up when they grow beyond all measure', () => {
    const grown = (beginning: string) => {
      let said = ''
      const calls = new CallsInText(KNOWN, (piece) => (said += piece))
      calls.push(beginning)
      for (let pieces = 0; pieces < 70; pieces++) calls.push('x'.repeat(1_000))
      return { said: said.length, calls: calls.calls }
    }
    assert.ok(grown('{"name": "').said > 65_000)
    const endless = grown('{"tool": "find_order", "arguments": {"number": "')
    assert.deepEqual(endless, { said: 0, calls: [{ name: 'find_order', arguments: null }] })
  })
})

/** What is said of a text that comes in pieces of these lengths plus one, and what is called. */
function read(text: string, cuts: readonly number[] = [text.length]): { said: string; calls: object[] } {
  let said = ''
  const calls = new CallsInText(KNOWN, (piece) => (said += piece))
  for (let from = 0, turn = 0; from < text.length; turn++) {
    const to = from + (cuts[turn % cuts.length] ?? 0) + 1
    calls.push(text.slice(from, to))
    from = to
  }
  calls.end()
  return { said, calls: calls.calls }
}
