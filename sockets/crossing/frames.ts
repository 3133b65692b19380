import type { RunningReply } from '../../protocol/records.ts'
import type { WidgetEvents } from '../../protocol/widget.ts'
import type { BrokenOff } from '../../server/conversation/other-nodes.ts'
import type { Address } from '../../server/conversation/publisher.ts'

export type EventName = keyof WidgetEvents

/** An event with what it says. */
export type Told = { [E in EventName]: { event: E; args: Parameters<WidgetEvents[E]> } }[EventName]

/** What nodes call out to each other about one session. */
export type Frame = { to: Address } & (
  | ({ kind: 'event' } & Told)
  | { kind: 'ask' }
  | { kind: 'reply'; reply: RunningReply }
  | { kind: 'interrupt'; turn: number; how: BrokenOff }
  | { kind: 'arrived'; seq: number }
  /** Something could not be called out in the last so many milliseconds: Postgres has it. */
  | { kind: 'missed'; withinMs: number }
)

/** A frame as it crosses; `from` is the node that calls. */
export function encodeFrame(from: string, frame: Frame): string {
  return JSON.stringify({ from, ...frame })
}

/** Null: this was called by no node of ours. */
export function decodeFrame(text: string): (Frame & { from: string }) | null {
  try {
    const frame = JSON.parse(text) as Partial<Frame & { from: string }> | null
    const isWhole =
      typeof frame?.from === 'string' && typeof frame.to === 'object' && frame.kind !== undefined
    return isWhole ? (frame as Frame & { from: string }) : null
  } catch {
    return null
  }
}
