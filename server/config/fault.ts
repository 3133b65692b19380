/** One thing that is wrong with the configuration. No part of it ever shows a secret. */
export interface ConfigFault {
  variable: string
  /** What is wrong, as the predicate of a sentence: `is "eighty"`. */
  problem: string
  /** What would be right: `a whole number from 0 to 65535`. */
  expected: string
}

/** The configuration cannot be used. Carries every fault at once; the message has one line for each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly ConfigFault[]

  constructor(faults: readonly ConfigFault[]) {
    super(
      faults
        .map(({ variable, problem, expected }) => `${variable} ${problem}; expected ${expected}`)
        .join('\n'),
    )
    this.faults = faults
  }
}
