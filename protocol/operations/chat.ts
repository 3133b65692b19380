import { ChatBody, ChatReply } from '../chat.ts'
import { ANSWER, QUESTION, SESSION_ID, SESSION_TOKEN } from './examples.ts'
import type { Operation } from './operation.ts'

export const chat = {
  id: 'chat',
  summary: 'Send a message and wait for its answer',
  description:
    'Without `session_id` a session is begun and its token told. With it, either its `session_token` or a secret ' +
    'key of its client is needed. Waits for the turn that the message joined, 90 s at most; then it fails with ' +
    '`answer_timeout`, and the same request with the same `client_message_id` (or `Idempotency-Key`) goes on ' +
    'waiting, also when the answer has long been there. An answer that failed, was stopped or interrupted says so ' +
    'in `message.status`. One that waits for the visitor’s yes to a call is answered at once, with `response` null and ' +
    'the questions in `pending`. Problems that come after a session was begun carry `session_id`, `session_token` and ' +
    '`client_message_id`.',
  tag: 'Chat',
  credentials: ['widget_key', 'session_token', 'secret_key'],
  body: {
    schema: ChatBody,
    example: {
      client_api_key: 'pk_demo',
      message: 'Is the rain jacket in stock?',
      client_message_id: 'order-4711-1',
    },
  },
  success: {
    status: 200,
    description: 'What the message came to.',
    schema: ChatReply,
    example: {
      response: ANSWER.content,
      session_id: SESSION_ID,
      session_token: SESSION_TOKEN,
      client_message_id: QUESTION.client_message_id,
      handled_by: 'assistant',
      tool_calls_made: 0,
      message: ANSWER,
    },
    also: {
      'text/event-stream':
        'The answer as it is written: `chat:accepted`, `reply:start`, `reply:delta`, `tool:confirm`, `reply:end`. The id of each ' +
        'event is `seq.turn.attempt.offset`; the same request with `Last-Event-ID` goes on from there.',
    },
  },
  errors: [
    ...([
      'invalid_payload',
      'unauthorized',
      'session_invalid',
      'client_unknown',
      'origin_not_allowed',
      'identity_required',
    ] as const),
    ...(['not_found', 'message_id_reused', 'rate_limited', 'too_many_connections'] as const),
    ...(['busy', 'draining', 'answer_timeout'] as const),
  ],
} as const satisfies Operation
