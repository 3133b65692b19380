import type { Contender, ContenderName, Stage } from './contenders.ts'
import type { Place } from './processes/start-process.ts'
import type { Surroundings } from './surroundings.ts'

/** What all scenarios share. */
export interface Bench {
  contenders: Readonly<Record<ContenderName, Contender>>
  surroundings: Surroundings
  /** Where contenders run, and where all others do. */
  measured: Place
  beside: Place
  /** Options of Node for each contender. */
  nodeOptionsOf: (name: ContenderName) => string[]
  say: (line: string) => void
}

export function stageOf(bench: Bench, name: ContenderName): Omit<Stage, 'providerUrl'> {
  const { surroundings, measured } = bench
  return { surroundings, place: measured, nodeOptions: bench.nodeOptionsOf(name) }
}
