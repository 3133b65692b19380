import assert from 'node:assert/strict'
import { Registry } from 'prom-client'
import type { BreakerReading } from '../../server/llm/breakers.ts'
import type { MeteredCall, ModelMeter } from '../../server/llm/meter.ts'
import { createPrometheusMeter } from '../../server/llm/prometheus-meter.ts'

describe('What Prometheus is told of models', () => {
  let registry: Registry
  let meter: ModelMeter
  beforeEach(() => {
    registry = new Registry()
    meter = createPrometheusMeter(registry)
  })

  const answered = (changes: Partial<MeteredCall> = {}): MeteredCall => {
    const named = { provider: 'claude', model: 'claude-haiku-5-5' }
    const usage = { input: 1_000, output: 50, cached: 0 }
    return {
      ...named,
      fault: null,
      spent: { ...named, usage, cost: 0.25 },
      firstWordMs: 300,
      totalMs: 2_000,
      ...changes,
    }
  }
  /** The lines of a metric without its buckets. */
  const lines = async (name: string) =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith(name) && !line.includes('_bucket'))
  const CALL =
    'gen_ai_operation_name="chat",gen_ai_provider_name="anthropic",gen_ai_request_model="claude-haiku-5-5"'

  it('has tokens by their type, duration, time to the first word, and cost', async () => {
    meter.asked(answered())
    meter.asked(answered({ firstWordMs: 500 }))
    assert.deepEqual(await lines('gen_ai_client_token_usage'), [
      `gen_ai_client_token_usage_sum{${CALL},gen_ai_token_type="input"} 2000`,
      `gen_ai_client_token_usage_count{${CALL},gen_ai_token_type="input"} 2`,
      `gen_ai_client_token_usage_sum{${CALL},gen_ai_token_type="output"} 100`,
      `gen_ai_client_token_usage_count{${CALL},gen_ai_token_type="output"} 2`,
    ])
    assert.deepEqual(await lines('gen_ai_client_operation_duration_seconds'), [
      `gen_ai_client_operation_duration_seconds_sum{${CALL},error_type=""} 4`,
      `gen_ai_client_operation_duration_seconds_count{${CALL},error_type=""} 2`,
    ])
    const [sum] = await lines('gen_ai_client_operation_time_to_first_chunk_seconds')
    assert.equal(sum, `gen_ai_client_operation_time_to_first_chunk_seconds_sum{${CALL}} 0.8`)
    assert.deepEqual(await lines('parlor_model_cost_dollars_total'), [
      'parlor_model_cost_dollars_total{provider="claude",model="claude-haiku-5-5"} 0.5',
    ])
  })

  it('has failures by their code, without tokens where none were spent', async () => {
    meter.asked(answered({ fault: 'overloaded', spent: null, firstWordMs: null }))
    meter.fellBack({ provider: 'claude', model: 'claude-haiku-5-5' }, 'overloaded')
    const [, count] = await lines('gen_ai_client_operation_duration_seconds')
    assert.equal(count, `gen_ai_client_operation_duration_seconds_count{${CALL},error_type="overloaded"} 1`)
    assert.deepEqual(await lines('gen_ai_client_token_usage'), [])
    assert.deepEqual(await lines('gen_ai_client_operation_time_to_first_chunk_seconds'), [])
    assert.deepEqual(await lines('parlor_model_fallbacks_total'), [
      'parlor_model_fallbacks_total{provider="claude",model="claude-haiku-5-5",error_type="overloaded"} 1',
    ])
  })

  it('has the breakers as they are when it is read', async () => {
    let readings: BreakerReading[] = [
      { provider: 'openai', model: null, state: 'closed' },
      { provider: 'openai', model: 'gpt-6-luna', state: 'open' },
    ]
    meter.watch(() => readings)
    assert.deepEqual(await lines('parlor_model_breaker_state'), [
      'parlor_model_breaker_state{provider="openai",model=""} 0',
      'parlor_model_breaker_state{provider="openai",model="gpt-6-luna"} 2',
    ])
    readings = [{ provider: 'openai', model: 'gpt-6-luna', state: 'half_open' }]
    assert.deepEqual(await lines('parlor_model_breaker_state'), [
      'parlor_model_breaker_state{provider="openai",model="gpt-6-luna"} 1',
    ])
  })

  it('has no more than so many models, however many clients name', async () => {
    for (let number = 0; number < 500; number++) meter.asked(answered({ model: `model-${number}` }))
    const counts = await lines('gen_ai_client_operation_duration_seconds_count')
    assert.equal(counts.length, 51)
    assert.match(counts.at(-1) ?? '', /gen_ai_request_model="other",error_type=""} 450$/)
  })
})
