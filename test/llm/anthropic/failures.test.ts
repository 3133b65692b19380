import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ProviderError } from '../../../server/llm/provider.ts'
import type { TimeLimits } from '../../../server/llm/watch.ts'
import { AnthropicStandIn, GOOD_KEY, type Scenario } from '../../support/vendors/anthropic.ts'
import {
  deadSilence,
  disconnect,
  drip,
  endTooEarly,
  errorEvent,
  failure,
  hugeOutput,
  plainText,
  stall,
} from '../../support/vendors/anthropic-scenarios.ts'
import { askClaude, claudeAt, questionWith } from '../../support/vendors/claude.ts'

const OVERLOADED = failure(529, 'overloaded_error', 'Overloaded')

describe('a failure of Claude', () => {
  let vendor: AnthropicStandIn
  beforeEach(async () => {
    vendor = await AnthropicStandIn.start()
  })
  afterEach(() => vendor.close())

  const fail = async (changes: Parameters<typeof claudeAt>[1], ...scenarios: Scenario[]) => {
    vendor.play(...scenarios)
    const { said, error } = await askClaude(claudeAt(vendor.url, changes))
    assert.ok(error instanceof ProviderError, String(error))
    return { said, error, requests: vendor.requests.all.length }
  }

  describe('before its first word', () => {
    it('is told apart by what the vendor says', async () => {
      const told: [number, string, string][] = [
        [400, 'invalid_request_error', 'rejected'],
        [401, 'authentication_error', 'rejected'],
        [402, 'billing_error', 'rejected'],
        [403, 'permission_error', 'rejected'],
        [404, 'not_found_error', 'rejected'],
        [413, 'request_too_large', 'rejected'],
        [429, 'rate_limit_error', 'rate_limited'],
        [500, 'api_error', 'overloaded'],
        [504, 'timeout_error', 'overloaded'],
        [529, 'overloaded_error', 'overloaded'],
        [307, 'redirect', 'rejected'],
      ]
      for (const [status, type, code] of told) {
        const scenario = failure(status, type, 'Sorry', { 'x-should-retry': 'false', location: vendor.url })
        const { error } = await fail({}, scenario)
        assert.equal(error.code, code, String(status))
        assert.match(error.message, new RegExp(`^${status} ${type}.* \\(req_\\d+\\)$`))
      }
    })

    it('is repeated twice where that can help, and the visitor notices nothing', async () => {
      const first = failure(500, 'api_error', 'Sorry')
      const again: Scenario[] = [
        OVERLOADED,
        first,
        disconnect(),
        errorEvent('overloaded_error'),
        endTooEarly([]),
      ]
      for (const scenario of again) {
        vendor.play(scenario, scenario, plainText(['Yes']))
        const { said, answer } = await askClaude(claudeAt(vendor.url))
        assert.deepEqual([said, answer?.text], [['Yes'], 'Yes'])
      }
      assert.equal(vendor.requests.all.length, 3 * again.length)
    })

    it('is told after the second repetition', async () => {
      const { error, requests } = await fail({}, OVERLOADED, OVERLOADED, OVERLOADED)
      assert.deepEqual([error.code, requests], ['overloaded', 3])
    })

    it('waits as long as the vendor asks for', async () => {
      const headers: Record<string, string>[] = [
        { 'retry-after-ms': '60', 'retry-after': '9' },
        { 'retry-after': '0.06' },
      ]
      for (const asked of headers) {
        vendor.play(failure(429, 'rate_limit_error', 'Slowly', asked))
        const before = performance.now()
        const { answer } = await askClaude(claudeAt(vendor.url))
        assert.equal(answer?.text, 'Hello there!')
        assert.ok(performance.now() - before >= 58)
      }
    })

    it('is told at once, with the time to wait, where the vendor asks for too long', async () => {
      const seconds = await fail({}, failure(429, 'rate_limit_error', 'Slowly', { 'retry-after': '30' }))
      assert.deepEqual(
        [seconds.error.code, seconds.error.retryAfterMs, seconds.requests],
        ['rate_limited', 30_000, 1],
      )
      const date = new Date(Date.now() + 60_000).toUTCString()
      const { error } = await fail({}, failure(429, 'rate_limit_error', 'Slowly', { 'retry-after': date }))
      assert.ok((error.retryAfterMs ?? 0) > 50_000)
    })

    it('is repeated or not as the vendor asks for', async () => {
      const no = await fail({}, failure(529, 'overloaded_error', 'No', { 'x-should-retry': 'false' }))
      assert.equal(no.requests, 1)
      vendor.play(failure(400, 'invalid_request_error', 'Yes', { 'x-should-retry': 'true' }))
      assert.equal((await askClaude(claudeAt(vendor.url))).answer?.text, 'Hello there!')
    })

    it('for a wrong key is told once, without any key', async () => {
      const { error, requests } = await fail({ apiKey: 'sk-ant-wrong-key' })
      assert.deepEqual([error.code, requests], ['rejected', 1])
      const shown = inspect(error)
      assert.ok(!shown.includes('sk-ant-wrong-key'))
      vendor.play(failure(401, 'authentication_error', `bad key ${GOOD_KEY}!`))
      const { error: echoed } = await askClaude(claudeAt(vendor.url))
      assert.match(String(echoed), /bad key \.\.\.!/)
    })

    it('says nothing that is no error of the API', async () => {
      const page: Scenario = (reply) => {
        reply.json(502, '<html>Bad gateway</html>', { 'x-should-retry': 'false' })
      }
      const { error } = await fail({}, page)
      assert.deepEqual([error.code, /html/.test(error.message)], ['overloaded', false])
    })

    it('is unreachable where nobody listens', async () => {
      const nobody = await AnthropicStandIn.start()
      const { url } = nobody
      await nobody.close()
      const { error } = await askClaude(claudeAt(url))
      assert.ok(error instanceof ProviderError)
      assert.deepEqual(
        [error.code, error.message],
        ['unreachable', 'No connection to the model (ECONNREFUSED)'],
      )
    })

    it('by silence ends in time, is not repeated, and lets the connection go', async () => {
      const { error, requests } = await fail({ time: { firstToken: 40 } }, deadSilence)
      assert.deepEqual([error.code, requests], ['timeout', 1])
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })

    it('by nothing but pings ends in time', async () => {
      const { error } = await fail({ time: { firstToken: 60 } }, stall([], { everyMs: 5 }))
      assert.match(error.message, /did not begin in time/)
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })
  })

  describe('in mid-answer', () => {
    const told = async (code: string, scenario: Scenario, changes: Partial<TimeLimits> = {}) => {
      const { said, error, requests } = await fail({ time: changes }, scenario)
      assert.deepEqual([error.code, said, requests], [code, ['Well', ','], 1])
      return error
    }

    it('is told and never repeated, since something was said', async () => {
      await told('overloaded', errorEvent('overloaded_error', ['Well', ',']))
    })

    it('is told apart by the kind of the error event', async () => {
      const kinds = {
        api_error: 'overloaded',
        rate_limit_error: 'rate_limited',
        invalid_request_error: 'rejected',
      }
      for (const [type, code] of Object.entries({ ...kinds, brand_new_error: 'broken_stream' })) {
        const { error } = await fail({}, errorEvent(type, ['Well']))
        assert.equal(error.code, code, type)
      }
    })

    it('may be a connection that is cut', async () => {
      await told('broken_stream', disconnect(['Well', ',']))
    })

    it('may be a stream that ends before the answer does', async () => {
      assert.match((await told('broken_stream', endTooEarly(['Well', ',']))).message, /ended before/)
    })

    it('may be an event that nobody can read', async () => {
      const { error } = await fail({}, async (reply) => {
        await reply.begin()
        await reply.text(['Well'])
        await reply.bytes('data: {"type": "content_block\n\n')
      })
      assert.deepEqual(
        [error.code, error.message],
        ['broken_stream', 'An event of the stream cannot be read'],
      )
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })

    it('may be silence', async () => {
      const error = await told('timeout', stall(['Well', ',']), { silence: 40 })
      assert.match(error.message, /fell silent/)
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })

    it('may be a model that thinks for ever: pings keep the connection alive, not the answer', async () => {
      const error = await told('timeout', stall(['Well', ','], { everyMs: 5 }), {
        silence: 1_000,
        wordless: 80,
      })
      assert.match(error.message, /without a word/)
    })

    it('may be an answer without end', async () => {
      const { error } = await fail({ stream: 20_000 }, hugeOutput('word '.repeat(20), 10_000))
      assert.deepEqual([error.code, error.retryable], ['broken_stream', false])
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })

    it('may be an answer that takes too long, however well it goes on', async () => {
      const { error } = await fail({ time: { answer: 400 } }, drip(Array<string>(10_000).fill('.'), 5))
      assert.match(error.message, /took too long/)
      assert.deepEqual(await vendor.requests.all.at(-1)!.over, { brokenOff: true })
    })
  })

  describe('by the caller', () => {
    it('before the request is sent sends nothing', async () => {
      const reason = new Error('enough')
      const { error } = await askClaude(claudeAt(vendor.url), {}, AbortSignal.abort(reason))
      assert.equal(error, reason)
      assert.equal(vendor.requests.all.length, 0)
    })

    it('before the first word ends the request at once', async () => {
      const stop = new AbortController()
      vendor.play(deadSilence)
      const asked = askClaude(claudeAt(vendor.url), {}, stop.signal)
      const { over } = await vendor.requests.take()
      stop.abort(new Error('enough'))
      assert.match(String((await asked).error), /enough/)
      assert.deepEqual(await over, { brokenOff: true })
    })

    it('in the middle says nothing more, not even what has come already, and ends the request', async () => {
      const stop = new AbortController()
      const said: string[] = []
      const both = (reply: Parameters<Scenario>[0]) => {
        const delta = (text: string) =>
          `data: ${JSON.stringify({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })}\n\n`
        return reply.bytes(delta('one') + delta('two'))
      }
      vendor.play(async (reply) => {
        await reply.begin()
        await reply.blockStart({ type: 'text', text: '' })
        await both(reply)
      })
      const say = (text: string) => {
        said.push(text)
        stop.abort(Symbol('joined'))
      }
      const asked = claudeAt(vendor.url).ask(questionWith({}), say, stop.signal)
      await assert.rejects(asked, (reason: unknown) => reason === stop.signal.reason)
      assert.deepEqual(said, ['one'])
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })

    it('while a repetition waits ends at once', async () => {
      const stop = new AbortController()
      vendor.play(failure(429, 'rate_limit_error', 'Slowly', { 'retry-after-ms': '900' }))
      const asked = askClaude(claudeAt(vendor.url), {}, stop.signal)
      const { over } = await vendor.requests.take()
      await over
      stop.abort(new Error('enough'))
      assert.match(String((await asked).error), /enough/)
      assert.equal(vendor.requests.all.length, 1)
    })

    it('that throws what is no failure of the vendor is passed on as it is, once', async () => {
      const bug = new TypeError('a bug')
      const asked = claudeAt(vendor.url).ask(
        questionWith({}),
        () => {
          throw bug
        },
        new AbortController().signal,
      )
      await assert.rejects(asked, (error: unknown) => error === bug)
      assert.equal(vendor.requests.all.length, 1)
      assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
    })
  })
})
