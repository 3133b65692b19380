import type { AdminConversation, AdminData, WatchedMessage } from '../../protocol/admin.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { PersonNamed } from '../../protocol/presence.ts'
import type { Handoff, ReplyCursor } from '../../protocol/records.ts'
import type { ReplyStart, ToolConfirm } from '../../protocol/widget.ts'
import { advance, mergeMessages } from '../../transcript/message-rows.ts'
import {
  applyDelta,
  applyReplyStart,
  applyToolStart,
  mergeReply,
  type HeldReply,
} from '../../transcript/reply.ts'
import {
  beginCall,
  endCall,
  leaveCalls,
  mergeCalls,
  type ObservedTool,
  type ToolCall,
  type ToolCallEnd,
} from './tool-calls.ts'

/** What one writes, until a row shows it. */
export interface Sending {
  readonly client_message_id: string
  readonly text: string
  readonly created_at: string
  /** Why it will not arrive. */
  readonly failed?: ErrorCode
}

/**
 * One conversation as a person of the business watches it. A value: `apply` makes the next one and shares what did not
 * change, so that a delta costs one small object.
 */
export interface Watched extends HeldReply<ObservedTool> {
  readonly conversation: AdminConversation
  /** Durable rows in the order of `seq`. */
  readonly messages: readonly WatchedMessage[]
  /** Nothing is missing between the oldest row held and this `seq`. */
  readonly lastSeq: number
  /** Older rows exist: `history:load`. */
  readonly older: boolean
  /** Every call that was heard of, in the order in which they began. */
  readonly calls: readonly ToolCall[]
  /** Calls that wait for the visitor's yes. */
  readonly confirming: readonly ToolConfirm[]
  readonly sending: readonly Sending[]
  /** Who types: the visitor, or the person who has the conversation. */
  readonly typing: { readonly user: boolean; readonly agent: boolean }
  /** Who of the business looks at it, oneself included. */
  readonly present: readonly PersonNamed[]
}

export type WatchedEvent =
  | { type: 'snapshot'; snapshot: AdminData<'conversation:watch'> }
  | { type: 'history'; page: AdminData<'history:load'> }
  | { type: 'changed'; conversation: AdminConversation }
  | { type: 'ended' }
  | { type: 'created'; message: WatchedMessage }
  | { type: 'reply-started'; start: ReplyStart }
  | { type: 'delta'; turn: number; attempt: number; offset: number; text: string }
  | { type: 'reply-ended'; turn: number; message: WatchedMessage }
  | { type: 'tool-started'; tool: ObservedTool }
  | { type: 'tool-ended'; end: ToolCallEnd }
  /** What was kept of calls that were not heard. */
  | { type: 'calls'; calls: readonly ToolCall[] }
  | { type: 'confirm-asked'; question: ToolConfirm }
  | { type: 'confirm-over'; call_id: string }
  | { type: 'handoff-changed'; handoff: Handoff }
  | { type: 'presence'; present: readonly PersonNamed[] }
  | { type: 'hands-changed'; epoch: number; state: 'agent' | 'ai' }
  | { type: 'typing'; author: 'user' | 'agent'; typing: boolean }
  | { type: 'sending'; entry: Sending }
  | { type: 'send-failed'; client_message_id: string; code: ErrorCode }
  | { type: 'discarded'; client_message_id: string }

/** The copy that a first snapshot makes. */
export function beginWatching(snapshot: AdminData<'conversation:watch'>): Watched {
  const empty: Watched = {
    conversation: snapshot.conversation,
    messages: [],
    lastSeq: 0,
    older: false,
    reply: null,
    tools: [],
    calls: [],
    confirming: [],
    sending: [],
    typing: { user: false, agent: false },
    present: [],
    epoch: 0,
    endedTurn: 0,
    needsSync: false,
  }
  return applySnapshot(empty, snapshot)
}

/** The copy after one event. Events may come twice, late, or after a gap: it says `needsSync` when it must. */
export function apply(held: Watched, event: WatchedEvent): Watched {
  switch (event.type) {
    case 'snapshot':
      return applySnapshot(held, event.snapshot)
    case 'history':
      return { ...absorb(held, event.page.messages), older: event.page.has_more }
    case 'changed':
      return applyConversation(held, event.conversation)
    case 'ended':
      return settle({ ...held, conversation: { ...held.conversation, state: 'ended' } })
    case 'created':
    case 'reply-ended':
      return applyLive(held, event.message, event.type === 'reply-ended' ? event.turn : 0)
    case 'reply-started':
      return applyReplyStart(held, event.start)
    case 'delta':
      return applyDelta(held, event)
    case 'tool-started':
      return { ...applyToolStart(held, event.tool), calls: beginCall(held.calls, event.tool) }
    case 'tool-ended':
      return applyToolEnd(held, event.end)
    case 'confirm-asked':
      return { ...held, confirming: [...withoutCall(held.confirming, event.question), event.question] }
    case 'confirm-over':
      return { ...held, confirming: withoutCall(held.confirming, event) }
    case 'handoff-changed':
      return applyHandoff(held, event.handoff)
    case 'hands-changed':
      return applyHands(held, event)
    case 'presence':
      return { ...held, present: event.present }
    case 'calls':
      return { ...held, calls: mergeCalls(held.calls, event.calls) }
    case 'typing':
      return { ...held, typing: { ...held.typing, [event.author]: event.typing } }
    case 'sending':
      return { ...held, sending: [...withoutSent(held.sending, [event.entry]), event.entry] }
    case 'send-failed':
      return {
        ...held,
        sending: held.sending.map((one) => (isSame(one, event) ? { ...one, failed: event.code } : one)),
      }
    case 'discarded':
      return { ...held, sending: withoutSent(held.sending, [event]) }
  }
}

/** A message to be sent, with the id under which it is sent however often. */
export function newSending(text: string): Sending {
  return { client_message_id: crypto.randomUUID(), text, created_at: new Date().toISOString() }
}

/** What `conversation:watch` says of this copy, so that only what it lacks is told. */
export function cursorOf({ lastSeq, reply }: Watched): { last_seq: number; reply?: ReplyCursor } {
  const cursor = { last_seq: lastSeq }
  if (!reply) return cursor
  const { turn, attempt, text } = reply
  return { ...cursor, reply: { turn, attempt, offset: text.length } }
}

/** Takes in the truth as the server had it: rows after our cursor, or the newest, and what runs. */
function applySnapshot(held: Watched, snapshot: AdminData<'conversation:watch'>): Watched {
  const { messages, has_more, reply, tools_running, confirming, present } = snapshot
  const isFirst = held.lastSeq === 0
  const next = absorb(applyConversation(held, snapshot.conversation), messages)
  const newest = messages.reduce((highest, { seq }) => Math.max(highest, seq), 0)
  const told = mergeReply(
    {
      ...next,
      lastSeq: advance(Math.max(next.lastSeq, newest), next.messages),
      older: isFirst ? has_more : held.older,
      confirming,
      present,
      needsSync: !isFirst && has_more,
    },
    reply,
  )
  return {
    ...told,
    tools: told.reply ? tools_running : [],
    calls: tools_running.reduce(beginCall, leaveCalls(told.calls, tools_running)),
  }
}

/** What is told of a conversation may be older than what was heard of it since. */
function applyConversation(held: Watched, conversation: AdminConversation): Watched {
  if (conversation.id !== held.conversation.id || conversation.epoch < held.epoch) return held
  const next = { ...held, conversation, epoch: conversation.epoch }
  return conversation.epoch > held.epoch || conversation.state === 'ended' ? settle(next) : next
}

function applyLive(held: Watched, message: WatchedMessage, turn: number): Watched {
  const ended = turn > held.endedTurn ? { ...held, endedTurn: turn } : held
  const next = absorb(ended, [message])
  const newest = next.messages.at(-1)?.seq ?? 0
  const typing = message.role === 'user' ? { ...next.typing, user: false } : next.typing
  return { ...next, typing, needsSync: next.needsSync || newest > next.lastSeq }
}

/** Adds rows, and lets go of what they replace: what was being sent, and the stream of their turn. */
function absorb(held: Watched, rows: readonly WatchedMessage[]): Watched {
  const messages = mergeMessages(held.messages, rows)
  const endedTurn = rows.reduce((highest, row) => Math.max(highest, row.turn ?? 0), held.endedTurn)
  return settle({
    ...held,
    messages,
    lastSeq: advance(held.lastSeq, messages),
    endedTurn,
    sending: withoutSent(held.sending, rows),
  })
}

/** Lets go of what has ended: by its turn, or by a change of hands. */
function settle(held: Watched): Watched {
  const { conversation, reply, endedTurn, epoch } = held
  const runs = reply !== null && reply.turn > endedTurn && reply.epoch >= epoch && conversation.state === 'ai'
  const confirming = conversation.state === 'ai' ? held.confirming.filter(({ turn }) => turn > endedTurn) : []
  if (runs) return { ...held, confirming }
  const ended = reply ? Math.max(endedTurn, reply.turn) : endedTurn
  const calls = leaveCalls(
    held.calls,
    held.tools.filter(({ turn }) => turn > ended),
  )
  return { ...held, reply: null, tools: [], calls, confirming, endedTurn: ended }
}

function applyToolEnd(held: Watched, end: ToolCallEnd): Watched {
  return {
    ...held,
    tools: held.tools.filter(({ call_id }) => call_id !== end.call_id),
    calls: endCall(held.calls, end),
  }
}

/** A place in the queue may be told after a person has come. */
function applyHandoff(held: Watched, { state, position }: Handoff): Watched {
  if (state === 'requested' && held.conversation.state === 'agent') return held
  const { handoff_position, handoff_request, ...rest } = held.conversation
  const waits = state === 'requested'
  const place = position ?? handoff_position
  const conversation: AdminConversation = {
    ...rest,
    handoff: state,
    ...(waits && handoff_request && { handoff_request }),
    ...(waits && place !== undefined && { handoff_position: place }),
  }
  return { ...held, conversation }
}

/** Nothing that an earlier epoch began is heard after this. */
function applyHands(held: Watched, { epoch, state }: { epoch: number; state: 'agent' | 'ai' }): Watched {
  if (epoch < held.epoch) return held
  const conversation = { ...held.conversation, state, epoch }
  return settle({ ...held, epoch, conversation, typing: { ...held.typing, agent: false } })
}

function withoutCall(
  waiting: readonly ToolConfirm[],
  { call_id }: { call_id: string },
): readonly ToolConfirm[] {
  return waiting.filter((one) => one.call_id !== call_id)
}

function withoutSent(
  sending: readonly Sending[],
  rows: readonly { client_message_id?: string }[],
): readonly Sending[] {
  const left = sending.filter((one) => !rows.some((row) => isSame(one, row)))
  return left.length === sending.length ? sending : left
}

function isSame(one: Sending, { client_message_id }: { client_message_id?: string }): boolean {
  return one.client_message_id === client_message_id
}
