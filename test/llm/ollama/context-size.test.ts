import assert from 'node:assert/strict'
import { ContextSizes } from '../../../server/llm/ollama/context-size.ts'
import type { ModelRequest, Provider } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import { ollamaAt } from '../../support/vendors/ollama-provider.ts'

describe('the context of a model', () => {
  let vendor: OllamaStandIn
  beforeEach(async () => {
    vendor = await OllamaStandIn.start()
  })
  afterEach(() => vendor.close())

  const ask = async (provider: Provider, words: number, request: Partial<ModelRequest> = {}) => {
    const messages = [{ role: 'user' as const, text: 'boots '.repeat(words) }]
    const { error } = await askOne(provider, { messages, ...request })
    assert.equal(error, undefined)
    return vendor.requests.all.at(-1)!.body.options?.num_ctx
  }

  it('grows with what must be read, in few steps, and no further than it may', async () => {
    const sizes = []
    for (const words of [1, 2_000, 3_000, 7_000, 9_000, 18_000, 50_000])
      sizes.push(await ask(ollamaAt(vendor.url), words))
    assert.deepEqual(sizes, [8_192, 8_192, 16_384, 16_384, 32_768, 32_768, 32_768])
  })

  it('holds Hebrew, which takes more tokens', async () => {
    const messages = [{ role: 'user' as const, text: 'מגפיים חומים '.repeat(700) }]
    assert.equal(await ask(ollamaAt(vendor.url), 0, { messages }), 16_384)
  })

  it('stays while the model is loaded: a shorter question does not make it load again', async () => {
    const provider = ollamaAt(vendor.url)
    for (const words of [1, 4_000, 1, 4_000, 1, 1]) await ask(provider, words)
    assert.equal(vendor.loads, 2)
    assert.equal(await ask(provider, 1), 16_384)
    assert.equal(await ask(provider, 1, { model: 'gpt-oss:20b' }), 8_192)
  })

  it('is small again when the model is no longer loaded', () => {
    const needed = (tokens: number) => ({ needed: tokens, wanted: undefined, most: null })
    const sizes = new ContextSizes(0)
    assert.deepEqual([sizes.choose('a', needed(9_000)), sizes.choose('a', needed(10))], [16_384, 8_192])
  })

  it('is what the client wants, which others then share where it is enough', async () => {
    const provider = ollamaAt(vendor.url)
    assert.equal(await ask(provider, 1, { parameters: { context_tokens: 12_000 } }), 12_000)
    assert.equal(await ask(provider, 1), 12_000)
    assert.equal(await ask(provider, 1, { parameters: { context_tokens: 4_000 } }), 4_000)
  })

  it('is never more than the model was made for', async () => {
    const provider = ollamaAt(vendor.url, { model: 'tinyllama' })
    assert.equal(await ask(provider, 4_000), 2_048)
    assert.equal(await ask(provider, 1, { parameters: { context_tokens: 12_000 } }), 2_048)
  })

  it('is remembered of the models that were asked lately, not of all that ever were', () => {
    const sizes = new ContextSizes(60_000)
    const wish = { needed: 9_000, wanted: undefined, most: null }
    for (let model = 0; model < 65; model++) sizes.choose(`model-${model}`, wish)
    const small = { ...wish, needed: 10 }
    assert.deepEqual([sizes.choose('model-0', small), sizes.choose('model-64', small)], [8_192, 16_384])
  })
})
