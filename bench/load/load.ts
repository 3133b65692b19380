import { startHelper, type Helper } from '../processes/helper.ts'
import type { Place } from '../processes/start-process.ts'
import type { DialectName } from './dialects.ts'
import type { Spread } from './latencies.ts'

export type LoadCalls = {
  /** Connects so many visitors; answers when all of them may ask. */
  open: { given: OpenLoad; gives: null }
  /** Lets everybody ask, spread evenly over a time; answers when all have heard a first word. */
  ask: { given: { withinMs: number }; gives: null }
  /** From here on latencies are taken. `heard` is the number of tokens that were heard so far. */
  begin: { given: null; gives: { heard: number } }
  end: { given: null; gives: { heard: number; latency: Spread } }
  /** Answers when all answers are over: with what was wrong with any of them. */
  settle: { given: null; gives: { restarts: number; faults: string[] } }
  close: { given: null; gives: null }
}

export interface OpenLoad {
  url: string
  dialect: DialectName
  count: number
}

/** Starts the process of the visitors. */
export function startLoad(place: Place): Promise<Helper<LoadCalls>> {
  return startHelper<LoadCalls>('load/program.ts', { place })
}
