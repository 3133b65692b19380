import assert from 'node:assert/strict'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { keptOf } from '../support/heart.ts'
import { createLogLines, type LogLines } from '../support/log-lines.ts'
import { AnthropicStandIn, GOOD_KEY } from '../support/vendors/anthropic.ts'
import { OllamaStandIn } from '../support/vendors/ollama.ts'
import { OPENAI_KEY, OpenAiStandIn } from '../support/vendors/openai.ts'
import { words } from '../support/vendors/scenarios.ts'
import { Visitor } from '../support/visitor.ts'

describe('A server with LLM_PROVIDER=auto', () => {
  let place: TestDatabase
  let claude: AnthropicStandIn
  let openai: OpenAiStandIn
  let ollama: OllamaStandIn
  let app: TestApp
  let log: LogLines
  let tab: Visitor

  before(async () => {
    place = await openTestDatabase()
    claude = await AnthropicStandIn.start()
    openai = await OpenAiStandIn.start()
    ollama = await OllamaStandIn.start()
    claude.otherwise = words(['Claude says.'])
    openai.otherwise = words(['OpenAI says.'])
    ollama.otherwise = words(['Ollama says.'])
  })
  after(async () => {
    for (const vendor of [claude, openai, ollama]) await vendor.close()
    await place.close()
  })
  afterEach(async () => {
    tab.close()
    await app.stop()
    await place.database.sequelize.query('UPDATE clients SET provider = NULL, model = NULL')
  })

  /** Starts it, asks one question, and gives the answer with the turn as it is kept. */
  async function answer(env: Record<string, string>, question = 'How long does shipping take?') {
    log = createLogLines()
    app = await startApp({ place, env: { LLM_PROVIDER: 'auto', ...env }, log: log.logger })
    tab = new Visitor(app.url)
    const { session_id } = await tab.ready()
    await tab.send('m1', question)
    const [{ message }] = await tab.next('reply:end')
    const [turn] = await keptOf<Record<string, unknown>>(
      place.database,
      { id: session_id },
      'turns',
      'number',
    )
    const { provider, model, fallbacks, reason } = await log.next('provider chosen')
    return { message, turn, chosen: { provider, model, fallbacks }, reason }
  }
  const withClaude = () => ({ ANTHROPIC_API_KEY: GOOD_KEY, ANTHROPIC_BASE_URL: claude.url })
  const withOpenAi = () => ({ OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: `${openai.url}/v1` })
  const withOllama = () => ({ OLLAMA_HOST: ollama.url })
  const metrics = async () => (await fetch(`${app.url}/metrics`)).text()

  it('and a key of Anthropic answers with Claude, and says so', async () => {
    const { message, chosen, turn } = await answer({ ...withClaude(), ...withOpenAi(), ...withOllama() })
    assert.equal(message.content, 'Claude says.')
    assert.deepEqual(chosen, { provider: 'claude', model: 'claude-haiku-5-5', fallbacks: ['offline'] })
    assert.ok(Number(turn?.['cost']) > 0)
    assert.equal(ollama.requests.all.length, 0)
    assert.match(
      await metrics(),
      /gen_ai_client_token_usage_sum\{[^}]*"anthropic"[^}]*token_type="input"\} [1-9]/,
    )
  })

  it('and a key of OpenAI answers with OpenAI', async () => {
    const { message, chosen } = await answer({ ...withOpenAi(), ...withOllama() })
    assert.deepEqual([message.content, chosen.provider], ['OpenAI says.', 'openai'])
  })

  it('and an Ollama answers with its model, for nothing', async () => {
    const { message, chosen, turn, reason } = await answer(withOllama())
    assert.deepEqual([message.content, chosen.provider], ['Ollama says.', 'ollama'])
    assert.match(String(reason), /an Ollama answers at/)
    assert.deepEqual([turn?.['model'], Number(turn?.['cost'])], [chosen.model, 0])
    assert.ok(Number(turn?.['tokens_input']) > 0)
  })

  it('and nothing answers from the knowledge', async () => {
    const { message, chosen } = await answer({})
    assert.deepEqual(chosen, { provider: 'offline', model: 'passages', fallbacks: [] })
    assert.match(message.content, /3 to 5 business days[^]*No AI model is configured here yet/)
  })

  it('and a key that is refused answers from the knowledge, says why in the log, and counts it', async () => {
    const { message, turn } = await answer({ ...withClaude(), ANTHROPIC_API_KEY: 'sk-ant-wrong-key' })
    assert.equal(message.status, 'complete')
    assert.match(message.content, /3 to 5 business days[^]*Our assistant cannot be reached just now/)
    assert.deepEqual([turn?.['provider'], turn?.['error']], ['offline', null])
    const { code, next } = await log.next('asking the next model')
    assert.deepEqual([code, next], ['rejected', 'offline passages'])
    assert.ok(!JSON.stringify(log.all).includes('wrong-key'))
    const counted = await metrics()
    assert.match(counted, /parlor_model_fallbacks_total\{provider="claude",[^}]*error_type="rejected"\} 1/)
    assert.match(counted, /parlor_model_breaker_state\{provider="claude",model="claude-haiku-5-5"\} 0/)
  })

  it('asks whom a client wishes, where that one is configured', async () => {
    await place.database.sequelize.query(`UPDATE clients SET provider = 'openai', model = 'gpt-6-sol'`)
    const { message, chosen, turn } = await answer({ ...withClaude(), ...withOpenAi() })
    assert.deepEqual([message.content, chosen.provider], ['OpenAI says.', 'claude'])
    assert.deepEqual([turn?.['provider'], turn?.['model']], ['openai', 'gpt-6-sol'])
  })

  it('answers as it is set up where a client wishes one that is not configured', async () => {
    await place.database.sequelize.query(`UPDATE clients SET provider = 'openai', model = 'gpt-6-sol'`)
    const { message, turn } = await answer(withClaude())
    assert.deepEqual([message.content, turn?.['model']], ['Claude says.', 'claude-haiku-5-5'])
    assert.equal((await log.next('a client wants a provider that is not configured'))['provider'], 'openai')
  })
})
