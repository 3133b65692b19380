import type { ConfigFault } from './fault.ts'
import type { Env } from './env.ts'

/** What a value must be: the value itself, or null when it is not that. */
type Read<T> = (value: string) => T | null

/** Reads variables one by one and remembers every fault, so that all can be told at once. */
export class Variables {
  readonly faults: ConfigFault[] = []
  readonly #env: Env

  constructor(env: Env) {
    this.#env = env
  }

  /**
   * The variable as `read` understands it; `fallback` when it is unset, or wrong and noted as a fault. The fault
   * shows the value unless it may hold a secret.
   */
  take<T, F>(variable: string, fallback: F, expected: string, read: Read<T>, kind?: 'secret'): T | F {
    const value = this.#env[variable]
    if (value === undefined) return fallback
    const result = read(value)
    if (result !== null) return result
    const problem = kind === 'secret' ? 'cannot be used (its value is not shown)' : `is ${quote(value)}`
    this.faults.push({ variable, problem, expected })
    return fallback
  }

  /** Notes a fault where a variable is unset that the others make necessary. */
  needed(variable: string, expected: string): void {
    if (this.#env[variable] === undefined) this.faults.push({ variable, problem: 'is not set', expected })
  }

  wholeNumber(variable: string, fallback: number, least: number, most: number): number {
    return this.take(variable, fallback, `a whole number from ${least} to ${most}`, (value) => {
      const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN
      return number >= least && number <= most ? number : null
    })
  }

  oneOf<const T extends string>(variable: string, fallback: T, choices: readonly T[]): T {
    return this.take(
      variable,
      fallback,
      choices.join(' or '),
      (value) => choices.find((c) => c === value) ?? null,
    )
  }
}

function quote(value: string): string {
  const shown = value.length > 60 ? `${value.slice(0, 60)}...` : value
  return JSON.stringify(shown)
}
