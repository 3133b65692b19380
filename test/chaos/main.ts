/** npm run chaos -- [--seconds 300] [--seed 7] [--database postgres|embedded] [--visitors 50]: docs/chaos.md. */
import { parseArgs } from 'node:util'
import { describeFault, planFaults } from './plan.ts'
import { runChaos, type ChaosReport } from './run-chaos.ts'

const BREACHES_SHOWN = 40
const LOG_LINES_SHOWN = 25
const EVIDENCE_SHOWN = 200
const QUIET_WITHIN = 90_000

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    database: { type: 'string', default: 'postgres' },
    visitors: { type: 'string', default: '50' },
  },
})
const database = values.database === 'embedded' ? 'embedded' : 'postgres'
const settings = {
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  visitors: Number(values.visitors),
  quietWithin: QUIET_WITHIN,
  database,
} as const

console.log(`seed ${settings.seed}, ${settings.seconds} s, ${settings.visitors} visitors, on ${database}`)
console.log(`${planFaults(settings).length} faults:`)
const report = await runChaos({ ...settings, onFault: (fault) => console.log(describeFault(fault)) })
tell(report)
process.exitCode = report.breaches.length === 0 ? 0 : 1

function tell({ breaches, counts, logs, evidence }: ChaosReport): void {
  console.log('\nWhat happened')
  for (const [what, times] of Object.entries(counts)) console.log(`${String(times).padStart(8)}  ${what}`)
  console.log('\nWhat the log says')
  for (const [line, times] of logs.slice(0, LOG_LINES_SHOWN))
    console.log(`${String(times).padStart(8)}  ${line}`)
  console.log(breaches.length === 0 ? '\nAll is as promised.' : `\n${breaches.length} breaches:`)
  for (const breach of breaches.slice(0, BREACHES_SHOWN)) console.log(`  ${breach}`)
  for (const line of evidence.slice(0, EVIDENCE_SHOWN)) console.log(line)
}
