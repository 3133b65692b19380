import { ConversationEnded, HistoryPage, HistoryQuery, SessionStarted, StartSessionBody } from '../rest.ts'
import { ANSWER, CONVERSATION, QUESTION, SESSION_ID, SESSION_TOKEN } from './examples.ts'
import type { Operation } from './operation.ts'

export const startSession = {
  id: 'startSession',
  summary: 'Start a session',
  description:
    'A session is one visitor. Its token is told this once; whoever holds it is the visitor. A session has no ' +
    'conversation until its first message.',
  tag: 'Sessions',
  credentials: ['widget_key'],
  body: { schema: StartSessionBody, example: { client_api_key: 'pk_demo', locale: 'en' } },
  success: {
    status: 201,
    description: 'The new session.',
    schema: SessionStarted,
    example: { session_id: SESSION_ID, session_token: SESSION_TOKEN },
  },
  errors: ['invalid_payload', 'client_unknown', 'origin_not_allowed', 'identity_invalid', 'rate_limited'],
} as const satisfies Operation

export const history = {
  id: 'readHistory',
  summary: 'Read a page of messages',
  description:
    'Messages of the current conversation, in the order of `seq`. With `after_seq`, `has_more` means that later ' +
    'ones remain; without, that older ones do.',
  tag: 'Sessions',
  credentials: ['session_token'],
  query: { schema: HistoryQuery, example: { after_seq: 0, limit: 50 } },
  success: {
    status: 200,
    description: 'A page of messages.',
    schema: HistoryPage,
    example: { messages: [QUESTION, ANSWER], has_more: false },
  },
  errors: ['invalid_payload', 'unauthorized', 'session_invalid'],
} as const satisfies Operation

export const endSession = {
  id: 'endSession',
  summary: 'End the conversation',
  description: 'Ends the conversation that is open. The session goes on: the next message opens another one.',
  tag: 'Sessions',
  credentials: ['session_token'],
  success: {
    status: 200,
    description: 'What has ended.',
    schema: ConversationEnded,
    example: { conversation: CONVERSATION },
  },
  errors: ['unauthorized', 'session_invalid', 'origin_not_allowed', 'conversation_ended'],
} as const satisfies Operation
