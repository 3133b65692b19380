import { opsOf, type History } from '../history.ts'

/** Nothing that visitors do here is wrong: they are only ever asked to try again. */
export function* nobodyIsRefused(history: History): Iterable<string> {
  for (const { who, id, code, retryable } of opsOf(history, 'refused'))
    if (!retryable) yield `${who}: ${id} was refused: ${code}`
  for (const { who, tab, code, retryable } of opsOf(history, 'not let in'))
    if (!retryable) yield `${who}: ${tab} was not let in: ${code}`
}
