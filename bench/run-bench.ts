import { join } from 'node:path'
import type { Bench } from './bench.ts'
import { contendersOf } from './contenders.ts'
import { describeMachine } from './machine.ts'
import type { Options } from './options.ts'
import { canPin } from './processes/start-process.ts'
import type { Report } from './report.ts'
import { curve } from './scenarios/curve.ts'
import { relay } from './scenarios/relay.ts'
import { openSurroundings } from './surroundings.ts'

/** Seconds in which streams begin, and in which they run before anything is measured. */
const TIMES = { ramp: 0.5, warmUp: 0.5 }

/** Runs the scenarios that are wanted, one after the other. */
export async function runBench(options: Options, say: (line: string) => void): Promise<Report> {
  const { streams, rate, seconds, rounds, profiles } = options
  const pinned = canPin()
  const report: Report = { machine: describeMachine(pinned) }
  const surroundings = await openSurroundings()
  const bench: Bench = {
    contenders: contendersOf(),
    surroundings,
    measured: pinned ? 'measured' : 'anywhere',
    beside: pinned ? 'beside' : 'anywhere',
    nodeOptionsOf: (name) =>
      profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(profiles, name)}`],
    say,
  }
  try {
    if (options.scenarios.includes('relay'))
      report.relay = await relay(bench, options.contenders, { ...TIMES, streams, rate, seconds, rounds })
    if (options.scenarios.includes('curve')) report.curve = await curve(bench, { ...TIMES, seconds, rounds })
  } finally {
    await surroundings.close()
  }
  return report
}
