import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ProviderError } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { onChat, onResponses, openAiAt, OPENAI_KEY, OpenAiStandIn } from '../../support/vendors/openai.ts'
import { failing, type Scenario } from '../../support/vendors/scenarios.ts'

/** Beside what holds for every provider: test/llm/provider-failures.test.ts. */
for (const api of ['responses', 'chat'] as const) {
  describe(`a failure that only OpenAI has, over ${api}`, () => {
    let vendor: OpenAiStandIn
    beforeEach(async () => {
      vendor = await OpenAiStandIn.start()
    })
    afterEach(() => vendor.close())

    const fail = async (scenario: Scenario, apiKey = OPENAI_KEY) => {
      vendor.play(scenario)
      const { error } = await askOne(openAiAt(vendor.url, { api, apiKey }))
      assert.ok(error instanceof ProviderError, String(error))
      return { error, requests: vendor.requests.all.length }
    }

    it("is told with the vendor's name for it, its words where they help, and the id of the request", async () => {
      const told: [number, RegExp][] = [
        [400, /^400 invalid_request_error Too long \(req_\d+\)$/],
        [404, /^404 model_not_found Too long \(req_\d+\)$/],
        [429, /^429 rate_limit_exceeded \(req_\d+\)$/],
        [503, /^503 server_is_overloaded \(req_\d+\)$/],
      ]
      for (const [status, message] of told) {
        const headers = { 'x-should-retry': 'false' }
        const { error } = await fail(failing({ status, message: 'Too long', headers }))
        assert.match(error.message, message)
      }
    })

    it('for want of credit is final, though it comes as a limit with a time to wait', async () => {
      for (const type of ['insufficient_quota', 'billing_not_active']) {
        const before = vendor.requests.all.length
        const headers = { 'retry-after': '0.01', 'x-should-retry': 'true' }
        const { error, requests } = await fail(failing({ status: 429, type, headers }))
        assert.deepEqual([error.code, error.retryable, requests - before], ['rejected', false, 1])
      }
    })

    it('for a wrong key is told once, without any key', async () => {
      const { error, requests } = await fail(() => undefined, 'sk-proj-wrong-key')
      assert.deepEqual([error.code, requests], ['rejected', 1])
      assert.ok(!inspect(error).includes('wrong-key'))
      assert.match(error.message, /Incorrect API key provided: \.\.\./)
    })

    it('may be told in other forms than the vendor gives it', async () => {
      const forms: [unknown, RegExp][] = [
        [{ error: 'model not loaded' }, /^404 model not loaded/],
        [
          { error: { message: 'No such model', type: 'NotFoundError', code: 404 } },
          /^404 NotFoundError No such model/,
        ],
        [{ error: { message: 7, code: 'a code of many words' } }, /^404 \(req/],
        [{ detail: 'Not Found' }, /^404 \(req/],
      ]
      for (const [body, message] of forms) {
        const { error } = await fail((reply) => {
          reply.json(404, body)
        })
        assert.match(error.message, message)
      }
    })
  })
}

describe('a failure in mid-answer', () => {
  let vendor: OpenAiStandIn
  before(async () => {
    vendor = await OpenAiStandIn.start()
  })
  after(() => vendor.close())

  const failed = async (api: 'responses' | 'chat', scenario: Scenario) => {
    vendor.play(scenario)
    const { error } = await askOne(openAiAt(vendor.url, { api }))
    assert.ok(error instanceof ProviderError, String(error))
    return error
  }

  it('over Responses is told apart by its code, in either form of the event', async () => {
    const codes = {
      server_error: 'overloaded',
      rate_limit_exceeded: 'rate_limited',
      insufficient_quota: 'rejected',
      context_length_exceeded: 'rejected',
      brand_new_error: 'broken_stream',
    }
    for (const [code, fault] of Object.entries(codes)) {
      const plain = onResponses(async (reply) => {
        await reply.begin()
        await reply.say('Well')
        await reply.breakWith(code)
      })
      const nested = onResponses(async (reply) => {
        await reply.begin()
        await reply.say('Well')
        await reply.event('error', { error: { type: 'some_error', code, message: 'Well, boots' } })
      })
      for (const scenario of [plain, nested]) {
        const error = await failed('responses', scenario)
        assert.deepEqual([error.code, error.message], [fault, `${code} in mid-answer`])
      }
    }
  })

  it('over Chat Completions is told apart by its code, its type, or the status in its place', async () => {
    const kinds: [object, string][] = [
      [{ type: 'server_error', code: null }, 'overloaded'],
      [{ type: 'requests', code: 'rate_limit_exceeded' }, 'rate_limited'],
      [{ type: 'BadRequestError', code: 400 }, 'rejected'],
      [{ type: 'InternalServerError', code: '500' }, 'overloaded'],
      [{ type: null, code: '429' }, 'rate_limited'],
      [{}, 'broken_stream'],
    ]
    for (const [kind, fault] of kinds) {
      const scenario = onChat(async (reply) => {
        await reply.begin()
        await reply.say('Well')
        await reply.breakWith(kind)
      })
      assert.equal((await failed('chat', scenario)).code, fault, JSON.stringify(kind))
    }
  })
})
