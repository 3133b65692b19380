import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { ProviderError } from '../../../server/llm/provider.ts'
import { AnthropicStandIn, GOOD_KEY } from '../../support/vendors/anthropic.ts'
import type { AnthropicReply } from '../../support/vendors/anthropic-reply.ts'
import { errorEvent } from '../../support/vendors/anthropic-scenarios.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { claudeAt } from '../../support/vendors/claude.ts'
import { failing, type Scenario } from '../../support/vendors/scenarios.ts'

/** Beside what holds for every provider: test/llm/provider-failures.test.ts. */
describe('a failure that only Claude has', () => {
  let vendor: AnthropicStandIn
  beforeEach(async () => {
    vendor = await AnthropicStandIn.start()
  })
  afterEach(() => vendor.close())

  const fail = async (scenario: Scenario<AnthropicReply>, apiKey?: string) => {
    vendor.play(scenario)
    const { error } = await askOne(claudeAt(vendor.url, apiKey === undefined ? {} : { apiKey }))
    assert.ok(error instanceof ProviderError, String(error))
    return error
  }

  it("is told with the vendor's type of it and the id of the request", async () => {
    const told: [number, string, string][] = [
      [400, 'invalid_request_error', 'rejected'],
      [402, 'billing_error', 'rejected'],
      [413, 'request_too_large', 'rejected'],
      [429, 'rate_limit_error', 'rate_limited'],
      [504, 'timeout_error', 'overloaded'],
      [529, 'overloaded_error', 'overloaded'],
    ]
    for (const [status, type, code] of told) {
      const error = await fail(failing({ status, headers: { 'x-should-retry': 'false' } }))
      assert.equal(error.code, code, String(status))
      assert.match(error.message, new RegExp(`^${status} ${type}.* \\(req_\\d+\\)$`))
    }
  })

  it('for a wrong key is told once, without any key', async () => {
    const error = await fail(() => undefined, 'sk-ant-wrong-key')
    assert.deepEqual([error.code, vendor.requests.all.length], ['rejected', 1])
    assert.ok(!inspect(error).includes('sk-ant-wrong-key'))
  })

  it('is told in the words of the vendor, but for a key in them', async () => {
    const echoed = await fail(failing({ status: 401, message: `bad key ${GOOD_KEY}!` }))
    assert.match(echoed.message, /bad key \.\.\.!/)
  })

  it('in mid-answer is told apart by the kind of the error event', async () => {
    const kinds = {
      api_error: 'overloaded',
      rate_limit_error: 'rate_limited',
      billing_error: 'rejected',
      brand_new_error: 'broken_stream',
    }
    for (const [type, code] of Object.entries(kinds)) {
      assert.equal((await fail(errorEvent(type, ['Well']))).code, code, type)
    }
  })
})
