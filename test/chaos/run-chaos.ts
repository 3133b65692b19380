import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../heart/random.ts'
import { openAgain } from '../support/databases.ts'
import { addPerson, demoClient, tokenFor } from '../support/person.ts'
import { checkHistory } from './check/index.ts'
import { ChaosAgent } from './agent.ts'
import { HistoryBook, opsOf, type History } from './history.ts'
import { readLogs } from './logs.ts'
import { planFaults, type FaultKind, type Planned, type PlanSettings } from './plan.ts'
import { countOf, evidenceOf } from './report.ts'
import { readTruth } from './truth.ts'
import { ChaosVisitor, type Means } from './visitor.ts'
import { WAIT_LIMITS, waitsAreShort, waitsThrough, type WaitSummary } from './waits.ts'
import { World } from './world.ts'

export interface ChaosSettings extends PlanSettings {
  visitors: number
  /** How long everything may take to become quiet after the last fault, in ms. */
  quietWithin: number
  /** A fault that every node has in it. */
  plant?: string
  /** Gives up, and leaves nothing behind. */
  signal?: AbortSignal
  /** Told each fault as it happens. */
  onFault?: (fault: Planned) => void
}

export interface ChaosReport {
  /** Whatever was not as promised, as `invariant: what was seen`; empty when all is well. */
  breaches: string[]
  /** What happened, in numbers. */
  counts: Record<string, number>
  /** How long visitors waited through what is measured. */
  waits: Record<string, WaitSummary>
  /** Of these, the ones that were too long: no breach, since a busy machine makes everybody wait. */
  longWaits: string[]
  logs: [line: string, times: number][]
  /** The history of the conversations of which there are breaches, and what their nodes logged. */
  evidence: string[]
  history: History
}

const LOOK_MS = 100
const AGENTS = 3
const MEANS = { socket: 3, 'two sockets': 3, 'socket and stream': 2, stream: 2 } satisfies Record<
  Means,
  number
>

/**
 * Lets visitors and agents talk over real nodes while everything around them breaks, waits until all is quiet, and holds
 * the history of what they saw against what is kept.
 */
export async function runChaos(settings: ChaosSettings): Promise<ChaosReport> {
  const random = new Random(settings.seed)
  const book = new HistoryBook()
  const world = await World.start({ ...settings, book })
  const visitors = Array.from({ length: settings.visitors }, (_, index) => {
    const own = random.fork()
    return new ChaosVisitor({
      ...{ url: world.network.url, book, random: own },
      name: `v${index + 1}`,
      means: own.weigh(MEANS),
    })
  })
  const agents = await employ(world, visitors, { random: random.fork(), book })
  try {
    for (const visitor of visitors) visitor.begin()
    const working = Promise.all(agents.map((agent) => agent.work()))
    await carryOut(settings, world, visitors, random.fork())
    for (const agent of agents) agent.finish()
    for (const visitor of visitors) visitor.stopWriting()
    await world.calm()
    const over = performance.now()
    await working
    const noisy = await untilQuiet(visitors, settings.quietWithin)
    const quietAfter = Math.round((performance.now() - over) / 1_000)
    for (const one of [...visitors, ...agents]) one.leave()
    await world.cluster.stop()
    return await report({ world, book, noisy, quietAfter })
  } finally {
    for (const one of [...visitors, ...agents]) one.leave()
    await world.close()
  }
}

/** People who work for the shop and sign in. None where nobody but the server reaches the database. */
async function employ(
  { network, places }: World,
  visitors: readonly ChaosVisitor[],
  { random, book }: { random: Random; book: HistoryBook },
): Promise<ChaosAgent[]> {
  if (places.database.url === undefined) return []
  const database = await openAgain(places.database, 1)
  try {
    const client = await demoClient(database)
    const agents: ChaosAgent[] = []
    for (let number = 1; number <= AGENTS; number++) {
      const name = `agent${number}`
      const kept = await addPerson(database, { client, name })
      // Who reads the transcript knows by the name who had taken over.
      const token = () => tokenFor(kept, { client_id: client.id, name: kept.id })
      const conversations = () => visitors.flatMap(({ tabs }) => tabs[0]?.transcript.conversationId ?? [])
      agents.push(
        new ChaosAgent({ ...{ url: network.url, name, token, book, conversations }, random: random.fork() }),
      )
    }
    return agents
  } finally {
    await database.close()
  }
}

async function carryOut(
  settings: ChaosSettings,
  world: World,
  visitors: readonly ChaosVisitor[],
  random: Random,
): Promise<void> {
  const began = performance.now()
  const { signal } = settings
  const until = (at: number) => delay(Math.max(0, began + at - performance.now()), undefined, { signal })
  for (const fault of planFaults(settings)) {
    await until(fault.at)
    settings.onFault?.(fault)
    await world.suffer(fault, visitors, random)
  }
  await until(settings.seconds * 1_000)
}

/** What visitors still wait for when the patience is over. */
async function untilQuiet(visitors: readonly ChaosVisitor[], ms: number): Promise<string[]> {
  const deadline = performance.now() + ms
  for (;;) {
    const waiting = visitors.flatMap((visitor) => {
      const what = visitor.waitsFor()
      return what === null ? [] : [`becomes quiet: ${visitor.name}: still waits for ${what}`]
    })
    if (waiting.length === 0 || performance.now() > deadline) return waiting
    await delay(LOOK_MS)
  }
}

async function report(parts: {
  world: World
  book: HistoryBook
  noisy: readonly string[]
  quietAfter: number
}): Promise<ChaosReport> {
  const { world, book, noisy, quietAfter } = parts
  const history: History = book.ops
  const { cluster, outside, places } = world
  const database = await openAgain(places.database)
  try {
    const truth = await readTruth(database, outside.effects)
    const logs = readLogs(
      cluster.said.map(({ text }) => text),
      opsOf(history, 'told').flatMap((op) =>
        op.event === 'session:ready' ? (op.args[0].session_token ?? []) : [],
      ),
    )
    const breaches = [
      ...noisy,
      ...cluster.breaches.map((breach) => `nodes end in order: ${breach}`),
      ...checkHistory(history, truth),
      ...logs.breaches.map((breach) => `logs are clean: ${breach}`),
    ]
    return {
      breaches,
      history,
      counts: { ...countOf(history, truth), 'seconds until all was quiet': quietAfter },
      waits: Object.fromEntries(
        (Object.keys(WAIT_LIMITS) as FaultKind[]).map((kind) => [kind, waitsThrough(history, kind)]),
      ),
      longWaits: [...waitsAreShort(history)],
      logs: logs.counts,
      evidence: evidenceOf(breaches, { history, truth, said: cluster.said }),
    }
  } finally {
    await database.close()
  }
}
