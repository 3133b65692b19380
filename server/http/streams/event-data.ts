import type { StreamedDelta } from '../../../protocol/chat.ts'
import type { WidgetEvents } from '../../../protocol/widget.ts'

/** What is told of an event: the same fields as over a socket, by name where those are positional. */
export function eventData<E extends keyof WidgetEvents>(event: E, args: Parameters<WidgetEvents[E]>): object {
  if (event !== 'reply:delta') return args[0] as object
  const [turn, attempt, offset, text] = args as Parameters<WidgetEvents['reply:delta']>
  return { turn, attempt, offset, text } satisfies StreamedDelta
}
