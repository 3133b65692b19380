import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ProviderError } from '../../server/llm/provider.ts'
import { SseDecoder, type SseLimits } from '../../server/llm/sse.ts'

describe('the decoder of server-sent events', () => {
  it('gives the data and the name of each event', () => {
    assert.deepEqual(read('event: a\ndata: {"x":1}\n\ndata:2\n\n'), [
      ['{"x":1}', 'a'],
      ['2', ''],
    ])
  })

  it('joins lines of data, passes over comments and fields that it does not need', () => {
    const text =
      ': hello\nid: 7\nretry: 10\nevent: a\ndata: one\ndata:two\ndata\ndata:  three\nfield without colon\n\n'
    assert.deepEqual(read(text), [['one\ntwo\n\n three', 'a']])
  })

  it('tells nothing of an event without data or without its end', () => {
    assert.deepEqual(read('event: a\n\n: comment\n\ndata: lost'), [])
    assert.deepEqual(read('event: a\n\ndata: 1\n\n'), [['1', '']])
  })

  it('takes a byte order mark at the very beginning for nothing', () => {
    assert.deepEqual(read('\uFEFFdata: 1\n\ndata: \uFEFF2\n\n'), [
      ['1', ''],
      ['\uFEFF2', ''],
    ])
  })

  it('reads the same wherever the bytes are cut, and whichever line ends are used', () => {
    const line = fc.stringMatching(/^[a-zא-ת😀: ]{0,12}$/u)
    const event = fc.record({
      name: fc.stringMatching(/^[a-z]{1,6}$/),
      lines: fc.array(line, { minLength: 1 }),
    })
    const property = fc.property(
      fc.array(event),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(9), { minLength: 1 }),
      (events, lineEnd, cuts) => {
        const text = events
          .flatMap(({ name, lines }) => [`event: ${name}`, ...lines.map((data) => `data: ${data}`), '', ''])
          .join(lineEnd)
        const expected = events.map(({ name, lines }) => [lines.join('\n'), name])
        assert.deepEqual(read(text, cuts), expected)
      },
    )
    fc.assert(property, { seed: 20261123, numRuns: 300 })
  })

  it('refuses an event that is larger than it may be, in whole lines or in one that does not end', () => {
    const limits = { event: 100, stream: 10_000 }
    for (const text of ['data: x\n'.repeat(30), 'data: ' + 'x'.repeat(200), `data: ${'x'.repeat(200)}\n\n`]) {
      assert.throws(() => read(text, [9], limits), isTooLarge)
    }
    assert.equal(read('data: x\n\n'.repeat(200), [9], limits).length, 200)
  })

  it('refuses a stream that is larger than it may be', () => {
    assert.throws(() => read('data: x\n\n'.repeat(200), [9], { event: 100, stream: 1_000 }), isTooLarge)
  })
})

function read(text: string, cuts: readonly number[] = [1_000], limits?: SseLimits): [string, string][] {
  const events: [string, string][] = []
  const decoder = new SseDecoder((data, name) => events.push([data, name]), limits)
  const bytes = Buffer.from(text)
  for (let from = 0, cut = 0; from < bytes.length; cut++) {
    const length = 1 + cuts[cut % cuts.length]!
    decoder.push(bytes.subarray(from, from + length))
    from += length
  }
  return events
}

function isTooLarge(error: unknown): boolean {
  return error instanceof ProviderError && error.code === 'broken_stream' && !error.retryable
}
