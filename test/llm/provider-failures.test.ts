import assert from 'node:assert/strict'
import { ProviderError, type ProviderFault } from '../../server/llm/provider.ts'
import type { TimeLimits } from '../../server/llm/watch.ts'
import { askOne, questionWith, type LimitChanges } from '../support/vendors/asking.ts'
import { EVERY_VENDOR } from '../support/vendors/every-vendor.ts'
import {
  breaking,
  deadSilence,
  disconnect,
  drip,
  endTooEarly,
  failing,
  garbled,
  hugeOutput,
  stall,
  words,
  type Scenario,
} from '../support/vendors/scenarios.ts'
import type { AnyStandIn } from '../support/vendors/stand-in.ts'

const SAID = ['Well', ',']
const OVERLOADED = failing({ status: 503 })

/** What holds for the failures of every provider; what only one does is told in its own folder. */
for (const { name, start, providerAt, cannot = [] } of EVERY_VENDOR) {
  describe(`a failure of ${name}`, () => {
    let vendor: AnyStandIn
    beforeEach(async () => {
      vendor = await start()
    })
    afterEach(() => vendor.close())

    const ask = (...scenarios: Scenario[]) => {
      vendor.play(...scenarios)
      return askOne(providerAt(vendor.url))
    }
    const fail = async (changes: LimitChanges, ...scenarios: Scenario[]) => {
      vendor.play(...scenarios)
      const { said, error } = await askOne(providerAt(vendor.url, changes))
      assert.ok(error instanceof ProviderError, String(error))
      return { said, error, requests: vendor.requests.all.length }
    }
    const brokenOff = async () => {
      assert.deepEqual(await vendor.requests.all.at(-1)?.over, { brokenOff: true })
    }

    describe('before its first word', () => {
      it('is told apart by its status', async () => {
        const told: [number, ProviderFault][] = [
          [400, 'rejected'],
          [401, 'rejected'],
          [403, 'rejected'],
          [404, 'rejected'],
          [413, 'rejected'],
          [429, 'rate_limited'],
          [500, 'overloaded'],
          [503, 'overloaded'],
          [529, 'overloaded'],
          [307, 'rejected'],
        ]
        for (const [status, code] of told) {
          const headers = { 'x-should-retry': 'false', location: vendor.url }
          const { error } = await fail({}, failing({ status, headers }))
          assert.equal(error.code, code, String(status))
          assert.ok(error.message.startsWith(String(status)), error.message)
        }
      })

      it('is repeated twice where that can help, and the visitor notices nothing', async () => {
        const again = [
          OVERLOADED,
          failing({ status: 500 }),
          disconnect(),
          breaking('overloaded'),
          endTooEarly(),
        ]
        for (const scenario of again) {
          const { said, answer } = await ask(scenario, scenario, words(['Yes']))
          assert.deepEqual([said, answer?.text], [['Yes'], 'Yes'])
        }
        assert.equal(vendor.requests.all.length, 3 * again.length)
      })

      it('is told after the second repetition', async () => {
        const { error, requests } = await fail({}, OVERLOADED, OVERLOADED, OVERLOADED)
        assert.deepEqual([error.code, requests], ['overloaded', 3])
      })

      it('waits as long as the vendor asks for', async () => {
        const asked: Record<string, string>[] = [
          { 'retry-after-ms': '60', 'retry-after': '9' },
          { 'retry-after': '0.06' },
        ]
        for (const headers of asked) {
          const before = performance.now()
          const { answer } = await ask(failing({ status: 429, headers }))
          assert.equal(answer?.text, 'Hello there!')
          assert.ok(performance.now() - before >= 58)
        }
      })

      it('is told at once, with the time to wait, where the vendor asks for too long', async () => {
        const { error, requests } = await fail({}, failing({ status: 429, headers: { 'retry-after': '30' } }))
        assert.deepEqual([error.code, error.retryAfterMs, requests], ['rate_limited', 30_000, 1])
        const date = new Date(Date.now() + 60_000).toUTCString()
        const dated = await fail({}, failing({ status: 429, headers: { 'retry-after': date } }))
        assert.ok((dated.error.retryAfterMs ?? 0) > 50_000)
      })

      it('is repeated or not as the vendor asks for', async () => {
        const no = await fail({}, failing({ status: 529, headers: { 'x-should-retry': 'false' } }))
        assert.equal(no.requests, 1)
        const { answer } = await ask(failing({ status: 400, headers: { 'x-should-retry': 'true' } }))
        assert.equal(answer?.text, 'Hello there!')
      })

      it('says nothing that is no error of the API', async () => {
        const { error } = await fail({}, (reply) => {
          reply.json(502, '<html>Bad gateway</html>', { 'x-should-retry': 'false' })
        })
        assert.deepEqual([error.code, /html/.test(error.message)], ['overloaded', false])
      })

      it('tells nothing of the conversation, even where the vendor repeats it', async () => {
        const text = 'My number is 050-123-4567'
        vendor.play(failing({ status: 400, message: `Bad value: [{'text': '${text}'}] sk-abc***xyz` }))
        const { error } = await askOne(providerAt(vendor.url), { messages: [{ role: 'user', text }] })
        assert.match(String(error), /Bad value: \[\{'text': '\.\.\.'\}\] \.\.\./)
      })

      it('is unreachable where nobody listens', async () => {
        const nobody = await start()
        const { url } = nobody
        await nobody.close()
        const { error } = await askOne(providerAt(url))
        assert.ok(error instanceof ProviderError)
        assert.deepEqual(
          [error.code, error.message],
          ['unreachable', 'No connection to the model (ECONNREFUSED)'],
        )
      })

      it('by silence ends in time, is not repeated, and lets the connection go', async () => {
        const { error, requests } = await fail({ time: { firstToken: 400 } }, deadSilence)
        assert.deepEqual([error.code, requests], ['timeout', 1])
        await brokenOff()
      })

      it('by nothing but signs of life ends in time', async () => {
        const limits = { firstToken: 60, wordless: 60 }
        const { error } = await fail({ time: limits }, stall([], { everyMs: 5 }))
        assert.match(error.message, /did not begin in time|without a word/)
        await brokenOff()
      })
    })

    describe('in mid-answer', () => {
      const told = async (code: ProviderFault, scenario: Scenario, time: Partial<TimeLimits> = {}) => {
        const { said, error, requests } = await fail({ time }, scenario)
        assert.deepEqual([error.code, said, requests], [code, SAID, 1])
        return error
      }

      it('is told and never repeated, since something was said', async () => {
        await told('overloaded', breaking('overloaded', SAID))
      })

      if (!cannot.includes('tell faults apart in mid-answer'))
        it('is told apart by what the vendor says', async () => {
          const faults: ProviderFault[] = ['rate_limited', 'rejected', 'broken_stream']
          for (const fault of faults) {
            const { error } = await fail({}, breaking(fault, SAID))
            assert.equal(error.code, fault)
          }
        })

      it('may be a connection that is cut', async () => {
        await told('broken_stream', disconnect(SAID))
      })

      it('may be a stream that ends before the answer does', async () => {
        assert.match((await told('broken_stream', endTooEarly(SAID))).message, /ended before/)
      })

      it('may be an event that nobody can read', async () => {
        const error = await told('broken_stream', garbled(SAID))
        assert.equal(error.message, 'An event of the stream cannot be read')
        await brokenOff()
      })

      it('may be silence', async () => {
        const error = await told('timeout', stall(SAID), { silence: 400 })
        assert.match(error.message, /fell silent/)
        await brokenOff()
      })

      it('may be a model without a word: signs of life keep the connection, not the answer', async () => {
        const error = await told('timeout', stall(SAID, { everyMs: 5 }), { silence: 1_000, wordless: 400 })
        assert.match(error.message, /without a word/)
      })

      it('may be an answer without end', async () => {
        const { error } = await fail({ stream: 20_000 }, hugeOutput('word '.repeat(20), 10_000))
        assert.deepEqual([error.code, error.retryable], ['broken_stream', false])
        await brokenOff()
      })

      it('may be an answer that takes too long, however well it goes on', async () => {
        const { error } = await fail({ time: { answer: 400 } }, drip(Array<string>(10_000).fill('.'), 5))
        assert.match(error.message, /took too long/)
        await brokenOff()
      })
    })

    describe('by the caller', () => {
      it('before the request is sent sends nothing', async () => {
        const reason = new Error('enough')
        const { error } = await askOne(providerAt(vendor.url), {}, AbortSignal.abort(reason))
        assert.equal(error, reason)
        assert.equal(vendor.requests.all.length, 0)
      })

      it('before the first word ends the request at once', async () => {
        const stop = new AbortController()
        vendor.play(deadSilence)
        const asked = askOne(providerAt(vendor.url), {}, stop.signal)
        await vendor.requests.take()
        stop.abort(new Error('enough'))
        assert.match(String((await asked).error), /enough/)
        await brokenOff()
      })

      it('in the middle says nothing more, not even what has come already, and ends the request', async () => {
        const stop = new AbortController()
        const said: string[] = []
        vendor.play(async (reply) => {
          await reply.begin()
          await reply.sayTogether(['one', 'two'])
        })
        const say = (text: string) => {
          said.push(text)
          stop.abort(Symbol('joined'))
        }
        const asked = providerAt(vendor.url).ask(questionWith({}), say, stop.signal)
        await assert.rejects(asked, (reason: unknown) => reason === stop.signal.reason)
        assert.deepEqual(said, ['one'])
        await brokenOff()
      })

      it('while a repetition waits ends at once', async () => {
        const stop = new AbortController()
        vendor.play(failing({ status: 429, headers: { 'retry-after-ms': '900' } }))
        const asked = askOne(providerAt(vendor.url), {}, stop.signal)
        const { over } = await vendor.requests.take()
        await over
        stop.abort(new Error('enough'))
        assert.match(String((await asked).error), /enough/)
        assert.equal(vendor.requests.all.length, 1)
      })

      it('that throws what is no failure of the vendor is passed on as it is, once', async () => {
        const bug = new TypeError('a bug')
        const say = () => {
          throw bug
        }
        const asked = providerAt(vendor.url).ask(questionWith({}), say, new AbortController().signal)
        await assert.rejects(asked, (error: unknown) => error === bug)
        assert.equal(vendor.requests.all.length, 1)
        await brokenOff()
      })
    })
  })
}
