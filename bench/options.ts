import { parseArgs } from 'node:util'
import type { ContenderName } from './contenders.ts'

/** What a run of the bench is told. */
export interface Options {
  scenarios: ('relay' | 'curve')[]
  contenders: ContenderName[]
  streams: number
  rate: number
  seconds: number
  rounds: number
  /** Where profiles of the contenders are put, made by Node; null: none are made. */
  profiles: string | null
  /** Whether the table goes into docs/performance.md. */
  write: boolean
}

const SCENARIOS = ['relay', 'curve'] as const
const CONTENDERS = ['limit', 'bare-uws', 'bare-ws', 'parlor', 'parlor-alone', 'usual'] as const

export const USAGE = `npm run bench -- [options]
  --only relay,curve       which scenarios (all)
  --contenders a,b         of ${CONTENDERS.join(', ')} (all); for relay
  --streams 200            visitors who are answered at a time; for relay
  --rate 50                tokens a second of each; for relay
  --seconds 4              how long a round is measured
  --rounds 7               rounds that count, of each contender
  --profiles FOLDER        makes CPU profiles of the contenders there
  --write                  puts the tables into docs/performance.md`

/** Reads them. Throws with the usage where one is wrong. */
export function readOptions(parameters: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string', default: SCENARIOS.join() },
      contenders: { type: 'string', default: CONTENDERS.join() },
      streams: { type: 'string', default: '200' },
      rate: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '4' },
      rounds: { type: 'string', default: '7' },
      profiles: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  })
  return {
    scenarios: listed(values.only, SCENARIOS),
    contenders: listed(values.contenders, CONTENDERS),
    streams: positive(values.streams),
    rate: positive(values.rate),
    seconds: positive(values.seconds),
    rounds: positive(values.rounds),
    profiles: values.profiles ?? null,
    write: values.write,
  }
}

function listed<T extends string>(given: string, known: readonly T[]): T[] {
  return given.split(',').map((name) => {
    const found = known.find((one) => one === name)
    if (found === undefined) throw new Error(`${name} is none of ${known.join(', ')}.\n\n${USAGE}`)
    return found
  })
}

function positive(given: string): number {
  const number = Number(given)
  if (!(number > 0)) throw new Error(`${given} is not a positive number.\n\n${USAGE}`)
  return number
}
