/**
 * npm run chaos:heart -- [--seconds 60] [--seed 1] [--pglite | --processes] [--plant <name>]: the harness for as long as one likes.
 * Runs on TEST_DATABASE_URL, else on a Postgres of its own.
 */
import { parseArgs } from 'node:util'
import { openAgain, openTestDatabase } from '../support/databases.ts'
import { beginChild } from './begin-child.ts'
import { beginNode } from './begin-node.ts'
import type { Plant } from './plant.ts'
import { PLANTS } from './plants.ts'
import { runChaos, type ChaosReport } from './run-chaos.ts'

const CONNECTIONS_OF_A_NODE = 4
const BREACHES_SHOWN = 20
/** A script without types. */
const SERVICES: string = '../../scripts/services.mjs'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    pglite: { type: 'boolean', default: false },
    processes: { type: 'boolean', default: false },
    plant: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const seed = Number(values.seed)
const plant = plantNamed(values.plant)

process.on('unhandledRejection', (error) => {
  console.error('unhandled rejection:', error)
  process.exitCode = 1
})
process.env['TEST_DATABASE'] = values.pglite ? 'pglite' : 'postgres'
const stopServices = values.pglite ? () => Promise.resolve() : await ensurePostgres()
try {
  console.log(`seed ${seed}, ${seconds} s, on ${values.pglite ? 'PGlite' : 'Postgres'}`)
  tell(await run())
} finally {
  await stopServices()
}

async function run(): Promise<ChaosReport> {
  const place = await openTestDatabase()
  try {
    return await runChaos({
      seed,
      seconds,
      conversations: place.url ? 30 : 12,
      nodes: 4,
      faultEvery: 900,
      quietWithin: 30_000,
      database: place.database,
      begin: async (witness, random, name) => {
        const nodeSeed = random.between(0, 2 ** 31)
        if (values.processes && place.url)
          return beginChild({ url: place.url, name, seed: nodeSeed, witness })
        const own = place.url ? await openAgain(place, CONNECTIONS_OF_A_NODE) : null
        const close = () => own?.close() ?? Promise.resolve()
        return beginNode(own ?? place.database, { witness, random, name, plant, close })
      },
    })
  } finally {
    await place.close()
  }
}

function plantNamed(name: string | undefined): Plant | null {
  if (name === undefined) return null
  const found = PLANTS[name]
  if (!found) throw new Error(`No such plant. There are: ${Object.keys(PLANTS).join('; ')}`)
  return found
}

function tell({ breaches, counts }: ChaosReport): void {
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(', '),
  )
  for (const breach of breaches.slice(0, BREACHES_SHOWN)) console.log(`  ${breach}`)
  if (breaches.length === 0) console.log('Every invariant holds.')
  else console.log(`${breaches.length} breaches. Run the same plan again with --seed ${seed}`)
  if (breaches.length > 0) process.exitCode = 1
}

async function ensurePostgres(): Promise<() => Promise<void>> {
  const services = (await import(SERVICES)) as Services
  const { env, missing, stop } = await services.startServices()
  if (missing.includes('postgres')) throw new Error('Postgres is missing; --pglite does without')
  Object.assign(process.env, env)
  return stop
}

interface Services {
  startServices(): Promise<{ env: Record<string, string>; missing: string[]; stop: () => Promise<void> }>
}
