import type { ErrorCode } from '../../protocol/errors.ts'
import type { Failure } from '../../client/failure.ts'

/** What the server said instead of an answer; thrown, since that is how queries and mutations hear of it. */
export class ApiFailure extends Error {
  readonly code: ErrorCode | 'unreachable'
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.name = 'ApiFailure'
    this.code = failure.code
    this.failure = failure
  }
}
