import { Random } from '../heart/random.ts'

/** How the stand-in for the model's vendor behaves for a while. */
export type ProviderMood = 'calm' | 'stalling' | 'dropping' | 'failing' | 'slow'

/** One thing that goes wrong. Times are milliseconds. */
export type Fault =
  | { kind: 'kill' }
  | { kind: 'freeze'; ms: number }
  | { kind: 'terminate' }
  | { kind: 'restart-postgres'; mode: 'fast' | 'immediate'; ms: number }
  | { kind: 'freeze-postgres'; ms: number }
  | { kind: 'provider'; mood: Exclude<ProviderMood, 'calm'>; ms: number }
  | { kind: 'cut-all' }
  | { kind: 'cut-bytes'; least: number; most: number; ms: number }
  | { kind: 'stop-reading'; readers: number; ms: number }

/** A fault and when it happens, from the beginning of the run; later where the one before is still going on. */
export type Planned = Fault & { at: number }

export interface PlanSettings {
  seed: number
  seconds: number
  database: 'postgres' | 'embedded'
}

/** How often each kind happens among the others; kills come on top, `KILLS` of them in the longest run. */
const WEIGHTS = {
  freeze: 3,
  terminate: 1,
  'restart-postgres': 4,
  'freeze-postgres': 2,
  provider: 6,
  'cut-all': 2,
  'cut-bytes': 4,
  'stop-reading': 3,
}
const KILLS = 20
const SECONDS_A_KILL = 6
const SECONDS_A_FAULT = 3
const OF_POSTGRES = ['restart-postgres', 'freeze-postgres']

/** Every fault of a run, in order. The same settings give the same plan. */
export function planFaults({ seed, seconds, database }: PlanSettings): Planned[] {
  const random = new Random(seed)
  const weights = database === 'postgres' ? WEIGHTS : { ...WEIGHTS, ...noneOf(OF_POSTGRES) }
  const kills = Math.min(KILLS, Math.ceil(seconds / SECONDS_A_KILL))
  const at = () => random.between(500, seconds * 1_000)
  const plan: Planned[] = Array.from({ length: kills }, () => ({ kind: 'kill', at: at() }))
  for (let left = Math.ceil(seconds / SECONDS_A_FAULT); left > 0; left--) {
    plan.push({ ...drawFault(random, random.weigh(weights)), at: at() })
  }
  return plan.sort((a, b) => a.at - b.at)
}

/** A fault as a line of the plan. */
export function describeFault({ at, kind, ...rest }: Planned): string {
  const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`)
  return `${(at / 1_000).toFixed(1).padStart(6)} s  ${[kind, ...details].join(', ')}`
}

function drawFault(random: Random, kind: keyof typeof WEIGHTS): Fault {
  switch (kind) {
    case 'freeze':
      return { kind, ms: random.between(1_000, 8_000) }
    case 'terminate':
    case 'cut-all':
      return { kind }
    case 'restart-postgres':
      return { kind, mode: random.pick(['fast', 'immediate'] as const), ms: random.between(0, 3_000) }
    case 'freeze-postgres':
      return { kind, ms: random.between(300, 3_000) }
    case 'provider': {
      const mood = random.pick(['stalling', 'dropping', 'failing', 'slow'] as const)
      return { kind, mood, ms: random.between(500, 3_000) }
    }
    case 'cut-bytes': {
      const least = random.between(1, 2_000)
      return { kind, least, most: least + random.between(1, 20_000), ms: random.between(1_000, 4_000) }
    }
    case 'stop-reading':
      return { kind, readers: random.between(1, 5), ms: random.between(500, 6_000) }
  }
}

function noneOf(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, 0]))
}
