import { setTimeout as delay } from 'node:timers/promises'
import { Random } from '../heart/random.ts'
import { openAgain } from '../support/databases.ts'
import { checkKept, readKept, type Kept } from './kept.ts'
import { readLogs } from './logs.ts'
import { planFaults, type Planned, type PlanSettings } from './plan.ts'
import { ChaosVisitor } from './visitor.ts'
import { World } from './world.ts'

export interface ChaosSettings extends PlanSettings {
  visitors: number
  /** How long everything may take to become quiet after the last fault, in ms. */
  quietWithin: number
  /** Told each fault as it happens. */
  onFault?: (fault: Planned) => void
}

export interface ChaosReport {
  /** Whatever was not as promised; empty when all is well. */
  breaches: string[]
  /** What happened, in numbers. */
  counts: Record<string, number>
  logs: [line: string, times: number][]
  /** What is known about the visitors of whom there are breaches. */
  evidence: string[]
}

const LOOK_MS = 100

/**
 * Lets visitors talk to a real server while everything around it breaks, waits until all is quiet, and compares what
 * each visitor has with what is kept.
 */
export async function runChaos(settings: ChaosSettings): Promise<ChaosReport> {
  const random = new Random(settings.seed)
  const world = await World.start(settings.database)
  const visitors = Array.from(
    { length: settings.visitors },
    (_, index) => new ChaosVisitor(world.network.url, `v${index + 1}`, random.fork()),
  )
  try {
    for (const visitor of visitors) visitor.begin()
    await carryOut(settings, world, visitors, random.fork())
    for (const visitor of visitors) visitor.stopWriting()
    const over = performance.now()
    const noisy = await untilQuiet(visitors, settings.quietWithin)
    world.counts['seconds until all was quiet'] = Math.round((performance.now() - over) / 1_000)
    for (const visitor of visitors) visitor.leave()
    await world.stopServer()
    return await report(world, visitors, noisy)
  } finally {
    for (const visitor of visitors) visitor.leave()
    await world.close()
  }
}

async function carryOut(
  settings: ChaosSettings,
  world: World,
  visitors: readonly ChaosVisitor[],
  random: Random,
): Promise<void> {
  const began = performance.now()
  for (const fault of planFaults(settings)) {
    await delay(Math.max(0, began + fault.at - performance.now()))
    settings.onFault?.(fault)
    await world.suffer(fault, visitors, random)
  }
}

/** What visitors still wait for when the patience is over. */
async function untilQuiet(visitors: readonly ChaosVisitor[], ms: number): Promise<string[]> {
  const deadline = performance.now() + ms
  for (;;) {
    const waiting = visitors.flatMap((visitor) => {
      const what = visitor.waitsFor()
      return what === null ? [] : [`${visitor.name}: still waits for ${what}`]
    })
    if (waiting.length === 0 || performance.now() > deadline) return waiting
    await delay(LOOK_MS)
  }
}

async function report(
  world: World,
  visitors: readonly ChaosVisitor[],
  noisy: readonly string[],
): Promise<ChaosReport> {
  const { url, dir } = world.place
  const database = await openAgain({ ...(url && { url }), ...(dir && { dir }) })
  try {
    const kept = await readKept(database)
    const tokens = visitors.flatMap((visitor) => visitor.session?.session_token ?? [])
    const logs = readLogs(world.said, tokens)
    const breaches = [...noisy, ...world.breaches, ...checkKept(kept, visitors), ...logs.breaches]
    const concerned = visitors.filter(({ name }) => breaches.some((breach) => breach.startsWith(`${name}:`)))
    return {
      breaches,
      evidence: concerned.flatMap((visitor) => evidenceOf(kept, visitor)),
      counts: { ...countOf(kept, visitors), ...world.counts },
      logs: logs.counts,
    }
  } finally {
    await database.close()
  }
}

const ROWS_SHOWN = 6

/** The end of what a visitor lived through, and of what is kept of it. */
function evidenceOf({ messages, turns }: Kept, { name, diary, transcript }: ChaosVisitor): string[] {
  const of = <Row extends { conversation_id: string }>(rows: Row[]) =>
    rows.filter((row) => row.conversation_id === transcript.conversationId).slice(-ROWS_SHOWN)
  const rows = [...of(messages).map((row) => ({ ...row, content: row.content.length })), ...of(turns)]
  return [`${name}:`, ...diary, ...rows.map((row) => JSON.stringify(row))]
}

function countOf({ messages, turns }: Kept, visitors: readonly ChaosVisitor[]): Record<string, number> {
  const sum = (of: (visitor: ChaosVisitor) => number) =>
    visitors.reduce((total, visitor) => total + of(visitor), 0)
  const ends = new Map<string, number>()
  for (const { state, error } of turns) {
    const end = `turns ${state}${error === null ? '' : `: ${error}`}`
    ends.set(end, (ends.get(end) ?? 0) + 1)
  }
  return {
    'messages acked': sum((visitor) => visitor.acked.size),
    'messages kept': messages.length,
    ...Object.fromEntries(ends),
    'streams compared': sum((visitor) => visitor.transcript.compared),
    connections: sum((visitor) => visitor.counts.connections),
    'refused, to be tried again': sum((visitor) => visitor.counts.refusals),
    'sent, no ack': sum((visitor) => visitor.counts.unacked),
    'sent twice at once': sum((visitor) => visitor.counts.twice),
  }
}
