/**
 * Parlor cannot start, or not go on, for a reason that the operator can mend. It is told as one line without a
 * stack: what is so, and what to do about it.
 */
export class StartError extends Error {
  override readonly name = 'StartError'

  constructor(what: string, hint: string, cause?: unknown) {
    super(`${what} ${hint}`, cause === undefined ? undefined : { cause })
  }
}
