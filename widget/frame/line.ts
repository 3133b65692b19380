import type { Result } from '../../protocol/result.ts'
import type {
  HandshakeRefusal,
  WidgetData,
  WidgetEvents,
  WidgetHandshake,
  WidgetPayload,
  WidgetRequest,
} from '../../protocol/widget.ts'
import type { Session } from '../bridge.ts'

/** Milliseconds to wait for an answer. */
export const ACK_WAIT = 10_000

/** No answer came, or there is no line: the same may succeed later. */
export const UNAVAILABLE: Result<never> = {
  ok: false,
  error: { code: 'unavailable', message: 'There is no connection.', retryable: true },
}

/** One event of the server: its name decides what its arguments are. */
export type WidgetEvent = {
  [E in keyof WidgetEvents]: { name: E; args: Parameters<WidgetEvents[E]> }
}[keyof WidgetEvents]

export interface LinePorts {
  /** Who is calling and how far its copy goes; a rejection closes the line. */
  auth(): Promise<WidgetHandshake>
  /** A session was made on this line before its `session:ready` could tell so. */
  onSession(session: Session): void
  /** The first is `session:ready`; a line that polls tells it again each time. */
  onEvent(event: WidgetEvent): void
  /** Exactly once, when the line is over: the server's refusal, or null for anything else. */
  onClosed(refusal: HandshakeRefusal | null): void
}

/** One connection of some kind to the server, from its opening to its end; never reused. */
export interface Line {
  /** When the server was heard last, by `Date.now()`. */
  readonly heardAt: number
  /** Asks the server; answers within 10 s, with `UNAVAILABLE` where no answer comes. */
  request<R extends WidgetRequest>(name: R, payload: WidgetPayload<R>): Promise<Result<WidgetData<R>>>
  close(): void
}

/** The kinds of lines, the best one first: all that one has, the next one has too, but later or at more expense. */
export const WAYS = ['socket', 'stream', 'poll'] as const
export type Way = (typeof WAYS)[number]
