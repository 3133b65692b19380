/** npm run chaos:retention -- [--messages 5000000] [--days 60] [--kills 10] [--seed 7]: docs/retention.md. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openTestDatabase } from '../support/databases.ts'
import { programOf } from '../support/program.ts'
import { tryRetention, type Step, type Trial } from './retention-trial.ts'
import { describeTrial } from './trial-table.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '5000000' },
    days: { type: 'string', default: '60' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
})
const [messages, days, kills, seed] = [values.messages, values.days, values.kills, values.seed].map(Number)
const place = await openTestDatabase({ pool: 3 })
const { url } = place
if (url === undefined) throw new Error('set TEST_DATABASE_URL: this wants a Postgres of its own processes')
console.log(`${values.messages} messages of ${values.days} days, ${values.kills} kills, seed ${values.seed}`)
try {
  const figures = await tryRetention(place.database, {
    ...{ messages: messages!, days: days!, kills: kills!, seed: seed! },
    pass: (kill, onStep) => runChild(url, kill, onStep),
    tell: (line) => {
      console.log(line)
    },
  })
  console.log(`\n${describeTrial(figures)}\n\nAll is as promised.`)
} finally {
  await place.close()
}

/** SIGKILL reaches it wherever it is; what Postgres still runs for it, it runs to its end. */
async function runChild(to: string, ...[kill, onStep]: Parameters<Trial['pass']>): ReturnType<Trial['pass']> {
  const { options, file } = programOf('test/jobs/retention-child.ts')
  const child = spawn(process.execPath, [...options, file, to], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let steps = kill?.steps ?? Infinity
  createInterface(child.stdout).on('line', (line) => {
    const step = JSON.parse(line) as Step
    onStep(step)
    if (step.count > 0 && --steps === -1) void delay(kill?.ms).then(() => child.kill('SIGKILL'))
  })
  const [code] = (await ended) as [number | null]
  return code === 0 ? 'done' : 'killed'
}
