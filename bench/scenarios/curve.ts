import type { Bench } from '../bench.ts'
import { figureOf, ratioOf, type Figure } from '../figures.ts'
import { GATES, judge, type Verdict } from '../gates.ts'
import type { RelaySettings } from '../relay-run.ts'
import { runRounds } from './rounds.ts'

/** Tokens a second of all streams together. */
const TOTAL_RATE = 8_000
const STREAMS = [50, 100, 200, 400, 800] as const

/** One number of streams. CPU in microseconds per token. */
export interface CurvePoint {
  streams: number
  rate: number
  parlor: number
  limit: number
  beside: Figure
}

export interface CurveResult {
  settings: CurveSettings
  points: CurvePoint[]
  verdicts: Verdict[]
}

export type CurveSettings = Omit<RelaySettings, 'streams' | 'rate'> & { rounds: number }

/** The same number of tokens in few fast streams and in many slow ones, by Parlor and at the limit. */
export async function curve(bench: Bench, settings: CurveSettings): Promise<CurveResult> {
  const points: CurvePoint[] = []
  for (const streams of STREAMS) {
    const rate = TOTAL_RATE / streams
    bench.say(`${streams} streams of ${rate} tokens a second`)
    const came = await runRounds(bench, ['limit', 'parlor'], { ...settings, streams, rate })
    const cpu = (name: 'limit' | 'parlor') => came.get(name)?.map((one) => one.cpuPerToken) ?? []
    const [parlor, limit] = [cpu('parlor'), cpu('limit')]
    points.push({
      ...{ streams, rate },
      parlor: figureOf(parlor).median,
      limit: figureOf(limit).median,
      beside: ratioOf(parlor, limit),
    })
  }
  const verdicts = points.map(({ streams, beside }) =>
    judge({ ...GATES.limit, what: `${GATES.limit.what}, ${streams} streams` }, beside),
  )
  return { settings, points, verdicts }
}
