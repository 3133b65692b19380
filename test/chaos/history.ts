import type { ErrorCode } from '../../protocol/errors.ts'
import type { Message } from '../../protocol/records.ts'
import type { WidgetData, WidgetEvent, WidgetEvents } from '../../protocol/widget.ts'
import type { Fault } from './plan.ts'

/** An event as a tab heard it. */
export type Heard = {
  [E in WidgetEvent]: { event: E; args: Parameters<WidgetEvents[E]> }
}[WidgetEvent]

/** What was done and seen from outside. `tab` is one copy of a conversation: a socket or a stream, however often connected. */
export type Deed =
  | { op: 'connects'; tab: string }
  | { op: 'lost'; tab: string; why: string }
  | { op: 'not let in'; tab: string; code: string; retryable: boolean }
  | ({ op: 'told'; tab: string } & Heard)
  | { op: 'synced'; tab: string; data: WidgetData<'session:sync'> }
  | { op: 'is'; session: string }
  | { op: 'sends'; id: string; text: string }
  /** `tab`: the copy that took the message from its ack. */
  | { op: 'acked'; id: string; message: Message; tab?: string }
  /** No answer came: it may have happened. */
  | { op: 'unacked'; id: string }
  | { op: 'refused'; id: string; code: ErrorCode; retryable: boolean }
  /** A request that waited for its answer had it. */
  | { op: 'answered'; id: string; message: Message }
  | { op: 'stopped'; conversation: string; turn: number }
  | { op: 'took over'; conversation: string; epoch: number }
  | { op: 'handed back'; conversation: string; epoch: number }
  | { op: 'suffers'; fault: Fault['kind']; node?: string }
  | { op: 'is over'; fault: Fault['kind']; node?: string }

/** One line of the history. `at` is Date.now(); `who` a visitor, an agent, or the world. */
export type Op = { at: number; who: string } & Deed

/** Everything that clients sent, were acked and heard, in the order in which it happened, as Jepsen's histories are. */
export type History = readonly Op[]

/** Writes a history. */
export class HistoryBook {
  readonly ops: Op[] = []

  note(who: string, deed: Deed): void {
    this.ops.push({ at: Date.now(), who, ...deed })
  }
}

/** The lines of one kind. */
export function opsOf<K extends Deed['op']>(history: History, kind: K): Extract<Op, { op: K }>[] {
  return history.filter((op): op is Extract<Op, { op: K }> => op.op === kind)
}

/** The lines of each tab, in their order. */
export function byTab(history: History): Map<string, Op[]> {
  const tabs = new Map<string, Op[]>()
  for (const op of history) {
    if (!('tab' in op)) continue
    const own = tabs.get(op.tab)
    if (own) own.push(op)
    else tabs.set(op.tab, [op])
  }
  return tabs
}

/** A line for people; what was said is told by its length: this is about order. */
export function describeOp({ at, who, op, ...rest }: Op): string {
  const told = JSON.stringify(rest, (key, value: unknown) =>
    (key === 'content' || key === 'text') && typeof value === 'string' ? `${value.length} units` : value,
  )
  return `${new Date(at).toISOString().slice(11)} ${who} ${op} ${told.slice(0, WIDTH)}`
}

const WIDTH = 400
