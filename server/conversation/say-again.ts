import { setImmediate as otherWork } from 'node:timers/promises'
import { pieces } from '../llm/pieces.ts'

/** Says a text piece by piece, as fast as it can be heard, so that it can be stopped in its middle. */
export async function sayAgain(
  text: string,
  say: (piece: string) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const piece of pieces(text)) {
    signal.throwIfAborted()
    say(piece)
    await otherWork()
  }
  signal.throwIfAborted()
}
