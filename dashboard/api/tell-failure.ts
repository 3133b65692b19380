import type { Words } from '../words/en/index.ts'
import { ApiFailure } from './api-failure.ts'

/** A failed request in a sentence for people. */
export function tellFailure(error: unknown, { common }: Words): string {
  if (!(error instanceof ApiFailure)) return common.failed
  const { code, message, retry_after } = error.failure
  if (code === 'unreachable') return common.unreachable
  return retry_after === undefined ? message : `${message} ${common.tryAgainIn(retry_after)}`
}
