import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { TurnLimits } from '../../server/conversation/limits.ts'
import type { MemoryLimits } from '../../server/conversation/memory-limits.ts'
import type { Database } from '../../server/infra/database.ts'
import { makeVisitor } from '../support/heart.ts'
import { checkHeart } from './check/index.ts'
import { readKept } from './check/kept.ts'
import { liveAsAgents, liveAsVisitor } from './people.ts'
import { plague } from './monkey.ts'
import { Random } from './random.ts'
import { Witness } from './witness.ts'
import { World, type Node } from './world.ts'

/** Times that let leases lapse and nodes die many times in one run. */
export const CHAOS_LIMITS: Partial<TurnLimits> = {
  lease: 900,
  renewEvery: 200,
  silentAfter: 600,
  reapEvery: 80,
  drain: 50,
  endRetry: 20,
  typingPause: 60,
  typingHolds: 200,
  handover: 250,
  handoverLook: 20,
}

/** Everything is read, so that answers can say what they have read; and summed up as soon as there is a little. */
export const CHAOS_MEMORY: Partial<MemoryLimits> = {
  read: { messages: 10_000, tokens: 1e9 },
  full: { messages: 6, tokens: 1e9 },
  remain: { messages: 3, tokens: 1e9 },
  time: 300,
}

/** Complete answers that a run has to see. */
export const ENOUGH = 30

export interface ChaosSettings {
  seed: number
  seconds: number
  conversations: number
  nodes: number
  /** The longest time between two faults of nodes, in ms. */
  faultEvery: number
  database: Database
  /** Starts one more node that writes down in `witness` what it does. */
  begin: (witness: Witness, random: Random, name: string) => Promise<Node>
  /** How long everything may take to become quiet, in ms. */
  quietWithin: number
}

export interface ChaosReport {
  breaches: string[]
  counts: Record<string, number>
}

/** Lets many visitors, agents and faults loose on a few nodes, waits until all is quiet, and checks what is left. */
export async function runChaos(settings: ChaosSettings): Promise<ChaosReport> {
  const { seed, seconds, database, conversations } = settings
  const random = new Random(seed)
  const witness = new Witness()
  const world = new World(witness)
  let names = 0
  const nodeChance = random.fork()
  const begin = () => settings.begin(witness, nodeChance.fork(), `node ${++names}`)
  for (let left = settings.nodes; left > 0; left--) world.nodes.push(await begin())
  const agents = [randomUUID(), randomUUID()].map((id) => ({ id, name: id }))
  const visitors: VisitorSession[] = []
  for (let left = conversations; left > 0; left--) visitors.push(await makeVisitor(database))

  const monkey = plague(world, random.fork(), { every: settings.faultEvery, lasts: 1_600, begin })
  const lives = visitors.flatMap((visitor, index) => [
    liveAsVisitor(world, visitor, `v${index}`, random.fork()),
    liveAsAgents(world, visitor, agents, random.fork()),
  ])
  const ending = Promise.all([monkey, ...lives])
  await Promise.race([ending, delay(seconds * 1_000)])
  // On a machine that has other things to do, a run of few seconds would show nothing.
  for (let more = 2 * seconds; more > 0 && completeOf(witness) < ENOUGH; more--)
    await Promise.race([ending, delay(1_000)])
  world.over = true
  await ending
  for (const node of world.nodes) node.mend()
  const isQuiet = await becomesQuiet(database, settings.quietWithin)
  await Promise.all(world.nodes.map((node) => node.stop()))
  const kept = await readKept(database)
  const breaches = checkHeart(kept, witness)
  if (!isQuiet) breaches.unshift('becomes quiet: turns were still open after all faults had ended')
  return { breaches, counts: countsOf(witness, kept, names) }
}

function completeOf(witness: Witness): number {
  return witness.tellings.filter(
    ({ told }) => told.event === 'reply:end' && told.args[0].message.status === 'complete',
  ).length
}

/** Waits until no turn is open, three times in a row: a statement that left late may open one more. */
async function becomesQuiet(database: Database, ms: number): Promise<boolean> {
  const until = performance.now() + ms
  for (let quiet = 0; performance.now() < until;) {
    const [rows] = await database.sequelize.query('SELECT 1 FROM conversations WHERE turn_open LIMIT 1')
    quiet = rows.length === 0 ? quiet + 1 : 0
    if (quiet === 3) return true
    await delay(150)
  }
  return false
}

function countsOf(
  witness: Witness,
  kept: Awaited<ReturnType<typeof readKept>>,
  nodes: number,
): Record<string, number> {
  const ended = (state: string) => kept.turns.filter((turn) => turn.state === state).length
  const changed = (action: string) => kept.changes.filter((change) => change.action === action).length
  return {
    conversations: kept.conversations.length,
    messages: kept.messages.length,
    acked: witness.sends.filter((send) => send.ackedAt !== null).length,
    turns: kept.turns.length,
    complete: ended('complete'),
    stopped: ended('stopped'),
    interrupted: ended('interrupted'),
    failed: ended('failed'),
    'ended by takers': kept.turns.filter((turn) => turn.error === 'owner_silent').length,
    'run again': kept.turns.filter((turn) => turn.attempt > 1).length,
    steps: kept.steps.length,
    'tool calls': witness.executions.length,
    stops: witness.stops.length,
    'taken over': changed('conversation.taken_over'),
    'handed back': changed('conversation.handed_back'),
    ended: changed('conversation.ended'),
    'summed up': kept.conversations.filter((one) => one.summary_seq > 0).length,
    summaries: kept.turns.flatMap(({ spent }) => spent.filter((one) => one.summary !== undefined)).length,
    nodes,
  }
}
