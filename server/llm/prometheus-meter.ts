import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { BreakerState } from '../infra/circuit-breaker.ts'
import type { BreakerReading } from './breakers.ts'
import type { ModelMeter } from './meter.ts'

/** Models that have numbers of their own; clients may name any, and those beyond are one: `other`. */
const MOST_MODELS = 50

/** What OpenTelemetry calls our providers, where it has a name for them. */
const VENDORS: Readonly<Record<string, string>> = { claude: 'anthropic' }

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 }

/** Bounds that OpenTelemetry asks for: powers of four, and hundredths of a second doubled. */
const TOKENS = Array.from({ length: 14 }, (_, power) => 4 ** power)
const SECONDS = Array.from({ length: 14 }, (_, power) => 0.01 * 2 ** power)

const CALL = ['gen_ai_operation_name', 'gen_ai_provider_name', 'gen_ai_request_model'] as const
const MODEL = ['provider', 'model'] as const

/**
 * Counts for Prometheus, by the names of OpenTelemetry's conventions for generative AI where they have one; what is
 * Parlor's own begins with `parlor_`. https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export function createPrometheusMeter(registry: Registry): ModelMeter {
  const made = instruments([registry])
  const label = createModelLabel()
  return {
    asked({ provider, model, fault, spent, firstWordMs, totalMs }) {
      const name = label(provider, model)
      const call = {
        gen_ai_operation_name: 'chat',
        gen_ai_provider_name: VENDORS[provider] ?? provider,
        gen_ai_request_model: name,
      }
      made.duration.observe({ ...call, error_type: fault ?? '' }, totalMs / 1_000)
      if (firstWordMs !== null) made.firstChunk.observe(call, firstWordMs / 1_000)
      if (!spent) return
      made.tokens.observe({ ...call, gen_ai_token_type: 'input' }, spent.usage.input)
      made.tokens.observe({ ...call, gen_ai_token_type: 'output' }, spent.usage.output)
      made.cost.inc({ provider, model: name }, spent.cost)
    },
    fellBack({ provider, model }, fault) {
      made.fallbacks.inc({ provider, model: label(provider, model), error_type: fault })
    },
    watch: (read) => watchBreakers(registry, read, label),
  }
}

type Label = (provider: string, model: string) => string

function createModelLabel(): Label {
  const known = new Set<string>()
  return (provider, model) => {
    const key = `${provider} ${model}`
    if (known.size < MOST_MODELS) known.add(key)
    return known.has(key) ? model : 'other'
  }
}

function instruments(registers: Registry[]) {
  return {
    tokens: new Histogram({
      name: 'gen_ai_client_token_usage',
      help: 'Tokens of one call of a model, as the vendor counted them or by our estimate.',
      labelNames: [...CALL, 'gen_ai_token_type'],
      buckets: TOKENS,
      registers,
    }),
    duration: new Histogram({
      name: 'gen_ai_client_operation_duration_seconds',
      help: 'Duration of one call of a model, repetitions included; error_type says why it failed.',
      labelNames: [...CALL, 'error_type'],
      buckets: SECONDS,
      registers,
    }),
    firstChunk: new Histogram({
      name: 'gen_ai_client_operation_time_to_first_chunk_seconds',
      help: 'Time until the first word of a model.',
      labelNames: CALL,
      buckets: SECONDS,
      registers,
    }),
    cost: new Counter({
      name: 'parlor_model_cost_dollars_total',
      help: 'What calls of models cost, in US dollars.',
      labelNames: MODEL,
      registers,
    }),
    fallbacks: new Counter({
      name: 'parlor_model_fallbacks_total',
      help: 'Calls that failed without a word, so that the next model was asked.',
      labelNames: [...MODEL, 'error_type'],
      registers,
    }),
  }
}

/** Read when it is asked for. A vendor as a whole has an empty `model`. */
function watchBreakers(registry: Registry, read: () => BreakerReading[], label: Label): void {
  const gauge: Gauge<(typeof MODEL)[number]> = new Gauge({
    name: 'parlor_model_breaker_state',
    help: 'Whether calls get through to a model: 0 they do, 1 one is tried, 2 they do not.',
    labelNames: MODEL,
    registers: [registry],
    collect() {
      gauge.reset()
      for (const { provider, model, state } of read())
        gauge.set({ provider, model: model === null ? '' : label(provider, model) }, STATES[state])
    },
  })
}
