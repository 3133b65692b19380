import type { RunningReply } from '../../protocol/records.ts'
import type { WidgetEvents } from '../../protocol/widget.ts'
import type { BrokenOff } from '../../server/conversation/other-nodes.ts'
import type { Address, SharedEvent, ToolEvent, ToolTold } from '../../server/conversation/publisher.ts'

export type EventName = SharedEvent

/** An event with what it says. */
export type Told = { [E in EventName]: { event: E; args: Parameters<WidgetEvents[E]> } }[EventName]

/** An event of a tool with all that is told of it. */
export type ToldOfTool = { [E in ToolEvent]: { event: E; told: ToolTold[E] } }[ToolEvent]

/** What is called out only where somebody listens, in its order. */
export type Carried = { to: Address } & (({ kind: 'event' } & Told) | ({ kind: 'tool' } & ToldOfTool))

/** What nodes call out to each other about one session. */
export type Frame =
  | Carried
  | ({ to: Address } & (
      | { kind: 'ask' }
      | { kind: 'reply'; reply: RunningReply; tools: ToolTold['tool:start'][] }
      | { kind: 'interrupt'; turn: number; how: BrokenOff }
      | { kind: 'arrived'; seq: number }
      /** Something could not be called out in the last so many milliseconds: Postgres has it. */
      | { kind: 'missed'; withinMs: number }
    ))
  /** Which of the visitor's conversations it is, who watches knows. */
  | { to: Pick<Address, 'session_id'>; kind: 'typing'; typing: boolean }

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
