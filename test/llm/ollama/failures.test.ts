import assert from 'node:assert/strict'
import { OLLAMA_LIMITS } from '../../../server/llm/ollama/index.ts'
import { ProviderError } from '../../../server/llm/provider.ts'
import { TIME_LIMITS } from '../../../server/llm/watch.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt, type OllamaChanges } from '../../support/vendors/ollama-provider.ts'
import type { OllamaReply } from '../../support/vendors/ollama-reply.ts'
import { deadSilence, failing, words, type Scenario } from '../../support/vendors/scenarios.ts'

const CRASH = 'an error was encountered while running the model: "My secret is 1234"'

/** Beside what holds for every provider: test/llm/provider-failures.test.ts. Which model there is: models.test.ts. */
describe('a failure that only Ollama has', () => {
  let vendor: OllamaStandIn
  beforeEach(async () => {
    vendor = await OllamaStandIn.start()
  })
  afterEach(() => vendor.close())

  const fail = async (changes: OllamaChanges, ...scenarios: Scenario<OllamaReply>[]) => {
    vendor.play(...scenarios)
    const { said, error } = await askOne(ollamaAt(vendor.url, changes))
    assert.ok(error instanceof ProviderError, String(error))
    return { said, error, requests: vendor.requests.all.length }
  }
  const crashing =
    (...pieces: string[]): Scenario<OllamaReply> =>
    async (reply) => {
      await reply.begin()
      await reply.ping()
      for (const piece of pieces) await reply.say(piece)
      await reply.breakWith(CRASH)
    }

  it('may be a line of the stream, after some text: it is told, without what the model read or wrote', async () => {
    const { said, error, requests } = await fail({}, crashing('Well', ','))
    assert.deepEqual([said, error.code, requests], [['Well', ','], 'overloaded', 1])
    assert.equal(error.message, 'The model failed: an error was encountered while running the model')
  })

  it('may be a line of the stream before any text: the visitor notices nothing', async () => {
    vendor.play(crashing(), crashing(), words(['Yes']))
    assert.deepEqual((await askOne(ollamaAt(vendor.url))).said, ['Yes'])
  })

  it('is told with what an operator needs: too little memory, too many questions', async () => {
    const reasons: [number, string, string][] = [
      [
        500,
        'model requires more system memory (8.0 GiB) than is available (4.1 GiB)',
        '500 model requires more system memory (8.0 GiB) than is available (4.1 GiB)',
      ],
      [
        503,
        'server busy, please try again.  maximum pending requests exceeded',
        '503 server busy, please try again.  maximum pending requests exceeded',
      ],
      [500, 'template: :3: function "x" not defined', '500 template'],
    ]
    for (const [status, message, told] of reasons) {
      const { error } = await fail({}, ...Array.from({ length: 3 }, () => failing({ status, message })))
      assert.deepEqual([error.code, error.message], ['overloaded', told])
    }
  })

  it('of a strange kind in the stream is told without a reason', async () => {
    const strange: Scenario<OllamaReply> = async (reply) => {
      await reply.say('Well')
      await reply.line({ error: { code: 7 } })
      reply.finish()
    }
    assert.equal((await fail({}, strange)).error.message, 'The model failed')
  })

  it('is not a model that takes minutes to be loaded, to read, or to think', () => {
    const { firstToken, silence, wordless, answer } = OLLAMA_LIMITS.time
    assert.ok(firstToken >= 3 * 60_000 && firstToken > TIME_LIMITS.firstToken)
    assert.ok(silence > TIME_LIMITS.silence && wordless > TIME_LIMITS.wordless)
    assert.ok(answer > firstToken)
  })

  it('is a model that takes even longer, and the connection is closed', async () => {
    const { error, requests } = await fail({ time: { firstToken: 60 } }, deadSilence)
    assert.deepEqual([error.code, requests], ['timeout', 1])
    assert.match(error.message, /did not begin in time/)
    assert.deepEqual(await vendor.requests.all[0]!.over, { brokenOff: true })
  })

  it('is not a model that thinks, and then speaks', async () => {
    vendor.play(async (reply) => {
      await reply.begin()
      for (let thought = 0; thought < 40; thought++) await reply.think('Hm. ')
      await reply.say('Yes')
      await reply.end('end')
    })
    const { answer, error } = await askOne(
      ollamaAt(vendor.url, { time: { firstToken: 2_000, wordless: 5_000 } }),
    )
    assert.deepEqual([answer?.text, error], ['Yes', undefined])
  })

  it('is a model that thinks for ever', async () => {
    const { error } = await fail({ time: { wordless: 80 } }, async (reply) => {
      await reply.begin()
      while (!reply.gone) await reply.think('Hm. ')
    })
    assert.deepEqual([error.code, /without a word/.test(error.message)], ['timeout', true])
  })

  it('is not a model that writes a long call', async () => {
    vendor.play(async (reply) => {
      await reply.begin()
      await reply.say('{"tool": "find_order", "arguments": {"number": "')
      const begun = performance.now()
      while (performance.now() - begun < 150) await reply.say('0')
      await reply.say('"}}')
      await reply.end('end')
    })
    const tools = [{ name: 'find_order', description: 'Finds.', parameters: {} }]
    const { answer, error } = await askOne(ollamaAt(vendor.url, { time: { wordless: 100 } }), { tools })
    assert.deepEqual([error, answer?.calls[0]?.name], [undefined, 'find_order'])
  })

  it('may be what it tells of itself, which cannot be read', async () => {
    const proxy = await OllamaStandIn.start()
    proxy.garbled = true
    const { error } = await askOne(ollamaAt(proxy.url))
    await proxy.close()
    assert.ok(error instanceof ProviderError)
    assert.equal(error.code, 'broken_stream')
  })
})
