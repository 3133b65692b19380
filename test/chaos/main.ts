/** npm run chaos -- [--minutes 10] [--seconds 0] [--seed 7] [--nodes 3] [--database postgres|embedded] [--visitors 30] [--only fault] [--plant name] [--history file]: docs/chaos.md. */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { groupBy } from '../heart/check/groups.ts'
import { describeFault, planFaults } from './plan.ts'
import { PLANTS } from './plants.ts'
import { runChaos, type ChaosReport } from './run-chaos.ts'

const BREACHES_SHOWN = 10
const LOG_LINES_SHOWN = 25
const EVIDENCE_SHOWN = 500
const QUIET_WITHIN = 90_000
const MINUTES = 5

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    nodes: { type: 'string', default: '3' },
    database: { type: 'string', default: 'postgres' },
    visitors: { type: 'string', default: '30' },
    plant: { type: 'string' },
    history: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
})
const database = values.database === 'embedded' ? 'embedded' : 'postgres'
const given = Number(values.minutes ?? 0) * 60 + Number(values.seconds ?? 0)
const settings = {
  seed: Number(values.seed),
  seconds: given > 0 ? given : MINUTES * 60,
  visitors: Number(values.visitors),
  nodes: database === 'embedded' ? 1 : Number(values.nodes),
  quietWithin: QUIET_WITHIN,
  database,
  ...(values.only && { only: values.only }),
} as const
const { plant } = values
if (plant !== undefined && !(plant in PLANTS))
  throw new Error(`No such plant. There are: ${Object.keys(PLANTS).join('; ')}`)

const { seed, seconds, visitors, nodes } = settings
console.log(`seed ${seed}, ${seconds} s, ${visitors} visitors, ${nodes} nodes, on ${database}`)
console.log(`${planFaults(settings).length} faults:`)
const givenUp = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    givenUp.abort()
  })
const report = await runChaos({
  ...settings,
  signal: givenUp.signal,
  ...(plant !== undefined && { plant }),
  onFault: (fault) => {
    console.log(describeFault(fault))
  },
})
tell(report)
if (values.history !== undefined)
  writeFileSync(values.history, report.history.map((op) => `${JSON.stringify(op)}\n`).join(''))
process.exit(report.breaches.length === 0 ? 0 : 1)

function tell({ breaches, counts, waits, longWaits, logs, evidence }: ChaosReport): void {
  console.log('\nWhat happened')
  for (const [what, times] of Object.entries(counts)) console.log(`${String(times).padStart(8)}  ${what}`)
  console.log('\nHow long visitors waited, in ms')
  for (const [kind, { faults, visitors, p50, p99, longest }] of Object.entries(waits))
    console.log(`  ${kind}: ${faults} times, ${visitors} waits; p50 ${p50}, p99 ${p99}, longest ${longest}`)
  for (const long of longWaits) console.log(`  too long: ${long}`)
  console.log('\nWhat the log says')
  for (const [line, times] of logs.slice(0, LOG_LINES_SHOWN))
    console.log(`${String(times).padStart(8)}  ${line}`)
  console.log(breaches.length === 0 ? '\nAll is as promised.' : `\n${breaches.length} breaches:`)
  for (const [invariant, of] of groupBy(breaches, (breach) => breach.split(':')[0] ?? '')) {
    console.log(`  ${invariant}: ${of.length}`)
    for (const breach of of.slice(0, BREACHES_SHOWN)) console.log(`    ${breach}`)
  }
  for (const line of evidence.slice(0, EVIDENCE_SHOWN)) console.log(line)
}
