import Type, { type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import { Attributes } from './attributes.ts'
import { WIRE_LIMITS } from './limits.ts'
import { Note } from './notes.ts'
import { PersonNamed } from './presence.ts'
import {
  ChannelName,
  ClientMessageId,
  Conversation,
  count,
  HandoffState,
  Message,
  ReplyCursor,
  Role,
  RunningReply,
  Seq,
  Text,
  Timestamp,
  Uuid,
} from './records.ts'
import type { Result } from './result.ts'
import type { AdminRole } from './roles.ts'
import { Confirming, ToolEnd, ToolStart, WIDGET_EVENTS, type Told } from './widget.ts'

/** The Socket.IO namespace of the people of the business. */
export const ADMIN_NAMESPACE = '/admin'

const closed = { additionalProperties: false }

const AccessToken = Type.String({
  minLength: 1,
  maxLength: 4_096,
  description: 'The access token that signing in gives.',
})

/** `auth` of the handshake. */
export const AdminHandshake = Type.Object({ token: AccessToken }, closed)
export type AdminHandshake = Static<typeof AdminHandshake>

/** Why a person is wanted. */
export const HandoffRequest = Type.Object(
  {
    by: Type.Enum(['visitor', 'ai', 'rule']),
    reason: Type.Optional(Type.String({ description: 'In the words of who asked.' })),
    requested_at: Timestamp,
  },
  { description: 'While a person is wanted: who asks for one, why, and since when.' },
)
export type HandoffRequest = Static<typeof HandoffRequest>

/** A conversation as the people of the business see it. */
export const AdminConversation = Type.Object({
  ...Conversation.properties,
  client_id: Uuid,
  agent: Type.Optional(
    Type.Object({ ...PersonNamed.properties }, { description: 'Who has taken it over, while somebody has.' }),
  ),
  last_message: Type.Optional(
    Type.Object(
      { role: Role, text: Type.String() },
      { description: 'What was said last, or the beginning of it.' },
    ),
  ),
  handoff_request: Type.Optional(HandoffRequest),
  contact: Type.Optional(
    Type.Object(
      { email: Type.String(), name: Type.Optional(Type.String()) },
      { description: 'Where the visitor wants to be answered.' },
    ),
  ),
  claims: Type.Optional(
    Type.Object(
      { visitor: Attributes, conversation: Attributes },
      { description: 'What the page tells of them. Nobody has proved it: the visitor may have written it.' },
    ),
  ),
})
export type AdminConversation = Static<typeof AdminConversation>

/**
 * A message as the people of the business see it: what a tool brought after its call had been answered has the role
 * `tool`, and its words. Its visitor is told of a message of the system without any.
 */
export const WatchedMessage = Type.Object(
  {
    ...Message.properties,
    role: Type.Enum(['user', 'assistant', 'agent', 'system', 'tool']),
    tool: Type.Optional(
      Type.Object(
        {
          name: Type.String(),
          arguments: Type.Unknown({ description: 'As the model wrote them, secrets masked.' }),
          failed: Type.Boolean(),
        },
        { description: 'Of a late result: the call that it belongs to. `content` is what the model reads.' },
      ),
    ),
  },
  { description: 'One durable message, with what only the people of the business may read of it.' },
)
export type WatchedMessage = Static<typeof WatchedMessage>

const Present = Type.Array(PersonNamed, {
  description: 'Who of the business looks at it now, oneself included.',
})

/** A tool at work, with what it was asked. */
const ObservedTool = Type.Object({
  ...ToolStart.properties,
  arguments: Type.Unknown({ description: 'As the model wrote them.' }),
})

const Empty = Type.Object({}, closed)
const Named = Type.Object({ conversation_id: Uuid }, closed)
const OneConversation = Type.Object({ conversation: AdminConversation })

/**
 * Everything a person of the business can ask: the least role that may, what for, the payload, and the data of a positive
 * ack.
 */
export const ADMIN_REQUESTS = {
  'session:renew': {
    least: 'analyst',
    summary: 'Go on with a fresh access token of the same person.',
    payload: AdminHandshake,
    data: Type.Object({ expires_at: Timestamp }),
  },
  'inbox:watch': {
    least: 'analyst',
    summary:
      'Be told of every conversation that is opened, changes or ends. The ack has a page of those that are open, begun last first; asked with `after`, the page that follows. What it is narrowed by narrows the page; of what is told, `client_id` alone, for whether a conversation still fits is seen from it.',
    payload: Type.Object(
      {
        client_id: Type.Optional(Uuid),
        state: Type.Optional(Type.Enum(['ai', 'agent'])),
        handoff: Type.Optional(HandoffState),
        channel: Type.Optional(ChannelName),
        after: Type.Optional(Uuid),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: WIRE_LIMITS.inboxPage })),
      },
      closed,
    ),
    data: Type.Object({ conversations: Type.Array(AdminConversation), has_more: Type.Boolean() }),
  },
  'inbox:unwatch': { least: 'analyst', summary: 'Be told of it no more.', payload: Empty, data: Empty },
  'conversation:watch': {
    least: 'analyst',
    summary:
      'Hear all that the visitor hears, and what its tools are asked and answer. The ack has what the copy lacks after `last_seq`, or else the newest 50 messages.',
    payload: Type.Object(
      { conversation_id: Uuid, last_seq: Type.Optional(Seq), reply: Type.Optional(ReplyCursor) },
      closed,
    ),
    data: Type.Object({
      conversation: AdminConversation,
      messages: Type.Array(WatchedMessage),
      /** With `last_seq`: later messages remain, watch again. Without: older ones do, ask `history:load`. */
      has_more: Type.Boolean(),
      reply: Type.Optional(RunningReply),
      tools_running: Type.Array(ObservedTool),
      confirming: Confirming,
      present: Present,
    }),
  },
  'conversation:unwatch': { least: 'analyst', summary: 'Hear it no more.', payload: Named, data: Empty },
  'history:load': {
    least: 'analyst',
    summary: 'Ask for older messages.',
    payload: Type.Object(
      {
        conversation_id: Uuid,
        before_seq: Seq,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: WIRE_LIMITS.historyPage })),
      },
      closed,
    ),
    data: Type.Object({ messages: Type.Array(WatchedMessage), has_more: Type.Boolean() }),
  },
  'conversation:take_over': {
    least: 'agent',
    summary: 'Speak in the place of the AI. Acked when it has fallen silent.',
    payload: Named,
    data: OneConversation,
  },
  'conversation:hand_back': {
    least: 'agent',
    summary: 'Let the AI speak again.',
    payload: Named,
    data: OneConversation,
  },
  'message:send': {
    least: 'agent',
    summary:
      'Say something in a conversation that one has taken over. Acked after the commit; the same `client_message_id` gives the same message again.',
    payload: Type.Object({ conversation_id: Uuid, client_message_id: ClientMessageId, text: Text }, closed),
    data: Type.Object({ message: Message }),
  },
  'typing:set': {
    least: 'agent',
    summary:
      'Say that one types, or ceases to, in a conversation that one has taken over. It holds for six seconds.',
    payload: Type.Object({ conversation_id: Uuid, typing: Type.Boolean() }, closed),
    data: Empty,
  },
} as const satisfies Record<string, RequestRow>

interface RequestRow {
  least: AdminRole
  summary: string
  payload: TSchema
  data: TSchema
}

export type AdminRequest = keyof typeof ADMIN_REQUESTS
export type AdminPayload<R extends AdminRequest> = Static<(typeof ADMIN_REQUESTS)[R]['payload']>
export type AdminData<R extends AdminRequest> = Static<(typeof ADMIN_REQUESTS)[R]['data']>

/** Why a connection is cut that was let in. */
export const CutReason = Type.Enum(['expired', 'revoked'], {
  description:
    '`expired`: no fresh token came in time. `revoked`: the person, the sign-in or the client is shut out.',
})
export type CutReason = Static<typeof CutReason>

const told = WIDGET_EVENTS

/** Everything the server tells a person of the business. Of a conversation that is watched: what the visitor hears. */
export const ADMIN_EVENTS = {
  'session:expiring': Type.Object(
    { expires_at: Timestamp },
    { description: 'The access token is about to expire: ask `session:renew`.' },
  ),
  'session:ended': Type.Object({ reason: CutReason }, { description: 'The connection is cut now.' }),
  'conversation:opened': Type.Object(
    { conversation: AdminConversation },
    { description: 'The inbox: a conversation has begun.' },
  ),
  'conversation:updated': Type.Object(
    { conversation: AdminConversation },
    { description: 'The inbox: something was said, or the conversation changes hands.' },
  ),
  'conversation:ended': Type.Object(
    {
      conversation_id: Uuid,
      reason: Type.Optional(told['conversation:ended'].properties.reason),
      conversation: Type.Optional(AdminConversation),
    },
    {
      description:
        'The conversation is over. Who watches it is told the reason, who watches the inbox the conversation.',
    },
  ),
  'message:created': Type.Object(
    { conversation_id: Uuid, message: WatchedMessage },
    { description: 'A message was saved. Its sender is told too.' },
  ),
  'reply:start': ofConversation(told['reply:start']),
  'reply:delta': Type.Tuple(
    [
      Type.String({ description: 'conversation_id' }),
      count('turn'),
      count('attempt'),
      count('offset: UTF-16 units of the reply’s text before this one'),
      Type.String({ description: 'text' }),
    ],
    {
      description: 'More of the running reply. Five arguments of the event rather than one object, for size.',
    },
  ),
  'reply:end': ofConversation(told['reply:end']),
  'tool:start': Type.Object(
    { conversation_id: Uuid, ...ObservedTool.properties },
    { description: 'A tool is at work. The visitor hears the same without the arguments.' },
  ),
  'tool:end': Type.Object(
    {
      conversation_id: Uuid,
      ...ToolEnd.properties,
      result: Type.Unknown({ description: 'As the model reads it.' }),
    },
    { description: 'The tool has done. The visitor hears the same without the result.' },
  ),
  'tool:confirm': ofConversation(told['tool:confirm']),
  'tool:confirmed': ofConversation(told['tool:confirmed']),
  'note:created': Type.Object(
    { conversation_id: Uuid, note: Note },
    { description: 'A colleague, or oneself, wrote a note on the conversation.' },
  ),
  'note:changed': Type.Object(
    { conversation_id: Uuid, note: Note },
    { description: 'A note has other words now.' },
  ),
  'note:removed': Type.Object({ conversation_id: Uuid, id: Uuid }, { description: 'A note is gone.' }),
  'presence:changed': Type.Object(
    { conversation_id: Uuid, present: Present },
    { description: 'Somebody came to look at the conversation, or left.' },
  ),
  'typing:changed': ofConversation(told['typing:changed']),
  'handoff:changed': ofConversation(told['handoff:changed']),
  'agent:joined': ofConversation(told['agent:joined']),
  'agent:left': ofConversation(told['agent:left']),
  'limit:reached': ofConversation(told['limit:reached']),
  'server:draining': told['server:draining'],
} as const satisfies Record<string, TSchema>

export type AdminEvent = keyof typeof ADMIN_EVENTS

/** Socket.IO's typed map of what the server tells. A tuple's parts are told one by one. */
export type AdminEvents = {
  [E in AdminEvent]: (...told: Told<Static<(typeof ADMIN_EVENTS)[E]>>) => void
}

/** Socket.IO's typed map of what a person of the business may ask. */
export type AdminRequestHandlers = {
  [R in AdminRequest]: (payload: AdminPayload<R>, ack: (answer: Result<AdminData<R>>) => void) => void
}

/** What a visitor is told, with the conversation's id first. */
function ofConversation<P extends TProperties>(event: TObject<P>) {
  const { description } = event as { description?: string }
  return Type.Object(
    { conversation_id: Uuid, ...event.properties },
    description === undefined ? {} : { description },
  )
}
