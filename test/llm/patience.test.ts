import assert from 'node:assert/strict'
import { Breakers } from '../../server/llm/breakers.ts'
import { FirstWord, hastyLimits } from '../../server/llm/patience.ts'
import { OLLAMA_LIMITS } from '../../server/llm/ollama/index.ts'
import { ProviderError } from '../../server/llm/provider.ts'
import { VENDOR_LIMITS } from '../../server/llm/stream-answer.ts'

describe('Haste', () => {
  it('repeats once, soon, and waits half as long for a beginning', () => {
    const { time, retry, sse } = hastyLimits(VENDOR_LIMITS)
    assert.deepEqual(retry, { retries: 1, firstWait: 250, longestWait: 1_000 })
    assert.deepEqual([time.connect, time.firstToken], [2_500, 15_000])
    assert.deepEqual([time.wordless, time.answer, sse], [90_000, 300_000, VENDOR_LIMITS.sse])
  })

  it('keeps what only one vendor limits', () => {
    const { look, loaded } = hastyLimits(OLLAMA_LIMITS)
    assert.deepEqual([look, loaded], [OLLAMA_LIMITS.look, OLLAMA_LIMITS.loaded])
  })
})

describe('Waiting for the first word', () => {
  const aborted = ({ signal }: FirstWord) =>
    new Promise<unknown>((resolve) => {
      signal.addEventListener('abort', () => resolve(signal.reason), { once: true })
    })

  it('ends as a timeout', async () => {
    const word = new FirstWord(new AbortController().signal, 5)
    const reason = await aborted(word)
    assert.ok(reason instanceof ProviderError && reason.code === 'timeout')
  })

  it('follows the caller, also one that had given up before', async () => {
    const caller = new AbortController()
    const word = new FirstWord(caller.signal, 60_000)
    const reason = aborted(word)
    caller.abort(new Error('enough'))
    assert.match(String(await reason), /enough/)
    word.close()
    const late = new FirstWord(caller.signal, null)
    assert.ok(late.signal.aborted)
    late.close()
  })

  it('leaves no timer, and follows nobody when it is closed', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    await new Promise(setImmediate) // mocha sets its own timer after the test has begun
    const before = timers()
    const caller = new AbortController()
    const words = [new FirstWord(caller.signal, 3_600_000), new FirstWord(caller.signal, 3_600_000)]
    words[0]!.came()
    for (const word of words) word.close()
    caller.abort(new Error('enough'))
    assert.deepEqual([timers(), ...words.map(({ signal }) => signal.aborted)], [before, false, false])
  })
})

describe('The breakers of models', () => {
  it('remember no more than so many, however many clients name', () => {
    const breakers = new Breakers()
    for (let number = 0; number < 1_000; number++)
      breakers.enter({ provider: 'claude', model: `model-${number}` })?.succeeded()
    assert.ok(breakers.read().length <= 200)
  })

  it('tell a vendor that is away from a model that fails', () => {
    const breakers = new Breakers()
    const fail = (code: 'unreachable' | 'timeout', model: string) => {
      for (let time = 0; time < 5; time++)
        breakers.enter({ provider: 'claude', model })?.failed(new ProviderError(code, 'no'))
    }
    const open = () => breakers.read().flatMap(({ model, state }) => (state === 'open' ? [model] : []))
    fail('timeout', 'slow')
    assert.deepEqual(open(), ['slow'])
    fail('unreachable', 'other')
    assert.deepEqual(new Set(open()), new Set([null, 'slow']))
    assert.equal(breakers.enter({ provider: 'claude', model: 'third' }), null)
    assert.ok(breakers.enter({ provider: 'openai', model: 'third' }))
  })
})
