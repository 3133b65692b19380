import assert from 'node:assert/strict'
import { ProviderError } from '../../server/llm/provider.ts'
import { retrying } from '../../server/llm/retry.ts'

const LIMITS = { retries: 2, firstWait: 4, longestWait: 100 }
const always = () => true

describe('repeating a request', () => {
  it('goes on until it succeeds', async () => {
    const { attempt, tried } = failing(new ProviderError('overloaded', 'busy'), 2)
    assert.equal(await retrying(attempt, always, LIMITS, idle()), 'done')
    assert.equal(tried(), 3)
  })

  it('gives up after its repetitions, with the last failure', async () => {
    const { attempt, tried } = failing(new ProviderError('unreachable', 'nobody there'), 9)
    await assert.rejects(retrying(attempt, always, LIMITS, idle()), /nobody there/)
    assert.equal(tried(), 3)
  })

  it('never repeats what is rejected, what the vendor says is useless, or a bug', async () => {
    const useless = new ProviderError('overloaded', 'no', { retryable: false })
    for (const error of [new ProviderError('rejected', 'no'), useless, new TypeError('no')]) {
      const { attempt, tried } = failing(error, 9)
      await assert.rejects(retrying(attempt, always, LIMITS, idle()), /no/)
      assert.equal(tried(), 1)
    }
  })

  it('never repeats what must not be repeated any more', async () => {
    const { attempt, tried } = failing(new ProviderError('broken_stream', 'cut'), 9)
    await assert.rejects(
      retrying(attempt, () => tried() < 2, LIMITS, idle()),
      /cut/,
    )
    assert.equal(tried(), 2)
  })

  it('waits as long as the vendor asks for, and gives up at once where that is too long', async () => {
    const before = performance.now()
    const soon = failing(new ProviderError('rate_limited', 'slowly', { retryAfterMs: 60 }), 1)
    await retrying(soon.attempt, always, LIMITS, idle())
    assert.ok(performance.now() - before >= 58)
    const late = failing(new ProviderError('rate_limited', 'slowly', { retryAfterMs: 101 }), 1)
    await assert.rejects(retrying(late.attempt, always, LIMITS, idle()), /slowly/)
    assert.equal(late.tried(), 1)
  })

  it('stops waiting as soon as it is aborted', async () => {
    const stop = new AbortController()
    const { attempt, tried } = failing(new ProviderError('overloaded', 'busy'), 9)
    const repeated = retrying(attempt, always, { ...LIMITS, firstWait: 60_000 }, stop.signal)
    setImmediate(() => stop.abort(new Error('enough')))
    await assert.rejects(repeated, /enough/)
    assert.equal(tried(), 1)
  })
})

function failing(error: Error, times: number) {
  let tries = 0
  const attempt = () => (tries++ < times ? Promise.reject(error) : Promise.resolve('done'))
  return { attempt, tried: () => tries }
}

function idle(): AbortSignal {
  return new AbortController().signal
}
