import type { StreamedDelta } from '../../../protocol/chat.ts'
import type { WidgetEvents } from '../../../protocol/widget.ts'

/** A piece of a reply by name: over a socket its fields are positional. */
export function pieceOf([turn, attempt, offset, text]: Parameters<
  WidgetEvents['reply:delta']
>): StreamedDelta {
  return { turn, attempt, offset, text }
}
