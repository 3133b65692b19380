import assert from 'node:assert/strict'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { mergeMetrics } from '../../server/workers/merge-metrics.ts'

describe('Metrics of several workers', () => {
  const registryOf = (worker: number) => {
    const registry = new Registry()
    registry.setDefaultLabels({ worker: String(worker) })
    const registers = [registry]
    new Gauge({ name: 'open', help: 'Open now.', registers }).set(worker)
    const labelNames = ['route']
    new Histogram({ name: 'seconds', help: 'How long.', labelNames, registers, buckets: [1] }).observe(
      { route: 'a\n\nb # "c"' },
      worker,
    )
    if (worker === 2) new Counter({ name: 'only_total', help: 'Of one.', registers }).inc()
    return registry
  }

  it('are told once each, with the lines of all', async () => {
    const merged = mergeMetrics(await Promise.all([1, 2].map((worker) => registryOf(worker).metrics())))
    assert.deepEqual(merged.split('\n'), [
      '# HELP open Open now.',
      '# TYPE open gauge',
      'open{worker="1"} 1',
      'open{worker="2"} 2',
      '',
      '# HELP seconds How long.',
      '# TYPE seconds histogram',
      'seconds_bucket{le="1",worker="1",route="a\\n\\nb # \\"c\\""} 1',
      'seconds_bucket{le="+Inf",worker="1",route="a\\n\\nb # \\"c\\""} 1',
      'seconds_sum{worker="1",route="a\\n\\nb # \\"c\\""} 1',
      'seconds_count{worker="1",route="a\\n\\nb # \\"c\\""} 1',
      'seconds_bucket{le="1",worker="2",route="a\\n\\nb # \\"c\\""} 0',
      'seconds_bucket{le="+Inf",worker="2",route="a\\n\\nb # \\"c\\""} 1',
      'seconds_sum{worker="2",route="a\\n\\nb # \\"c\\""} 2',
      'seconds_count{worker="2",route="a\\n\\nb # \\"c\\""} 1',
      '',
      '# HELP only_total Of one.',
      '# TYPE only_total counter',
      'only_total{worker="2"} 1',
      '',
    ])
  })

  it('are those of one where only one has told', async () => {
    const text = await registryOf(1).metrics()
    assert.equal(mergeMetrics([text]), text)
  })
})
