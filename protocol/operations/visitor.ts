import Type from 'typebox'
import { EventsQuery } from '../chat.ts'
import { SessionReady, WIDGET_REQUESTS } from '../widget.ts'
import { CALL_ID, CONVERSATION, IDENTITY_TOKEN, QUESTION, SESSION_ID } from './examples.ts'
import type { Operation } from './operation.ts'

/** What a visitor asks over a socket can be asked so too, where sockets are blocked. */

const VISITOR_ERRORS = ['unauthorized', 'session_invalid', 'rate_limited'] as const

export const events = {
  id: 'streamEvents',
  summary: 'Hear everything that the visitor is told',
  description:
    'Begins with `session:ready`: the conversation, the messages that the reader’s copy lacks, the running reply. ' +
    'Then everything as it happens. `Last-Event-ID` goes on after that event; `last_seq` (with `conversation_id`) ' +
    'after that message. Read it with `fetch`: EventSource cannot send `Authorization`.',
  tag: 'Sessions',
  credentials: ['session_token'],
  query: { schema: EventsQuery, example: { last_seq: 2 } },
  success: {
    status: 200,
    description: 'Server-sent events; comments keep the connection alive.',
    type: 'text/event-stream',
    schema: Type.String(),
    example:
      'event: reply:delta\nid: 1.1.1.3.c2a6d8f0-1e57-4c59-8a0b-94c3d7b2e615\n' +
      'data: {"turn":1,"attempt":1,"offset":0,"text":"Yes"}\n\n',
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'too_many_connections', 'draining'],
} as const satisfies Operation

export const sync = {
  id: 'readMissing',
  summary: 'Read what the copy lacks',
  description:
    'What `events` begins with, once: for networks that pass a stream on only when it has ended. It takes the same ' +
    'query and `Last-Event-ID`. An answer that is being written is in `reply`, as far as this node knows it.',
  tag: 'Sessions',
  credentials: ['session_token'],
  query: { schema: EventsQuery, example: { last_seq: 2 } },
  success: {
    status: 200,
    description: 'Where the visitor stands.',
    schema: SessionReady,
    example: {
      session_id: SESSION_ID,
      conversation: CONVERSATION,
      messages: [],
      has_more: false,
      tools_running: [],
      confirming: [],
      team: { available: true },
      contact_given: false,
    },
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS],
} as const satisfies Operation

export const sendMessage = {
  id: 'sendMessage',
  summary: 'Send a message without waiting for its answer',
  description: 'The same `client_message_id` gives the same message again.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['message:send'].payload,
    example: { client_message_id: 'order-4711-1', text: 'Is the rain jacket in stock?' },
  },
  success: {
    status: 200,
    description: 'The message as it was saved.',
    schema: WIDGET_REQUESTS['message:send'].data,
    example: { message: QUESTION },
  },
  errors: [
    'invalid_payload',
    ...VISITOR_ERRORS,
    'origin_not_allowed',
    'identity_required',
    'message_id_reused',
    'busy',
  ],
} as const satisfies Operation

export const identify = {
  id: 'identify',
  summary: 'Prove who the visitor is',
  description:
    'The session, and the conversation that is open in it, become those of the visitor whom the token names. A ' +
    'session that is somebody’s already stays theirs: another’s token is refused with `session_invalid`, for a new ' +
    'session is needed then.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['session:identify'].payload,
    example: { identity_token: IDENTITY_TOKEN },
  },
  success: {
    status: 200,
    description: 'Who the visitor is.',
    schema: WIDGET_REQUESTS['session:identify'].data,
    example: { user_id: 'customer-7' },
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed', 'identity_invalid'],
} as const satisfies Operation

export const stopReply = {
  id: 'stopReply',
  summary: 'Stop the answer that is being written',
  description: 'What was said is kept; it is never run again. `turn` is that of `reply:start`.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: { schema: WIDGET_REQUESTS['reply:stop'].payload, example: { turn: 1 } },
  success: {
    status: 200,
    description: '`stopped` is false when that turn had ended already.',
    schema: WIDGET_REQUESTS['reply:stop'].data,
    example: { stopped: true },
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed'],
} as const satisfies Operation

export const confirm = {
  id: 'confirm',
  summary: 'Say yes or no to a call that waits for it',
  description:
    '`call_id` is that of `tool:confirm`, or of `pending` in the answer of a chat. The first answer holds: the same ' +
    'again changes nothing, the opposite is refused with `confirmation_closed`, as is one that comes too late.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: { schema: WIDGET_REQUESTS['tool:answer'].payload, example: { call_id: CALL_ID, approved: true } },
  success: {
    status: 200,
    description: 'What holds.',
    schema: WIDGET_REQUESTS['tool:answer'].data,
    example: { approved: true },
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed', 'not_found', 'confirmation_closed'],
} as const satisfies Operation

export const setTyping = {
  id: 'setTyping',
  summary: 'Say that the visitor is typing',
  description: 'It holds for six seconds. An answer waits a moment for who is typing.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: { schema: WIDGET_REQUESTS['typing:set'].payload, example: { typing: true } },
  success: { status: 200, description: 'Noted.', schema: WIDGET_REQUESTS['typing:set'].data, example: {} },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed'],
} as const satisfies Operation

export const requestHandoff = {
  id: 'requestHandoff',
  summary: 'Ask for a person of the business',
  description:
    'The visitor waits in the queue, and the assistant goes on answering, until somebody takes the conversation over, ' +
    'the visitor withdraws, or nobody has come in time. Each change is told as `handoff:changed`. A session without an ' +
    'open conversation gets one.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['handoff:request'].payload,
    example: { reason: 'My order arrived torn' },
  },
  success: {
    status: 200,
    description: 'How it stands; `position` 1 is next.',
    schema: WIDGET_REQUESTS['handoff:request'].data,
    example: { state: 'requested', position: 1, team: { available: true } },
  },
  errors: [
    'invalid_payload',
    ...VISITOR_ERRORS,
    'origin_not_allowed',
    'identity_required',
    'handoff_unavailable',
    'conversation_ended',
  ],
} as const satisfies Operation

export const withdrawHandoff = {
  id: 'withdrawHandoff',
  summary: 'Wait for nobody any more',
  description: 'A person who has the conversation already keeps it.',
  tag: 'Sessions',
  credentials: ['session_token'],
  success: {
    status: 200,
    description: 'How it stands.',
    schema: WIDGET_REQUESTS['handoff:withdraw'].data,
    example: { state: 'none' },
  },
  errors: [...VISITOR_ERRORS, 'origin_not_allowed'],
} as const satisfies Operation

export const submitContact = {
  id: 'submitContact',
  summary: 'Leave an e-mail address',
  description:
    'For when nobody is there: the people of the business see it beside the conversation. Left again, it replaces.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['contact:submit'].payload,
    example: { email: 'ada@shop.example', name: 'Ada Lovelace' },
  },
  success: {
    status: 200,
    description: 'Noted.',
    schema: WIDGET_REQUESTS['contact:submit'].data,
    example: {},
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed', 'identity_required'],
} as const satisfies Operation

export const submitRating = {
  id: 'submitRating',
  summary: 'Say how good the conversation was',
  description:
    'Of the current conversation, or the one that ended last. Whoever answered last is meant, a person or the ' +
    'assistant. Said again, it replaces.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['rating:submit'].payload,
    example: { score: 5, comment: 'Quick and exact' },
  },
  success: { status: 200, description: 'Noted.', schema: WIDGET_REQUESTS['rating:submit'].data, example: {} },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed', 'identity_required', 'not_found'],
} as const satisfies Operation

export const setAttributes = {
  id: 'setAttributes',
  summary: 'Tell facts of the visitor and of the conversation',
  description:
    'Plain values, merged with those told before; null takes one away. Whoever holds the session may say anything ' +
    'here: the assistant and the people of the business are told so. What your server vouches for goes into the ' +
    '`attributes` of an identity token.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: {
    schema: WIDGET_REQUESTS['attributes:set'].payload,
    example: { visitor: { plan: 'gold' }, conversation: { page: 'Checkout', items: 3, gift: null } },
  },
  success: {
    status: 200,
    description: 'Noted.',
    schema: WIDGET_REQUESTS['attributes:set'].data,
    example: {},
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed', 'identity_required'],
} as const satisfies Operation

export const startConversation = {
  id: 'startConversation',
  summary: 'Begin a new conversation',
  description: 'One that is open and has messages is ended.',
  tag: 'Sessions',
  credentials: ['session_token'],
  body: { schema: WIDGET_REQUESTS['conversation:start'].payload, example: {} },
  success: {
    status: 200,
    description: 'The conversation that is current from here on.',
    schema: WIDGET_REQUESTS['conversation:start'].data,
    example: { conversation: { ...CONVERSATION, state: 'ai', epoch: 0, message_count: 0 } },
  },
  errors: ['invalid_payload', ...VISITOR_ERRORS, 'origin_not_allowed'],
} as const satisfies Operation
