import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as sdk from 'ollama'
import { OllamaClient } from '../../../server/llm/ollama/client.ts'
import { findOllama } from '../../../server/llm/ollama/index.ts'
import { ProviderError, type ToolDefinition } from '../../../server/llm/provider.ts'
import { askOne } from '../../support/vendors/asking.ts'
import { OllamaStandIn } from '../../support/vendors/ollama.ts'
import type { Telling } from '../../support/vendors/ollama-models.ts'
import { ollamaAt } from '../../support/vendors/ollama-provider.ts'

const HOURS: ToolDefinition = { name: 'opening_hours', description: 'Tells.', parameters: {} }

describe('the models of an Ollama', () => {
  let vendor: OllamaStandIn
  beforeEach(async () => {
    vendor = await OllamaStandIn.start()
  })
  afterEach(() => vendor.close())

  const ask = (provider = ollamaAt(vendor.url), model?: string) =>
    askOne(provider, { tools: [HOURS], ...(model === undefined ? {} : { model }) })
  const asked = () => vendor.requests.all.map(({ body }) => body.model)

  it('are found, those with functions first, without those that cannot chat or run elsewhere', async () => {
    const tellings: Telling[] = ['list', 'description', 'template']
    for (const telling of tellings) {
      vendor.telling = telling
      const found = await findOllama(vendor.url, 10_000)
      const models = ['qwen3:8b', 'gpt-oss:20b', 'gemma3:4b', 'tinyllama:latest']
      // Where no server tells it, an embedding model looks like any other.
      const rest = telling === 'template' ? ['nomic-embed-text:latest', ...models.slice(2)] : models.slice(2)
      assert.deepEqual(found, { models: [...models.slice(0, 2), ...rest] }, telling)
    }
  })

  it('may be none', async () => {
    vendor.models.clear()
    assert.deepEqual(await findOllama(vendor.url, 10_000), { models: [] })
  })

  it('are found at a host as Ollama itself takes it', async () => {
    const { host } = new URL(vendor.url)
    assert.equal((await findOllama(host, 10_000))?.models.length, 4)
    assert.equal((await findOllama(`${vendor.url}/`, 10_000))?.models.length, 4)
  })

  it('are not found where nobody answers, or not in time, or somebody else does', async () => {
    vendor.mute = 'everything'
    const begun = performance.now()
    assert.equal(await findOllama(vendor.url, 50), null)
    assert.ok(performance.now() - begun < 8_000)
    vendor.speak()
    assert.equal(await findOllama(`${vendor.url}/elsewhere`, 10_000), null)
    const { url } = vendor
    await vendor.close()
    assert.equal(await findOllama(url, 10_000), null)
    vendor = await OllamaStandIn.start()
  })

  it('are found over connections that are closed then', async () => {
    const server = createServer((_request, response) => response.end('{"models":[]}'))
    server.keepAliveTimeout = 0
    const closed: Promise<unknown>[] = []
    server.on('connection', (socket) => closed.push(once(socket, 'close')))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    assert.deepEqual(await findOllama(`http://127.0.0.1:${port}`, 10_000), { models: [] })
    const found = performance.now()
    await Promise.all(closed)
    assert.equal(closed.length, 1)
    assert.ok(performance.now() - found < 3_500)
    server.close()
  })

  it('are all told although one does not describe itself in time', async () => {
    vendor.telling = 'description'
    vendor.mute = 'gpt-oss:20b'
    const found = await findOllama(vendor.url, 1_000)
    assert.deepEqual(found?.models, ['qwen3:8b', 'gemma3:4b', 'gpt-oss:20b', 'tinyllama:latest'])
  })

  it('are each asked what they can once, by however many at the same time', async () => {
    const provider = ollamaAt(vendor.url)
    await Promise.all(Array.from({ length: 5 }, () => ask(provider)))
    await ask(provider, 'gpt-oss:20b')
    await ask(provider)
    assert.deepEqual(vendor.looks.all, ['qwen3:8b', 'gpt-oss:20b'])
  })

  it('are asked again what they can after a request was refused: one may be another by now', async () => {
    const provider = ollamaAt(vendor.url)
    await ask(provider)
    vendor.models.set('qwen3:8b', vendor.models.get('gemma3:4b')!)
    assert.match(String((await ask(provider)).error), /400 .* does not support tools/)
    assert.equal((await ask(provider)).answer?.text, 'Hello there!')
    assert.equal(vendor.requests.all.at(-1)?.body.tools, undefined)
  })

  it('are known to all who wait, also when the one who asked has left', async () => {
    vendor.mute = 'everything'
    const provider = ollamaAt(vendor.url)
    const stop = new AbortController()
    const left = askOne(provider, {}, stop.signal)
    const stays = askOne(provider)
    await vendor.looks.take()
    stop.abort(new Error('enough'))
    assert.match(String((await left).error), /enough/)
    vendor.speak()
    assert.equal((await stays).answer?.text, 'Hello there!')
    assert.deepEqual([vendor.looks.all, vendor.requests.all.length], [['qwen3:8b'], 1])
  })

  it('that do not say in time what they can are a timeout, and are asked anew', async () => {
    vendor.mute = 'everything'
    const provider = ollamaAt(vendor.url, { look: 30 })
    const { error } = await ask(provider)
    assert.ok(error instanceof ProviderError)
    assert.deepEqual([error.code, /did not say in time/.test(error.message)], ['timeout', true])
    vendor.speak()
    assert.equal((await ask(provider)).answer?.text, 'Hello there!')
  })

  it('say no more of themselves than can be kept', async () => {
    vendor.models.set('qwen3:8b', { ...vendor.models.get('qwen3:8b')!, license: 'x'.repeat(5_000_000) })
    const { error } = await ask()
    assert.ok(error instanceof ProviderError)
    assert.deepEqual([error.code, error.retryable, vendor.looks.all.length], ['broken_stream', false, 1])
  })

  it('have one that answers when nobody names one, known once it was needed', async () => {
    const provider = ollamaAt(vendor.url, { model: null })
    assert.deepEqual([provider.defaultModel, provider.smallModel], ['auto', 'auto'])
    await ask(provider, provider.defaultModel)
    assert.deepEqual([provider.defaultModel, provider.smallModel], ['qwen3:8b', 'qwen3:8b'])
    await ask(provider, 'auto')
    await ask(provider)
    await ask(provider, 'tinyllama')
    assert.deepEqual(asked(), ['qwen3:8b', 'qwen3:8b', 'qwen3:8b', 'tinyllama'])
    assert.deepEqual(vendor.looks.all, ['tags', 'qwen3:8b', 'tinyllama'])
    vendor.models.delete('qwen3:8b')
    assert.match(String((await ask(provider)).error), /ollama pull qwen3:8b/)
    assert.equal((await ask(provider)).answer?.text, 'Hello there!')
    assert.equal(provider.defaultModel, 'gpt-oss:20b')
  })

  it('have the one that answers which the operator names', () => {
    const named = ollamaAt(vendor.url, { model: 'gemma3:4b' })
    assert.deepEqual([named.defaultModel, named.smallModel], ['gemma3:4b', 'gemma3:4b'])
  })

  it('say which command mends it where there is none, or not the one that is wanted', async () => {
    const missing = (await ask(undefined, 'llama9')).error
    assert.ok(missing instanceof ProviderError)
    assert.deepEqual(
      [missing.code, missing.message],
      ['rejected', "404 model 'llama9' not found (ollama pull llama9)"],
    )
    const provider = ollamaAt(vendor.url)
    await ask(provider)
    vendor.models.clear()
    assert.match(String((await ask(provider)).error), /\(ollama pull qwen3:8b\)/)
    const none = (await ask(ollamaAt(vendor.url, { model: null }))).error
    assert.ok(none instanceof ProviderError)
    assert.deepEqual([none.code, none.message], ['rejected', 'No model is installed (ollama pull <model>)'])
  })

  it('that cannot chat are refused in the words of the server', async () => {
    const { error } = await ask(undefined, 'nomic-embed-text')
    assert.match(String(error), /400 "nomic-embed-text" does not support chat/)
  })

  it('are asked without a key that happens to stand in the environment', async () => {
    const keys: (string | null)[] = []
    const client = new OllamaClient(sdk, 'https://ollama.com', (_input, init) => {
      keys.push(new Headers(init?.headers).get('authorization'))
      return Promise.resolve(new Response('{}', { status: 500 }))
    })
    process.env['OLLAMA_API_KEY'] = 'a-key-of-somebody'
    try {
      await assert.rejects(client.list(new AbortController().signal), ProviderError)
    } finally {
      delete process.env['OLLAMA_API_KEY']
    }
    assert.deepEqual(keys, [null])
  })
})
