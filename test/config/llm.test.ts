import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLlm } from '../../server/config/llm.ts'
import { Variables } from '../../server/config/variables.ts'

describe('The configuration of models', () => {
  it('needs nothing: whoever suits answers, and the knowledge stands in', () => {
    const { llm, faults } = read({})
    assert.deepEqual(faults, [])
    assert.deepEqual(llm, {
      provider: 'auto',
      model: null,
      fallbacks: [{ provider: 'offline', model: null }],
      summaryModel: null,
      prices: new Map(),
      anthropic: { apiKey: null, baseUrl: 'https://api.anthropic.com' },
      openai: { apiKey: null, baseUrl: 'https://api.openai.com/v1', api: 'responses' },
      ollama: { host: 'http://127.0.0.1:11434', named: false },
    })
  })

  it('takes Claude with its key, its model and its address', () => {
    const { llm, faults } = read({
      LLM_PROVIDER: 'claude',
      LLM_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-1',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080/anthropic/',
    })
    assert.deepEqual(faults, [])
    assert.deepEqual([llm.provider, llm.model], ['claude', 'claude-sonnet-5-5'])
    assert.deepEqual(llm.anthropic, { apiKey: 'sk-ant-1', baseUrl: 'http://127.0.0.1:8080/anthropic' })
  })

  it('speaks the older API to servers that imitate OpenAI, unless it is told otherwise', () => {
    const api = (env: Record<string, string>) => read({ OPENAI_API_KEY: 'sk-1', ...env }).llm.openai.api
    for (const url of ['https://api.openai.com/v1', 'https://eu.api.openai.com/v1/'])
      assert.equal(api({ OPENAI_BASE_URL: url }), 'responses', url)
    for (const url of [
      'http://127.0.0.1:8000/v1',
      'https://api.openai.com.example/v1',
      'https://notapi.openai.community/v1',
    ])
      assert.equal(api({ OPENAI_BASE_URL: url }), 'chat', url)
    assert.equal(api({ OPENAI_BASE_URL: 'http://127.0.0.1:4000', OPENAI_API: 'responses' }), 'responses')
    assert.equal(api({ OPENAI_API: 'chat' }), 'chat')
  })

  it('takes Ollama’s host as Ollama’s own tools take it', () => {
    for (const host of ['gpu-box:11434', '192.0.2.7', 'https://ollama.example/api', '[::1]:11434']) {
      const { llm, faults } = read({ OLLAMA_HOST: host })
      assert.deepEqual([faults, llm.ollama], [[], { host, named: true }], host)
    }
    for (const host of ['ftp://x', 'http://me:hunter2@x', 'two words', 'http://x?y']) {
      assert.deepEqual(
        read({ OLLAMA_HOST: host }).faults.map(({ variable }) => variable),
        ['OLLAMA_HOST'],
        host,
      )
    }
  })

  it('takes fallbacks in their order, and models whose names hold colons', () => {
    const { llm, faults } = read({
      ANTHROPIC_API_KEY: 'sk-ant-1',
      OPENAI_API_KEY: 'sk-1',
      LLM_FALLBACKS: 'claude:claude-sonnet-5-5, ollama:qwen3:8b,openai , offline',
      LLM_SUMMARY_MODEL: 'ollama:gemma3:4b',
    })
    assert.deepEqual(faults, [])
    assert.deepEqual(llm.fallbacks, [
      { provider: 'claude', model: 'claude-sonnet-5-5' },
      { provider: 'ollama', model: 'qwen3:8b' },
      { provider: 'openai', model: null },
      { provider: 'offline', model: null },
    ])
    assert.deepEqual(llm.summaryModel, { provider: 'ollama', model: 'gemma3:4b' })
    assert.deepEqual(read({ LLM_FALLBACKS: 'none' }).llm.fallbacks, [])
  })

  it('refuses fallbacks that it does not understand', () => {
    for (const list of [
      'gemini',
      'claude:',
      'offline:passages',
      'claude,,openai',
      'claude;openai',
      Array(9).fill('ollama').join(),
    ]) {
      const { faults } = read({ LLM_FALLBACKS: list, ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k' })
      assert.deepEqual(
        faults.map(({ variable }) => variable),
        ['LLM_FALLBACKS'],
        list,
      )
    }
    assert.equal(read({ LLM_SUMMARY_MODEL: 'none' }).faults.length, 1)
  })

  it('wants the key of whoever is named, and says where', () => {
    const missing = (env: Record<string, string>) =>
      read(env).faults.map(({ variable, expected }) => `${variable}: ${expected}`)
    assert.deepEqual(missing({ LLM_PROVIDER: 'claude' }), [
      'ANTHROPIC_API_KEY: a key of Anthropic, since LLM_PROVIDER is claude',
    ])
    assert.deepEqual(missing({ LLM_PROVIDER: 'openai', LLM_FALLBACKS: 'claude' }), [
      'ANTHROPIC_API_KEY: a key of Anthropic, since LLM_FALLBACKS names claude',
      'OPENAI_API_KEY: a key of OpenAI, since LLM_PROVIDER is openai',
    ])
    assert.deepEqual(missing({ LLM_SUMMARY_MODEL: 'openai:gpt-6-luna' }), [
      'OPENAI_API_KEY: a key of OpenAI, since LLM_SUMMARY_MODEL names openai',
    ])
    assert.deepEqual(missing({ LLM_PROVIDER: 'openai', OPENAI_BASE_URL: 'http://127.0.0.1:8000/v1' }), [])
    assert.deepEqual(missing({ LLM_PROVIDER: 'ollama' }), [])
  })

  it('refuses keys that cannot stand in a header, without showing them', () => {
    for (const variable of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY']) {
      for (const key of ['hunter2 hunter2', 'hunter2\nx: y', 'hünter2', 'hunter2'.repeat(80)]) {
        const { faults } = read({ [variable]: key })
        assert.deepEqual(
          faults.map((fault) => fault.variable),
          [variable],
        )
        assert.ok(!JSON.stringify(faults).includes('unter2'))
      }
    }
  })

  it('refuses addresses that are no plain http', () => {
    for (const variable of ['ANTHROPIC_BASE_URL', 'OPENAI_BASE_URL']) {
      for (const url of [
        'api.vendor.com',
        'ftp://x',
        'https://user:hunter2@x',
        'https://x?a=b',
        'https://x#a',
      ]) {
        const { faults } = read({ [variable]: url })
        assert.deepEqual([faults.length, faults[0]?.variable], [1, variable], url)
        assert.ok(!JSON.stringify(faults).includes('hunter2'))
      }
    }
  })

  it('tells all faults at once', () => {
    const { faults } = read({
      LLM_PROVIDER: 'gemini',
      LLM_MODEL: 'a b',
      LLM_FALLBACKS: 'x',
      OPENAI_API: 'soap',
      OLLAMA_HOST: '//',
    })
    assert.deepEqual(
      faults.map(({ variable }) => variable),
      ['LLM_PROVIDER', 'LLM_MODEL', 'LLM_FALLBACKS', 'OPENAI_API', 'OLLAMA_HOST'],
    )
  })
})

describe('A file of prices', () => {
  let folder: string
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'parlor-prices-'))))
  after(() => rm(folder, { recursive: true }))

  const readFile = async (content: unknown) => {
    const path = join(folder, 'prices.json')
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    const { llm, faults } = read({ LLM_PRICES: path })
    return { prices: llm.prices, faults: faults.map(({ variable, problem }) => `${variable} ${problem}`) }
  }

  it('names what models cost, with a higher price for long requests where there is one', async () => {
    const { prices, faults } = await readFile({
      'my-model': { input: 0.4, output: 1.6 },
      'gpt-6-luna': {
        input: 1,
        output: 2,
        cache_read: 0.1,
        cache_write: 1.5,
        above: { tokens: 1_000, input: 3, output: 4, cache_read: 0 },
      },
    })
    assert.deepEqual(faults, [])
    assert.deepEqual(
      [...prices],
      [
        ['my-model', { input: 0.4, output: 1.6, cacheRead: 0.4, cacheWrite: 0.4 }],
        [
          'gpt-6-luna',
          {
            ...{ input: 1, output: 2, cacheRead: 0.1, cacheWrite: 1.5 },
            long: { above: 1_000, input: 3, output: 4, cacheRead: 0, cacheWrite: 3 },
          },
        ],
      ],
    )
  })

  it('is told every fault by its path', async () => {
    const { prices, faults } = await readFile({
      fine: { input: 1, output: 1 },
      'a/b': { input: '1', output: -1, per: 'token' },
      empty: {},
      list: [1, 2],
      long: { input: 1, output: 1, above: { tokens: 0.5, input: 1, output: 20_000 } },
    })
    assert.deepEqual(faults, [
      'LLM_PRICES has "token" at /a~1b/per',
      'LLM_PRICES has "1" at /a~1b/input',
      'LLM_PRICES has -1 at /a~1b/output',
      'LLM_PRICES has nothing at /empty/input',
      'LLM_PRICES has nothing at /empty/output',
      'LLM_PRICES has [1,2] at /list',
      'LLM_PRICES has 0.5 at /long/above/tokens',
      'LLM_PRICES has 20000 at /long/above/output',
    ])
    assert.deepEqual([...prices.keys()], ['fine'])
  })

  it('that is none is one fault', async () => {
    assert.deepEqual((await readFile('{"a": ')).faults, ['LLM_PRICES names a file that is no JSON'])
    assert.deepEqual((await readFile([])).faults, ['LLM_PRICES names a file that is no JSON object'])
    const { faults } = read({ LLM_PRICES: join(folder, 'nowhere.json') })
    assert.deepEqual(
      faults.map(({ problem }) => problem),
      ['names a file that cannot be read (ENOENT)'],
    )
  })
})

function read(env: Record<string, string>) {
  const variables = new Variables(env)
  return { llm: readLlm(variables), faults: variables.faults }
}
