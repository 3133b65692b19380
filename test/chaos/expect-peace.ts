import assert from 'node:assert/strict'
import { describeFault, planFaults, type PlanSettings } from './plan.ts'
import { runChaos } from './run-chaos.ts'

const QUIET_WITHIN = 60_000

/** A short run, after which everything must be as promised. Its plan is told when it is not. */
export async function expectPeace(settings: PlanSettings & { visitors: number }): Promise<void> {
  const { breaches, counts, evidence } = await runChaos({ ...settings, quietWithin: QUIET_WITHIN })
  const plan = planFaults(settings).map(describeFault)
  assert.deepEqual(breaches, [], [`seed ${settings.seed}:`, ...plan, ...breaches, ...evidence].join('\n'))
  assert.ok((counts['messages acked'] ?? 0) >= settings.visitors, 'the visitors spoke')
  assert.ok((counts['turns complete'] ?? 0) > 0, 'they were answered')
}
