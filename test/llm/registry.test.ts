import assert from 'node:assert/strict'
import { chooseProvider } from '../../server/llm/registry.ts'

describe('choosing a provider', () => {
  const parts = { searchKnowledge: () => Promise.resolve([]) }

  it('takes offline by itself where no model is configured, and says why', () => {
    const { provider, reason } = chooseProvider({ provider: 'auto', model: null }, parts)
    assert.deepEqual([provider.name, provider.defaultModel], ['offline', 'passages'])
    assert.match(reason, /No model is configured/)
  })

  it('takes the one that is named', () => {
    const { provider, reason } = chooseProvider({ provider: 'offline', model: null }, parts)
    assert.equal(provider.name, 'offline')
    assert.match(reason, /LLM_PROVIDER is offline/)
  })

  it('hands the search over to who needs it', async () => {
    let searched = false
    const searchKnowledge = () => {
      searched = true
      return Promise.resolve([])
    }
    const { provider } = chooseProvider({ provider: 'auto', model: null }, { searchKnowledge })
    const stop = new AbortController()
    const messages = [{ role: 'user' as const, text: 'hello' }]
    const asked = provider.ask(
      { client_id: 'client', system: '', messages, tools: [] },
      () => {
        stop.abort(new Error('enough'))
      },
      stop.signal,
    )
    await assert.rejects(asked, /enough/)
    assert.equal(searched, true)
  })
})
