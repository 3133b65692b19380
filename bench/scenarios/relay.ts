import type { Bench } from '../bench.ts'
import type { ContenderName } from '../contenders.ts'
import { figureOf, ratioOf, type Figure } from '../figures.ts'
import { GATES, judge, type Verdict } from '../gates.ts'
import type { Relayed, RelaySettings } from '../relay-run.ts'
import { runRounds } from './rounds.ts'

/** What one contender's relay came to, over all rounds. CPU in microseconds per token, times in milliseconds. */
export interface RelayRow {
  contender: ContenderName
  title: string
  cpu: Figure
  system: Figure
  /** `cpu` as a multiple of the limit's. */
  beside: Figure | null
  keptUp: Figure
  p50: Figure
  p99: Figure
  /** Bytes, at the end. */
  memory: number
  restarts: number
  faults: string[]
}

export interface RelayResult {
  settings: RelaySettings & { rounds: number }
  rows: RelayRow[]
  verdicts: Verdict[]
}

/** Streams of one rate, relayed by Parlor, by who does it the usual way, and at the limit. */
export async function relay(
  bench: Bench,
  names: readonly ContenderName[],
  settings: RelaySettings & { rounds: number },
): Promise<RelayResult> {
  const came = await runRounds(bench, names, settings)
  const cpuOf = (name: ContenderName) => came.get(name)?.map((one) => one.cpuPerToken) ?? []
  const limit = cpuOf('limit')
  const rows = names.map((name) => rowOf(name, bench.contenders[name].title, came.get(name) ?? [], limit))
  return { settings, rows, verdicts: verdictsOf(rows, cpuOf) }
}

function rowOf(
  contender: ContenderName,
  title: string,
  rounds: readonly Relayed[],
  limit: number[],
): RelayRow {
  const figure = (pick: (one: Relayed) => number) => figureOf(rounds.map(pick))
  return {
    contender,
    title,
    cpu: figure((one) => one.cpuPerToken),
    system: figure((one) => one.systemPerToken),
    beside:
      limit.length > 0
        ? ratioOf(
            rounds.map((one) => one.cpuPerToken),
            limit,
          )
        : null,
    keptUp: figure((one) => one.keptUp),
    p50: figure((one) => one.latency.p50),
    p99: figure((one) => one.latency.p99),
    memory: rounds.at(-1)?.memory ?? NaN,
    restarts: rounds.reduce((sum, one) => sum + one.restarts, 0),
    faults: rounds.flatMap((one) => one.faults),
  }
}

function verdictsOf(rows: readonly RelayRow[], cpuOf: (name: ContenderName) => number[]): Verdict[] {
  const parlor = rows.find(({ contender }) => contender === 'parlor')
  if (!parlor) return []
  const besides = (['limit', 'usual'] as const).filter((name) => cpuOf(name).length > 0)
  return [
    ...besides.map((name) => judge(GATES[name], ratioOf(cpuOf('parlor'), cpuOf(name)))),
    judge(GATES.median, parlor.p50),
    judge(GATES.slowest, parlor.p99),
  ]
}
