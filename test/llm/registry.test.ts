import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { readLlm } from '../../server/config/llm.ts'
import { Variables } from '../../server/config/variables.ts'
import { chooseProvider, installationOf } from '../../server/llm/install-models.ts'
import { findOllama } from '../../server/llm/ollama/index.ts'
import { NO_OLLAMA } from '../support/no-ollama.ts'
import { OllamaStandIn } from '../support/vendors/ollama.ts'

const ALONE = { standsIn: false, hasty: false }

async function choose(
  env: Record<string, string> = {},
  always: Record<string, string> = { OLLAMA_HOST: NO_OLLAMA },
) {
  const variables = new Variables({ ...always, ...env })
  const settings = readLlm(variables)
  assert.deepEqual(variables.faults, [])
  const chosen = await chooseProvider(settings)
  const installation = installationOf(settings, chosen, { searchKnowledge: () => Promise.resolve([]) })
  return { ...chosen, installation, answers: installation.defaultModel(chosen.provider) }
}

describe('Choosing a provider by itself', () => {
  it('takes Claude where there is a key for it, with its fastest model', async () => {
    const { provider, answers, reason } = await choose({ ANTHROPIC_API_KEY: 'key', OPENAI_API_KEY: 'key' })
    assert.deepEqual([provider, answers, reason], ['claude', 'claude-haiku-5-5', 'ANTHROPIC_API_KEY is set.'])
  })

  it('takes OpenAI where there is a key for it alone', async () => {
    const { provider, answers, reason } = await choose({ OPENAI_API_KEY: 'key' })
    assert.deepEqual([provider, answers], ['openai', 'gpt-6-luna'])
    assert.equal(reason, 'ANTHROPIC_API_KEY is not set. OPENAI_API_KEY is set.')
  })

  it('takes a server that speaks as OpenAI does where one is named, also without a key', async () => {
    const { provider, reason } = await choose({
      OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1',
      LLM_MODEL: 'llama-4',
    })
    assert.deepEqual([provider, reason], ['openai', 'ANTHROPIC_API_KEY is not set. OPENAI_BASE_URL is set.'])
  })

  it('falls back on offline where there is nothing, and says what it looked for', async () => {
    const { provider, answers, reason } = await choose()
    assert.deepEqual([provider, answers], ['offline', 'passages'])
    assert.match(
      reason,
      /^ANTHROPIC_API_KEY is not set\. OPENAI_API_KEY is not set\. No Ollama answers at .+:9\. No model/,
    )
  })

  it('takes the model that is named', async () => {
    assert.equal(
      (await choose({ ANTHROPIC_API_KEY: 'key', LLM_MODEL: 'claude-sonnet-5-5' })).answers,
      'claude-sonnet-5-5',
    )
  })

  describe('beside an Ollama', () => {
    let ollama: OllamaStandIn
    before(async () => (ollama = await OllamaStandIn.start()))
    after(() => ollama.close())
    const chatting = async () => (await findOllama(ollama.url, 1_000))?.models ?? []

    it('takes it, with the best model that it has', async () => {
      const { provider, answers, reason } = await choose({ OLLAMA_HOST: ollama.url })
      assert.equal(provider, 'ollama')
      assert.equal(answers, (await chatting())[0])
      assert.ok(reason.endsWith(`No key is set, and an Ollama answers at ${ollama.url}.`), reason)
    })

    it('asks it nothing where there is a key', async () => {
      ollama.looks.clear()
      await choose({ OLLAMA_HOST: ollama.url, ANTHROPIC_API_KEY: 'key' })
      await choose({ OLLAMA_HOST: ollama.url, OPENAI_API_KEY: 'key' })
      assert.deepEqual(ollama.looks.all, [])
    })

    it('takes the model that is named where it has it, else says that it has not', async () => {
      for (const name of await chatting()) {
        const named = await choose({ OLLAMA_HOST: ollama.url, LLM_MODEL: name.replace(/:latest$/, '') })
        assert.deepEqual([named.provider, named.answers], ['ollama', name])
      }
      const { provider, reason } = await choose({ OLLAMA_HOST: ollama.url, LLM_MODEL: 'llama-of-tomorrow' })
      assert.equal(provider, 'offline')
      assert.match(reason, /has no llama-of-tomorrow\. No model is configured/)
    })

    it('does not take one that has no model to chat with', async () => {
      const models = [...ollama.models]
      ollama.models.clear()
      const { provider, reason } = await choose({ OLLAMA_HOST: ollama.url })
      for (const [name, model] of models) ollama.models.set(name, model)
      assert.equal(provider, 'offline')
      assert.match(reason, /has no model that can chat \(ollama pull <model>\)/)
    })
  })

  describe('beside something that never answers', () => {
    let silent: Server
    before(async () => {
      silent = createServer(() => undefined).listen(0, '127.0.0.1')
      await once(silent, 'listening')
    })
    after(() => {
      silent.close()
      silent.closeAllConnections()
    })

    it('waits no longer than about a second', async () => {
      const begun = performance.now()
      const OLLAMA_HOST = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
      assert.equal((await choose({ OLLAMA_HOST })).provider, 'offline')
      assert.ok(performance.now() - begun < 8_000)
    })
  })
})

describe('An installation', () => {
  const BOTH = { ANTHROPIC_API_KEY: 'key', OPENAI_API_KEY: 'key' }

  it('is led by the provider that is named', async () => {
    const { provider, reason } = await choose({ LLM_PROVIDER: 'offline', ...BOTH })
    assert.deepEqual([provider, reason], ['offline', 'LLM_PROVIDER is offline.'])
  })

  it('has what it needs for those that are configured or named, and nothing else', async () => {
    const { installation } = await choose({ ANTHROPIC_API_KEY: 'key' }, {})
    const has = (name: string) => installation.provider(name, ALONE) !== null
    assert.deepEqual(['claude', 'offline', 'openai', 'gemini', 'constructor'].map(has), [
      true,
      true,
      false,
      false,
      false,
    ])
    const openai = (await choose(BOTH)).installation
    assert.deepEqual(
      ['openai', 'ollama'].map((name) => openai.provider(name, ALONE)?.name),
      ['openai', 'ollama'],
    )
  })

  it('makes each provider once for each place where it behaves differently', async () => {
    const { installation } = await choose(BOTH)
    const made = (name: string, standsIn: boolean, hasty: boolean) =>
      installation.provider(name, { standsIn, hasty })
    assert.equal(made('claude', false, true), made('claude', true, true))
    assert.notEqual(made('claude', false, true), made('claude', false, false))
    assert.equal(made('offline', true, true), made('offline', true, false))
    assert.notEqual(made('offline', true, false), made('offline', false, false))
  })

  it('uses the named model for its first provider alone', async () => {
    const { installation } = await choose({ ...BOTH, LLM_MODEL: 'claude-sonnet-5-5' })
    assert.deepEqual(
      ['claude', 'openai', 'ollama', 'offline'].map((name) => installation.defaultModel(name)),
      ['claude-sonnet-5-5', 'gpt-6-luna', 'auto', 'passages'],
    )
  })

  it('falls back on the knowledge where nothing else is named, and never on itself', async () => {
    assert.deepEqual((await choose(BOTH)).installation.fallbacks, [{ provider: 'offline' }])
    assert.deepEqual((await choose({ ...BOTH, LLM_FALLBACKS: 'none' })).installation.fallbacks, [])
    assert.deepEqual((await choose()).installation.fallbacks, [])
    const { installation } = await choose({
      ...BOTH,
      LLM_FALLBACKS: 'claude, claude:claude-sonnet-5-5, openai',
    })
    assert.deepEqual(installation.fallbacks, [
      { provider: 'claude', model: 'claude-sonnet-5-5' },
      { provider: 'openai' },
    ])
  })

  it('hands the search over to who needs it', async () => {
    const settings = readLlm(new Variables({ LLM_PROVIDER: 'offline' }))
    const asked: string[] = []
    const installation = installationOf(settings, await chooseProvider(settings), {
      searchKnowledge: ({ text }) => {
        asked.push(text)
        return Promise.resolve([])
      },
    })
    const stop = new AbortController()
    const messages = [{ role: 'user' as const, text: 'hello' }]
    const request = {
      client_id: 'client',
      system: { stable: '', moment: '' },
      messages,
      tools: [],
      mayCall: true,
    }
    const said = installation
      .provider('offline', ALONE)
      ?.ask(request, () => stop.abort(new Error('enough')), stop.signal)
    await assert.rejects(said ?? Promise.resolve(), /enough/)
    assert.deepEqual(asked, ['hello'])
  })
})
