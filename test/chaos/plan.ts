import { Random } from '../heart/random.ts'
import { WAIT_LIMITS } from './waits.ts'

/** How the stand-in for the model's vendor behaves for a while. */
export type ProviderMood = 'calm' | 'stalling' | 'dropping' | 'failing' | 'slow'

/** One thing that goes wrong. Times are milliseconds. */
export type Fault =
  /** SIGKILL of the node that runs most turns. */
  | { kind: 'kill' }
  /** SIGSTOP of the same, and SIGCONT. */
  | { kind: 'freeze'; ms: number }
  /** SIGTERM of one node, which is replaced; of each, one after the other. */
  | { kind: 'drain' }
  | { kind: 'rolling restart' }
  | { kind: 'kill subscribers' }
  | { kind: 'restart redis'; ms: number }
  | { kind: 'freeze redis'; ms: number }
  | { kind: 'restart postgres'; mode: 'fast' | 'immediate'; ms: number }
  | { kind: 'freeze postgres'; ms: number }
  | { kind: 'provider'; mood: Exclude<ProviderMood, 'calm'>; ms: number }
  | { kind: 'cut all' }
  | { kind: 'cut bytes'; least: number; most: number; ms: number }
  | { kind: 'stop reading'; readers: number; ms: number }

export type FaultKind = Fault['kind']

/** A fault and when it happens, from the beginning of the run; later where what it must wait for is still going on. */
export type Planned = Fault & {
  at: number
  /** Nothing else goes on meanwhile, nor for so many milliseconds after it: waits are measured. */
  calmFor?: number
}

export interface PlanSettings {
  seed: number
  seconds: number
  nodes: number
  database: 'postgres' | 'embedded'
  /** Faults of these kinds alone. */
  only?: readonly string[]
}

/** How often each kind happens in one round of a long run; its order is chance. */
const ROUND: Readonly<Record<FaultKind, number>> = {
  kill: 3,
  'rolling restart': 1,
  freeze: 1,
  drain: 1,
  'kill subscribers': 3,
  'restart redis': 1,
  'freeze redis': 1,
  'restart postgres': 1,
  'freeze postgres': 1,
  provider: 3,
  'cut all': 1,
  'cut bytes': 3,
  'stop reading': 2,
}

/** The same where a run is short: nothing is measured, and what takes long is left out. */
const SHORT_ROUND: Readonly<Record<FaultKind, number>> = {
  ...ROUND,
  kill: 2,
  'rolling restart': 0,
  'kill subscribers': 1,
  provider: 1,
  'cut bytes': 1,
  'stop reading': 1,
}

/** Seconds from which on a run is long. */
const LONG = 60
/** Milliseconds: of a freeze, in a long run and in a short one; both are longer than a lease. */
const FREEZE = { long: 15_000, short: 7_000 }
/** Milliseconds between two faults. */
const PAUSES = { long: [1_000, 5_000], short: [300, 2_000] } as const
/** Milliseconds that nothing happens after what is measured. */
const CALM = 12_000
const OF_POSTGRES: readonly FaultKind[] = ['restart postgres', 'freeze postgres']
const OF_MANY: readonly FaultKind[] = ['rolling restart', 'kill subscribers', 'restart redis', 'freeze redis']

/** Every fault of a run, in order. The same settings give the same plan. */
export function planFaults(settings: PlanSettings): Planned[] {
  const { seed, seconds } = settings
  const random = new Random(seed)
  const isLong = seconds >= LONG
  const plan: Planned[] = []
  let at = random.between(500, 1_500)
  const round = kindsOf(settings, isLong ? ROUND : SHORT_ROUND)
  while (at < seconds * 1_000 && round.length > 0) {
    for (const kind of shuffled([...round], random)) {
      const fault = drawFault(random, kind, isLong)
      const isMeasured = isLong && kind in WAIT_LIMITS
      plan.push({ ...fault, at, ...(isMeasured && { calmFor: CALM }) })
      const [least, most] = PAUSES[isLong ? 'long' : 'short']
      at += isMeasured ? CALM : random.between(least, most)
    }
  }
  return plan.filter((one) => one.at < seconds * 1_000)
}

/** A fault as a line of the plan. */
export function describeFault({ at, kind, ...rest }: Planned): string {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  return `${(at / 1_000).toFixed(1).padStart(6)} s  ${[kind, ...details].join(', ')}`
}

function kindsOf(
  { database, nodes, only }: PlanSettings,
  round: Readonly<Record<FaultKind, number>>,
): FaultKind[] {
  const missing = [...(database === 'postgres' ? [] : OF_POSTGRES), ...(nodes > 1 ? [] : OF_MANY)]
  return (Object.entries(round) as [FaultKind, number][]).flatMap(([kind, times]) =>
    missing.includes(kind) || only?.includes(kind) === false ? [] : Array.from({ length: times }, () => kind),
  )
}

/** Fisher and Yates. */
function shuffled<T>(list: T[], random: Random): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const other = random.between(0, last)
    const [a, b] = [list[last], list[other]] as [T, T]
    list[last] = b
    list[other] = a
  }
  return list
}

function drawFault(random: Random, kind: FaultKind, isLong: boolean): Fault {
  switch (kind) {
    case 'kill':
    case 'drain':
    case 'rolling restart':
    case 'kill subscribers':
    case 'cut all':
      return { kind }
    case 'freeze':
      return { kind, ms: isLong ? FREEZE.long : FREEZE.short }
    case 'restart redis':
      return { kind, ms: random.between(0, 3_000) }
    case 'restart postgres':
      return { kind, mode: random.pick(['fast', 'immediate'] as const), ms: random.between(0, 3_000) }
    case 'freeze redis':
    case 'freeze postgres':
      return { kind, ms: random.between(300, 3_000) }
    case 'provider': {
      const mood = random.pick(['stalling', 'dropping', 'failing', 'slow'] as const)
      return { kind, mood, ms: random.between(500, 3_000) }
    }
    case 'cut bytes': {
      const least = random.between(1, 2_000)
      return { kind, least, most: least + random.between(1, 20_000), ms: random.between(1_000, 4_000) }
    }
    case 'stop reading':
      return { kind, readers: random.between(1, 5), ms: random.between(500, 6_000) }
  }
}
