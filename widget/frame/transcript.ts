import type { ErrorCode } from '../../protocol/errors.ts'
import type { Conversation, Handoff, Message, ReplyCursor, RunningReply } from '../../protocol/records.ts'
import type {
  ReplyStart,
  SessionReady,
  ToolConfirm,
  ToolConfirmed,
  ToolEnd,
  ToolStart,
  WidgetData,
} from '../../protocol/widget.ts'
import type { OutboxEntry } from '../bridge.ts'
import { ask, stillWaiting } from './confirming.ts'
import { advance, mergeMessages, startedBefore } from '../../transcript/message-rows.ts'
import {
  applyDelta,
  applyReplyStart,
  applyToolStart,
  mergeReply,
  type Reply,
} from '../../transcript/reply.ts'

/**
 * One visitor's copy of a conversation. A value: `apply` makes the next one and shares what did not change, so a
 * delta costs one small object however long the history is.
 */
export interface Transcript {
  readonly conversation: Conversation | null
  /** Durable rows in the order of `seq`. */
  readonly messages: readonly Message[]
  /** Nothing is missing between the oldest row held and this `seq`. */
  readonly lastSeq: number
  /** Older rows exist: `history:load`. */
  readonly older: boolean
  readonly reply: Reply | null
  /** Tools at work in the running reply. */
  readonly tools: readonly ToolStart[]
  /** Calls that wait for the visitor's yes. */
  readonly confirming: readonly ToolConfirm[]
  /** What the visitor sent and no row shows yet. */
  readonly pending: readonly OutboxEntry[]
  /** Whether a person is wanted or there. */
  readonly handoff: Handoff
  readonly epoch: number
  /** The highest turn known to have ended. */
  readonly endedTurn: number
  /** Something was missed: `session:sync` with `cursorOf` this. */
  readonly needsSync: boolean
}

export type TranscriptEvent =
  /** `asked`: the conversation that the handshake's cursor spoke of. */
  | { type: 'ready'; ready: SessionReady; asked: string | undefined }
  | { type: 'synced'; answer: WidgetData<'session:sync'> }
  | { type: 'history'; conversationId: string; page: WidgetData<'history:load'> }
  | { type: 'started'; conversation: Conversation }
  | { type: 'ended' }
  | { type: 'rated'; score: number }
  | { type: 'created'; message: Message }
  | { type: 'reply-started'; start: ReplyStart }
  | { type: 'delta'; turn: number; attempt: number; offset: number; text: string }
  | { type: 'reply-ended'; turn: number; message: Message }
  | { type: 'tool-started'; tool: ToolStart }
  | { type: 'tool-ended'; end: ToolEnd }
  | { type: 'confirm-asked'; question: ToolConfirm }
  | { type: 'confirm-over'; call_id: ToolConfirmed['call_id'] }
  | { type: 'handoff-changed'; handoff: Handoff }
  | { type: 'agent-joined'; epoch: number }
  | { type: 'agent-left'; epoch: number }
  | { type: 'sending'; entry: OutboxEntry }
  | { type: 'sent'; message: Message }
  | { type: 'send-failed'; client_message_id: string; code: ErrorCode }
  | { type: 'discarded'; client_message_id: string }
  /** The session is gone; what was not sent yet stays. */
  | { type: 'forgotten' }

export const EMPTY_TRANSCRIPT: Transcript = {
  conversation: null,
  messages: [],
  lastSeq: 0,
  older: false,
  reply: null,
  tools: [],
  confirming: [],
  pending: [],
  handoff: { state: 'none' },
  epoch: 0,
  endedTurn: 0,
  needsSync: false,
}

/** The transcript after one event. Events may come twice, late, or after a gap: it says `needsSync` when it must. */
export function apply(held: Transcript, event: TranscriptEvent): Transcript {
  const next = take(held, event)
  const { endedTurn, conversation } = next
  const confirming = stillWaiting(next.confirming, { endedTurn, state: conversation?.state })
  return confirming === next.confirming ? next : { ...next, confirming }
}

function take(held: Transcript, event: TranscriptEvent): Transcript {
  switch (event.type) {
    case 'ready':
      return applyReady(held, event.ready, event.asked)
    case 'synced':
      return applySynced(held, event.answer)
    case 'history':
      return applyHistory(held, event.conversationId, event.page)
    case 'started':
      return enter(held, event.conversation)
    case 'ended':
      return held.conversation
        ? {
            ...held,
            conversation: { ...held.conversation, state: 'ended' },
            handoff: EMPTY_TRANSCRIPT.handoff,
            tools: [],
          }
        : held
    case 'rated':
      return held.conversation
        ? { ...held, conversation: { ...held.conversation, rating: event.score } }
        : held
    case 'created':
    case 'reply-ended':
      return applyLive(held, event.message, event.type === 'reply-ended' ? event.turn : 0)
    case 'reply-started':
      return applyReplyStart(held, event.start)
    case 'delta':
      return applyDelta(held, event)
    case 'tool-started':
      return applyToolStart(held, event.tool)
    case 'tool-ended':
      return { ...held, tools: held.tools.filter((tool) => tool.call_id !== event.end.call_id) }
    case 'confirm-asked':
      return { ...held, confirming: ask(held.confirming, event.question) }
    case 'confirm-over':
      return { ...held, confirming: held.confirming.filter(({ call_id }) => call_id !== event.call_id) }
    case 'handoff-changed':
      return applyHandoff(held, event.handoff)
    case 'agent-joined':
      return applyEpoch(held, event.epoch, 'agent')
    case 'agent-left':
      return applyEpoch(held, event.epoch, 'ai')
    case 'sending':
      return applySending(held, event.entry)
    case 'sent':
      return applySent(held, event.message)
    case 'send-failed':
      return { ...held, pending: markFailed(held.pending, event.client_message_id, event.code) }
    case 'discarded':
      return { ...held, pending: without(held.pending, [event.client_message_id]) }
    case 'forgotten':
      return { ...EMPTY_TRANSCRIPT, pending: held.pending }
  }
}

/** What a handshake or `session:sync` says of this copy; empty before there is a conversation. */
export function cursorOf(held: Transcript): {
  conversation_id?: string
  last_seq?: number
  reply?: ReplyCursor
} {
  if (!held.conversation) return {}
  const cursor = { conversation_id: held.conversation.id, last_seq: held.lastSeq }
  if (!held.reply) return cursor
  const { turn, attempt, text } = held.reply
  return { ...cursor, reply: { turn, attempt, offset: text.length } }
}

function applyReady(held: Transcript, ready: SessionReady, asked: string | undefined): Transcript {
  if (!ready.conversation) return { ...EMPTY_TRANSCRIPT, pending: held.pending }
  const resumed = ready.conversation.id === asked && asked === held.conversation?.id
  const next = catchUp(held, ready.conversation, ready, resumed)
  const tools = next.reply ? ready.tools_running : []
  return { ...next, tools }
}

function applySynced(held: Transcript, answer: WidgetData<'session:sync'>): Transcript {
  if (!answer.conversation) return { ...held, needsSync: false }
  return catchUp(held, answer.conversation, answer, answer.conversation.id === held.conversation?.id)
}

/** Takes in the truth as the server had it when it answered: rows after our cursor, and the running reply. */
function catchUp(
  held: Transcript,
  conversation: Conversation,
  told: { messages: Message[]; has_more: boolean; reply?: RunningReply; confirming: ToolConfirm[] },
  resumed: boolean,
): Transcript {
  const base = resumed ? held : { ...EMPTY_TRANSCRIPT, pending: held.pending }
  const next = absorb(enter(base, conversation), told.messages)
  const oldest = told.messages[0]?.seq ?? 1
  const newest = told.messages.reduce((highest, message) => Math.max(highest, message.seq), 0)
  // Without a cursor the newest rows are told: unless they begin at 1, what remains is older.
  const remainsOlder = !resumed && told.has_more && oldest > 1
  const caughtUp = {
    ...next,
    lastSeq: advance(Math.max(next.lastSeq, newest), next.messages),
    older: resumed ? held.older : remainsOlder,
    confirming: told.confirming,
    needsSync: told.has_more && !remainsOlder,
  }
  return mergeReply(caughtUp, told.reply)
}

function applyHistory(
  held: Transcript,
  conversationId: string,
  page: WidgetData<'history:load'>,
): Transcript {
  if (held.conversation?.id !== conversationId) return held
  return { ...absorb(held, page.messages), older: page.has_more }
}

/** Makes a conversation the current one: another one than before begins empty, what was not sent goes along. */
function enter(held: Transcript, conversation: Conversation): Transcript {
  // Rows held without a conversation are its own, unless its beginning was missed and this is the next one.
  const strange = held.messages.some((row) => startedBefore(row, conversation))
  const other = held.conversation === null ? strange : held.conversation.id !== conversation.id
  const base = other ? { ...EMPTY_TRANSCRIPT, pending: held.pending } : held
  const { handoff: state, handoff_position: position } = conversation
  const handoff = { state, ...(position !== undefined && { position }) }
  return { ...base, conversation, handoff, epoch: Math.max(base.epoch, conversation.epoch) }
}

function applyLive(held: Transcript, message: Message, turn: number): Transcript {
  const twin = held.messages.find((row) => row.seq === message.seq)
  // Two rows with one number are of two conversations: that another one began was missed.
  if (twin && twin.id !== message.id) return { ...held, needsSync: true }
  const ended = turn > held.endedTurn ? { ...held, endedTurn: turn } : held
  const next = absorb(ended, [message])
  const newest = next.messages.at(-1)?.seq ?? 0
  return newest > next.lastSeq ? { ...next, needsSync: true } : next
}

/** Adds rows, and lets go of what they replace: optimistic messages and the stream of their turn. */
function absorb(held: Transcript, rows: readonly Message[]): Transcript {
  const messages = mergeMessages(held.messages, rows)
  const endedTurn = rows.reduce((highest, row) => Math.max(highest, row.turn ?? 0), held.endedTurn)
  const sent = rows.flatMap((row) => row.client_message_id ?? [])
  const running = held.reply !== null && held.reply.turn > endedTurn
  return {
    ...held,
    messages,
    lastSeq: advance(held.lastSeq, messages),
    endedTurn,
    pending: without(held.pending, sent),
    reply: running ? held.reply : null,
    tools: running ? held.tools : [],
  }
}

/** A place in the queue may be told after a person has come. */
function applyHandoff(held: Transcript, handoff: Handoff): Transcript {
  const isLate = handoff.state === 'requested' && held.conversation?.state === 'agent'
  return isLate ? held : { ...held, handoff }
}

/** Nothing that an earlier epoch began is heard after this. */
function applyEpoch(held: Transcript, epoch: number, state: 'agent' | 'ai'): Transcript {
  if (epoch < held.epoch || !held.conversation) return held
  const fenced = held.reply !== null && held.reply.epoch < epoch
  return {
    ...held,
    epoch,
    conversation: { ...held.conversation, state, epoch },
    endedTurn: fenced ? Math.max(held.endedTurn, held.reply.turn) : held.endedTurn,
    reply: fenced ? null : held.reply,
    tools: fenced ? [] : held.tools,
  }
}

function applySending(held: Transcript, entry: OutboxEntry): Transcript {
  const shown = held.messages.some((row) => row.client_message_id === entry.client_message_id)
  if (shown) return held
  const at = held.pending.findIndex((known) => known.client_message_id === entry.client_message_id)
  return { ...held, pending: at < 0 ? [...held.pending, entry] : held.pending.with(at, entry) }
}

function applySent(held: Transcript, message: Message): Transcript {
  // A resend may be answered with a row of a conversation that is over: it was sent, but it is not of this one.
  if (held.conversation && startedBefore(message, held.conversation))
    return { ...held, pending: without(held.pending, [message.client_message_id ?? '']) }
  return applyLive(held, message, 0)
}

function markFailed(pending: readonly OutboxEntry[], id: string, code: ErrorCode): readonly OutboxEntry[] {
  return pending.map((entry) => (entry.client_message_id === id ? { ...entry, failed: code } : entry))
}

function without(pending: readonly OutboxEntry[], ids: readonly string[]): readonly OutboxEntry[] {
  if (!pending.some((entry) => ids.includes(entry.client_message_id))) return pending
  return pending.filter((entry) => !ids.includes(entry.client_message_id))
}
