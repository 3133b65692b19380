import assert from 'node:assert/strict'
import { readLlm } from '../../server/config/llm.ts'
import { Variables } from '../../server/config/variables.ts'
import { chooseProvider } from '../../server/llm/registry.ts'

describe('choosing a provider', () => {
  const parts = { searchKnowledge: () => Promise.resolve([]) }

  it('takes offline by itself where no model is configured, and says why', () => {
    const { provider, reason } = chooseProvider(settings(), parts)
    assert.deepEqual([provider.name, provider.defaultModel], ['offline', 'passages'])
    assert.match(reason, /No model is configured/)
  })

  it('takes the one that is named', () => {
    const { provider, reason } = chooseProvider(
      settings({ LLM_PROVIDER: 'offline', ANTHROPIC_API_KEY: 'key' }),
      parts,
    )
    assert.equal(provider.name, 'offline')
    assert.match(reason, /LLM_PROVIDER is offline/)
  })

  it('takes Claude by itself where there is a key for it, with its fastest model', () => {
    const { provider, reason } = chooseProvider(settings({ ANTHROPIC_API_KEY: 'key' }), parts)
    assert.deepEqual([provider.name, provider.defaultModel], ['claude', 'claude-haiku-5-5'])
    assert.equal(reason, 'ANTHROPIC_API_KEY is set.')
  })

  it('takes the model that is named', () => {
    const named = settings({ ANTHROPIC_API_KEY: 'key', LLM_MODEL: 'claude-sonnet-5-5' })
    assert.equal(chooseProvider(named, parts).provider.defaultModel, 'claude-sonnet-5-5')
  })

  it('hands the search over to who needs it', async () => {
    let searched = false
    const searchKnowledge = () => {
      searched = true
      return Promise.resolve([])
    }
    const { provider } = chooseProvider(settings(), { searchKnowledge })
    const stop = new AbortController()
    const messages = [{ role: 'user' as const, text: 'hello' }]
    const asked = provider.ask(
      { client_id: 'client', system: { stable: '', moment: '' }, messages, tools: [], mayCall: true },
      () => {
        stop.abort(new Error('enough'))
      },
      stop.signal,
    )
    await assert.rejects(asked, /enough/)
    assert.equal(searched, true)
  })
})

function settings(env: Record<string, string> = {}) {
  return readLlm(new Variables(env))
}
