import assert from 'node:assert/strict'
import { readLlm } from '../../server/config/llm.ts'
import { Variables } from '../../server/config/variables.ts'

describe('the configuration of the model', () => {
  it('takes Claude with its key, its model and its address', () => {
    const { llm, faults } = read({
      LLM_PROVIDER: 'claude',
      LLM_MODEL: 'claude-sonnet-5-5',
      ANTHROPIC_API_KEY: 'sk-ant-1',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080/anthropic/',
    })
    assert.deepEqual(faults, [])
    assert.deepEqual(llm, {
      provider: 'claude',
      model: 'claude-sonnet-5-5',
      anthropic: { apiKey: 'sk-ant-1', baseUrl: 'http://127.0.0.1:8080/anthropic' },
    })
  })

  it('wants a key where Claude is named, and says why', () => {
    assert.deepEqual(read({ LLM_PROVIDER: 'claude' }).faults, [
      {
        variable: 'ANTHROPIC_API_KEY',
        problem: 'is not set',
        expected: 'a key of Anthropic, since LLM_PROVIDER is claude',
      },
    ])
  })

  it('refuses a key that cannot stand in a header, without showing it', () => {
    for (const key of ['hunter2 hunter2', 'hunter2\nx: y', 'hünter2', 'hunter2'.repeat(80)]) {
      const { faults } = read({ ANTHROPIC_API_KEY: key })
      assert.deepEqual(
        faults.map(({ variable }) => variable),
        ['ANTHROPIC_API_KEY'],
      )
      assert.ok(!JSON.stringify(faults).includes('h'.concat('unter2')))
    }
  })

  it('refuses addresses that are no plain http', () => {
    for (const url of [
      'api.anthropic.com',
      'ftp://x',
      'https://user:hunter2@x',
      'https://x?a=b',
      'https://x#a',
    ]) {
      const { faults } = read({ ANTHROPIC_BASE_URL: url })
      assert.deepEqual([faults.length, faults[0]?.variable], [1, 'ANTHROPIC_BASE_URL'], url)
      assert.ok(!JSON.stringify(faults).includes('hunter2'))
    }
  })
})

function read(env: Record<string, string>) {
  const variables = new Variables(env)
  return { llm: readLlm(variables), faults: variables.faults }
}
