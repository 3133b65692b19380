import assert from 'node:assert/strict'
import fc from 'fast-check'
import { NdjsonDecoder } from '../../server/llm/ndjson.ts'
import { ProviderError } from '../../server/llm/provider.ts'
import type { SseLimits } from '../../server/llm/sse.ts'

describe('the decoder of JSON lines', () => {
  it('gives each line without its end, and passes over blank ones', () => {
    assert.deepEqual(read('{"a":1}\n\n \r\n{"b":2}\n'), ['{"a":1}', '{"b":2}'])
  })

  it('tells nothing of a line without its end', () => {
    assert.deepEqual(read('{"a":1}\n{"b":'), ['{"a":1}'])
  })

  it('reads the same wherever the bytes are cut', () => {
    const line = fc.stringMatching(/^[a-zא-ת😀:{}]{1,12}$/u)
    const property = fc.property(fc.array(line), fc.array(fc.nat(9), { minLength: 1 }), (lines, cuts) => {
      assert.deepEqual(read(lines.map((text) => `${text}\n`).join(''), cuts), lines)
    })
    fc.assert(property, { seed: 20261123, numRuns: 300 })
  })

  it('holds no more than it may, of a line and of the whole', () => {
    const limits = { event: 10, stream: 25 }
    assert.deepEqual(read('123456789\n123456789\n', [1], limits), ['123456789', '123456789'])
    const tooLarge = (text: string, what: RegExp) => {
      for (const cuts of [[0], [100]]) {
        const fits = (error: unknown) =>
          error instanceof ProviderError &&
          error.code === 'broken_stream' &&
          !error.retryable &&
          what.test(error.message)
        assert.throws(() => read(text, cuts, limits), fits)
      }
    }
    tooLarge('12345678901', /^An event is larger than 10 bytes$/)
    tooLarge('12345678901\n', /^An event/)
    tooLarge('123456789\n'.repeat(3), /^The answer is larger than 25 bytes$/)
  })
})

/** The lines of a text that comes in pieces of `cuts` bytes, one after the other and again from the first. */
function read(text: string, cuts: readonly number[] = [100], limits?: SseLimits): string[] {
  const lines: string[] = []
  const decoder = new NdjsonDecoder((line) => lines.push(line), limits)
  const bytes = Buffer.from(text)
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const length = (cuts[turn % cuts.length] ?? 0) + 1
    decoder.push(bytes.subarray(from, from + length))
    from += length
  }
  return lines
}
