import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { askOne } from '../../support/vendors/asking.ts'
import { onChat, onResponses, openAiAt, OpenAiStandIn } from '../../support/vendors/openai.ts'

const LIMITS = { firstToken: 5_000, wordless: 300 }
const EVERY_MS = 10

/** Longer than a model may go without a word. */
async function forLong(write: () => Promise<void>): Promise<void> {
  const since = performance.now()
  while (performance.now() - since < 3 * LIMITS.wordless) {
    await write()
    await delay(EVERY_MS)
  }
}

/** A call whose arguments are long in coming. */
const LONG_CALLS = {
  responses: onResponses(async (reply) => {
    await reply.begin()
    await forLong(() => reply.event('response.function_call_arguments.delta', { delta: ' ' }))
    await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":1}'] })
    await reply.end('tools')
  }),
  chat: onChat(async (reply) => {
    await reply.begin()
    await reply.call({ id: 'call_1', name: 'find_order', json: ['{"number":1'] })
    await forLong(() => reply.fragment({ index: 0, function: { arguments: ' ' } }))
    await reply.fragment({ index: 0, function: { arguments: '}' } })
    await reply.end('tools')
  }),
}

describe('A call whose arguments are long in coming', () => {
  for (const api of ['responses', 'chat'] as const) {
    it(`is no silence over ${api}`, async () => {
      const vendor = await OpenAiStandIn.start()
      try {
        vendor.play(LONG_CALLS[api])
        const { answer, error } = await askOne(openAiAt(vendor.url, { api, time: LIMITS }))
        assert.equal(error, undefined)
        assert.deepEqual(answer?.calls, [{ id: 'call_1', name: 'find_order', arguments: { number: 1 } }])
      } finally {
        await vendor.close()
      }
    })
  }
})
