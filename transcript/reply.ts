import type { RunningReply } from '../protocol/records.ts'
import type { ReplyStart, ToolStart } from '../protocol/widget.ts'

/** The answer being written. `text` is all of it so far; its length is the offset of the next delta. */
export interface Reply {
  readonly turn: number
  readonly attempt: number
  readonly epoch: number
  readonly answers_to: number
  readonly text: string
}

/** What a copy of a conversation knows of the answer being written: the functions here give the next such copy. */
export interface HeldReply<Tool extends ToolStart = ToolStart> {
  readonly reply: Reply | null
  /** Tools at work in the running reply. */
  readonly tools: readonly Tool[]
  readonly epoch: number
  /** The highest turn known to have ended. */
  readonly endedTurn: number
  /** Something was missed. */
  readonly needsSync: boolean
}

/** Takes in the running reply as the server had it when it answered. */
export function mergeReply<Held extends HeldReply>(held: Held, told: RunningReply | undefined): Held {
  if (!told || told.turn <= held.endedTurn) return { ...held, reply: null, tools: [] }
  const mine = held.reply
  const same = mine?.turn === told.turn && mine.attempt === told.attempt
  if (mine && !same && (mine.turn > told.turn || (mine.turn === told.turn && mine.attempt > told.attempt)))
    return held
  const before = same ? mine.text : ''
  if (told.offset > before.length) return { ...held, reply: null, needsSync: true }
  const text = before.slice(0, told.offset) + told.text
  const { turn, attempt, epoch, answers_to } = told
  const reply = { turn, attempt, epoch, answers_to, text: text.length >= before.length ? text : before }
  return { ...held, reply, epoch: Math.max(held.epoch, epoch) }
}

/** A reply begins, begins anew, or was joined by a further message. */
export function applyReplyStart<Held extends HeldReply>(held: Held, start: ReplyStart): Held {
  const mine = held.reply
  if (start.turn <= held.endedTurn || start.epoch < held.epoch) return held
  if (mine && (mine.turn > start.turn || (mine.turn === start.turn && mine.attempt > start.attempt)))
    return held
  const again = mine?.turn === start.turn && mine.attempt === start.attempt
  const { turn, attempt, epoch, answers_to } = start
  return {
    ...held,
    reply: { turn, attempt, epoch, answers_to, text: again ? mine.text : '' },
    tools: again ? held.tools : [],
    epoch: Math.max(held.epoch, epoch),
    needsSync: held.needsSync || (mine !== null && mine.turn < turn),
  }
}

/** More of the text; what shows a gap asks for a sync. */
export function applyDelta<Held extends HeldReply>(
  held: Held,
  { turn, attempt, offset, text }: { turn: number; attempt: number; offset: number; text: string },
): Held {
  if (turn <= held.endedTurn) return held
  const mine = held.reply
  const unknown = !mine || turn > mine.turn || (turn === mine.turn && attempt > mine.attempt)
  if (unknown) return held.needsSync ? held : { ...held, needsSync: true }
  if (turn < mine.turn || attempt < mine.attempt || offset < mine.text.length) return held
  if (offset > mine.text.length) return held.needsSync ? held : { ...held, needsSync: true }
  return { ...held, reply: { ...mine, text: mine.text + text } }
}

/** A tool is at work in the running reply. */
export function applyToolStart<Tool extends ToolStart, Held extends HeldReply<Tool>>(
  held: Held,
  tool: Tool,
): Held {
  if (tool.turn !== held.reply?.turn) return held
  return { ...held, tools: [...held.tools.filter((known) => known.call_id !== tool.call_id), tool] }
}
