import { setTimeout as delay } from 'node:timers/promises'
import type { Contender, Serving, Stage } from './contenders.ts'
import type { DialectName } from './load/dialects.ts'
import type { Spread } from './load/latencies.ts'
import { startLoad, type LoadCalls } from './load/load.ts'
import { cpuTime, residentMemory, type CpuTime } from './processes/cpu-time.ts'
import type { Helper } from './processes/helper.ts'
import type { Place } from './processes/start-process.ts'
import type { Provider } from './provider/provider.ts'

/** How one relay is run. Times in seconds. */
export interface RelaySettings {
  streams: number
  /** Tokens a second of each stream. */
  rate: number
  /** Over which the streams begin, one after the other. */
  ramp: number
  warmUp: number
  /** What is measured. */
  seconds: number
}

/** What came of one round. CPU is that of the contender's process, in microseconds for each token that arrived. */
export interface Relayed {
  cpuPerToken: number
  /** The part of it that the system used. */
  systemPerToken: number
  /** Tokens that arrived, of those that should have. */
  keptUp: number
  /** From the provider's write to the visitor's frame, in milliseconds. */
  latency: Spread
  /** Bytes, at the end. */
  memory: number
  /** Answers that were begun anew. */
  restarts: number
  /** What was wrong with any answer. */
  faults: string[]
}

/** A contender that serves, with visitors who are connected to it and idle between two rounds. */
export interface Relay {
  /** Everybody asks; all answers are checked from the first to the last token, and what they cost in the middle is taken. */
  round(): Promise<Relayed>
  close(): Promise<void>
}

/** Starts a contender and connects its visitors. */
export async function openRelay(
  contender: Contender,
  settings: RelaySettings,
  { provider, ...stage }: Omit<Stage, 'providerUrl'> & { provider: Provider },
  beside: Place,
): Promise<Relay> {
  const { streams, rate, ramp, warmUp, seconds } = settings
  const serving = await contender.start({ ...stage, providerUrl: provider.url })
  const load = await connect(serving, contender.dialect, streams, beside)

  return {
    async round() {
      await load.call('ask', { withinMs: ramp * 1_000 })
      await delay(warmUp * 1_000)
      const before = { ...(await load.call('begin', null)), cpu: cpuTime(serving.pid), at: performance.now() }
      await delay(seconds * 1_000)
      const after = { ...(await load.call('end', null)), cpu: cpuTime(serving.pid), at: performance.now() }
      const memory = residentMemory(serving.pid)
      await provider.call('end', null)
      const { faults, restarts } = await load.call('settle', null)
      const heard = after.heard - before.heard
      const wanted = (streams * rate * (after.at - before.at)) / 1_000
      return {
        cpuPerToken: ((sum(after.cpu) - sum(before.cpu)) * 1e6) / heard,
        systemPerToken: ((after.cpu.system - before.cpu.system) * 1e6) / heard,
        keptUp: heard / wanted,
        latency: after.latency,
        memory,
        restarts,
        faults,
      }
    },
    async close() {
      await load.call('close', null)
      await Promise.all([load.end(), serving.end()])
    },
  }
}

/** Ends the contender where its visitors cannot come: a process left behind would keep the bench from ending. */
async function connect(
  serving: Serving,
  dialect: DialectName,
  count: number,
  beside: Place,
): Promise<Helper<LoadCalls>> {
  let load: Helper<LoadCalls> | null = null
  try {
    load = await startLoad(beside)
    await load.call('open', { url: serving.url, dialect, count })
    return load
  } catch (error) {
    await Promise.all([load?.end(), serving.end()])
    throw error
  }
}

function sum({ user, system }: CpuTime): number {
  return user + system
}
