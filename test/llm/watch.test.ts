import assert from 'node:assert/strict'
import { once } from 'node:events'
import { ProviderError } from '../../server/llm/provider.ts'
import { Watch, type TimeLimits } from '../../server/llm/watch.ts'

const LATER = 60_000
const PATIENT: TimeLimits = {
  connect: LATER,
  firstToken: LATER,
  silence: LATER,
  wordless: LATER,
  answer: LATER,
}

describe('the watch over a request', () => {
  let watch: Watch
  const start = (limits: Partial<TimeLimits>, answer = LATER, caller = new AbortController().signal) => {
    watch = new Watch(caller, { ...PATIENT, ...limits }, performance.now() + answer)
    return watch
  }
  afterEach(() => {
    watch.close()
  })

  it('ends when the model does not begin in time, however alive the connection is', async () => {
    const { signal } = start({ firstToken: 20 })
    watch.heard()
    assert.match(await endOf(signal), /did not begin in time/)
  })

  it('ends when the stream falls silent after a sign of life, and not before one', async () => {
    const { signal } = start({ silence: 20, firstToken: 60 })
    watch.began()
    watch.heard()
    assert.match(await endOf(signal), /fell silent/)
    watch.close()
    assert.match(await endOf(start({ silence: 20, firstToken: 60 }).signal), /did not begin/)
  })

  it('bounds how long the model may think without a word, and counts anew after each', async () => {
    const { signal } = start({ wordless: 40 })
    watch.began()
    watch.spoke()
    assert.match(await endOf(signal), /without a word/)
    assert.equal(watch.over, true)
  })

  it('bounds the whole answer', async () => {
    const { signal } = start({}, 20)
    watch.began()
    assert.match(await endOf(signal), /took too long/)
  })

  it("ends with the caller's own reason, also when that was there before", () => {
    const caller = new AbortController()
    const { signal } = start({}, LATER, caller.signal)
    caller.abort('the visitor left')
    assert.equal(signal.reason, 'the visitor left')
    watch.close()
    assert.equal(start({}, LATER, caller.signal).signal.reason, 'the visitor left')
  })

  it('leaves no timer and no listener once it is closed', () => {
    const caller = new AbortController()
    const before = timers()
    start({}, LATER, caller.signal)
    watch.heard()
    watch.began()
    assert.equal(timers(), before + 3)
    watch.close()
    caller.abort()
    assert.deepEqual([timers(), watch.over], [before, false])
  })
})

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
}

async function endOf(signal: AbortSignal): Promise<string> {
  if (!signal.aborted) await once(signal, 'abort')
  const reason: unknown = signal.reason
  assert.ok(reason instanceof ProviderError)
  assert.deepEqual([reason.code, reason.retryable], ['timeout', false])
  return reason.message
}
