import assert from 'node:assert/strict'
import { readConfig } from '../../server/config/config.ts'
import { examineModels } from '../../server/doctor/models.ts'
import { NO_OLLAMA } from '../support/no-ollama.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { OllamaStandIn } from '../support/vendors/ollama.ts'
import { OPENAI_KEY, OpenAiStandIn } from '../support/vendors/openai.ts'
import { deadSilence, failing } from '../support/vendors/scenarios.ts'

describe('The doctor, asked about models', () => {
  let claude: AnthropicStandIn
  let openai: OpenAiStandIn
  let ollama: OllamaStandIn
  before(async () => {
    claude = await AnthropicStandIn.start()
    openai = await OpenAiStandIn.start()
    ollama = await OllamaStandIn.start()
  })
  after(async () => {
    for (const vendor of [claude, openai, ollama]) await vendor.close()
  })
  beforeEach(() => {
    claude.requests.clear()
    openai.requests.clear()
  })

  async function told(env: Record<string, string>, online = false, patience?: number): Promise<string[]> {
    const { llm } = readConfig(env)
    const found: string[] = []
    for await (const { state, text } of examineModels(llm, online, patience)) found.push(`${state}: ${text}`)
    return found
  }
  const withClaude = (key = GOOD_KEY) => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: claude.url })
  const withOpenAi = () => ({
    OPENAI_API_KEY: OPENAI_KEY,
    OPENAI_BASE_URL: `${openai.url}/v1`,
    OPENAI_API: 'responses',
  })

  it('says who would answer, who after it, and why, and asks nobody', async () => {
    assert.deepEqual(await told(withClaude()), [
      'ok: claude claude-haiku-5-5; then offline passages. ANTHROPIC_API_KEY is set. It was not asked: --online does.',
    ])
    const [none = ''] = await told({ ...withClaude(), LLM_FALLBACKS: 'none' })
    assert.match(none, /^ok: claude claude-haiku-5-5; nobody stands behind it\./)
    const [offline = ''] = await told({ LLM_PROVIDER: 'offline' })
    assert.equal(offline, 'ok: offline passages; nobody stands behind it. LLM_PROVIDER is offline.')
    assert.equal(claude.requests.all.length, 0)
  })

  it('has nobody to ask when nothing is configured', async () => {
    assert.equal((await told({ LLM_PROVIDER: 'offline' }, true)).length, 1)
  })

  it('tells which providers answer only clients that name them', async () => {
    assert.ok(
      (await told({ ...withClaude(), ...withOpenAi() })).includes(
        'ok: openai is configured, and answers only clients that name it.',
      ),
    )
    const fallback = { ...withClaude(), ...withOpenAi(), LLM_FALLBACKS: 'openai' }
    assert.equal((await told(fallback)).length, 1)
  })

  it('asks every model one word when it is told to; only the first one is needed', async () => {
    const env = {
      ...withClaude(),
      ...withOpenAi(),
      LLM_FALLBACKS: 'openai,offline',
      LLM_SUMMARY_MODEL: 'claude:claude-sonnet-5-5',
    }
    openai.play(failing({ status: 401 }))
    const [, ...answers] = await told(env, true)
    assert.match(answers[0] ?? '', /^ok: claude claude-haiku-5-5 answered in \d+ ms\.$/)
    assert.match(
      answers[1] ?? '',
      /^warning: openai gpt-6-luna: .*401.* Check the key, its account and the name of the model\.$/,
    )
    assert.match(answers[2] ?? '', /^ok: claude claude-sonnet-5-5 answered in \d+ ms\.$/)
    assert.deepEqual([answers.length, claude.requests.all.length, openai.requests.all.length], [3, 2, 1])
  })

  it('says what to do about a key that is refused, without showing it', async () => {
    const [, refused = ''] = await told(withClaude('sk-ant-wrong-key'), true)
    assert.match(
      refused,
      /^problem: claude claude-haiku-5-5: .*Check the key, its account and the name of the model\.$/,
    )
    assert.doesNotMatch(refused, /wrong-key/)
  })

  it('says what to do about a limit, a silence, and a vendor that is not there', async () => {
    claude.play(failing({ status: 429, headers: { 'retry-after': '3600' } }))
    assert.match((await told(withClaude(), true))[1] ?? '', /^problem: .*at its limit/)
    claude.play(deadSilence)
    assert.match(
      (await told(withClaude(), true, 300))[1] ?? '',
      /^problem: .*It did not answer within 0\.3 s\./,
    )
    const away = { ...withClaude(), ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' }
    assert.match(
      (await told(away, true))[1] ?? '',
      /^problem: .*Check the network, the firewall and the base URL\.$/,
    )
  })

  it('looks what an Ollama has', async () => {
    const [first = '', has = ''] = await told({ OLLAMA_HOST: ollama.url })
    assert.match(first, /^ok: ollama \S+; then offline passages\. .*an Ollama answers/)
    assert.match(has, /^ok: The Ollama at \S+ has \S+, .+\.$/)
    const lacks = await told({ LLM_PROVIDER: 'ollama', OLLAMA_HOST: ollama.url, LLM_MODEL: 'mixtral:8x7b' })
    assert.ok(
      lacks.some((line) => /^problem: .* has no mixtral:8x7b\. Run ollama pull mixtral:8x7b\.$/.test(line)),
    )
    const behind = await told({
      ...withClaude(),
      OLLAMA_HOST: ollama.url,
      LLM_FALLBACKS: 'ollama:mixtral:8x7b',
    })
    assert.ok(behind.some((line) => /^warning: .* has no mixtral:8x7b\./.test(line)))
  })

  it('says what to do about an Ollama that does not answer, or has no model', async () => {
    const away = await told({ LLM_PROVIDER: 'ollama', OLLAMA_HOST: NO_OLLAMA })
    assert.match(
      away[1] ?? '',
      /^problem: No Ollama answers at .+ Start it \(ollama serve\), or correct OLLAMA_HOST\.$/,
    )
    const behind = await told({ ...withClaude(), OLLAMA_HOST: NO_OLLAMA })
    assert.match(behind[1] ?? '', /^warning: No Ollama answers/)
    const models = [...ollama.models]
    ollama.models.clear()
    const empty = await told({ LLM_PROVIDER: 'ollama', OLLAMA_HOST: ollama.url })
    for (const [name, model] of models) ollama.models.set(name, model)
    assert.match(empty[1] ?? '', /^problem: .*has no model that can chat\. Run ollama pull <model>\.$/)
  })

  it('names models whose price nobody knows', async () => {
    const env = {
      ...withClaude(),
      LLM_MODEL: 'claude-next',
      LLM_FALLBACKS: 'ollama:qwen3:8b,offline',
      OLLAMA_HOST: ollama.url,
    }
    const unknown = (await told(env)).filter((line) => line.includes('price'))
    assert.deepEqual(unknown, [
      'warning: The price of claude-next is not known: its cost counts as 0. Name it in a file, LLM_PRICES.',
    ])
  })
})
