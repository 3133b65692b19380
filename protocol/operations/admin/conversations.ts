import Type from 'typebox'
import {
  ConversationsPage,
  ConversationsQuery,
  ConversationTold,
  ExportedConversation,
  ExportQuery,
  TranscriptPage,
  TranscriptQuery,
  type ListedConversation,
  type TurnTold,
} from '../../conversations.ts'
import { ANSWER, CLIENT_ID, CONVERSATION, QUESTION } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** Conversations as they went, for the people of the business. */

const READERS = forPeople('analyst', 'anyone')
const ERRORS = ['invalid_payload', 'not_found', ...PEOPLE_ERRORS] as const
const VISITOR_ID = '1b4f7a90-5c2d-4e8b-8f36-7d0c9a5e2b14'

const LISTED: ListedConversation = {
  ...{ ...CONVERSATION, client_id: CLIENT_ID, visitor_id: VISITOR_ID, is_test: false },
  last_message: { role: 'assistant', text: ANSWER.content },
  ...{ tokens: 1_284, cost: 0.0031 },
}

const SPENT = {
  ...{ provider: 'claude', model: 'claude-haiku-5-5' },
  ...{ tokens_input: 1_260, tokens_output: 24, tokens_cached: 900, tokens_estimated: 0, cost: 0.0031 },
}

const TURN: TurnTold = {
  ...{ ...SPENT, number: 1, state: 'complete', attempts: 1, prompt_version: '7', from_cache: false },
  ...{ spent: [SPENT], first_token_ms: 410, total_ms: 2_480 },
  ...{ opened_at: QUESTION.created_at, ended_at: ANSWER.created_at },
  calls: [
    {
      ...{ step: 0, call_id: '0', name: 'search_products', arguments: { query: 'rain jacket' } },
      ...{ result: { status: 200, kind: 'json', body: [{ sku: 'RJ-1', stock: 12 }] }, ok: true },
      ...{ duration_ms: 182, at: QUESTION.created_at },
    },
  ],
}

export const listConversations = {
  ...READERS,
  id: 'listConversations',
  summary: 'List and search conversations',
  description:
    'Begun last first; for what follows, give `next` as `after`. A client’s people see theirs. Test chats are left out ' +
    'where they are not asked for.',
  query: { schema: ConversationsQuery, example: { state: 'open', limit: 20 } },
  success: {
    status: 200,
    description: 'A page of conversations.',
    schema: ConversationsPage,
    example: { conversations: [LISTED], has_more: true, next: LISTED.id },
  },
  errors: ERRORS,
} as const satisfies Operation

export const exportConversations = {
  ...forPeople('admin', 'anyone'),
  id: 'exportConversations',
  summary: 'Export conversations',
  description:
    'All that fit, as a file that is written while it is read, however long. What a spreadsheet would take for a formula ' +
    'begins with an apostrophe there. The export is told in the audit log.',
  query: { schema: ExportQuery, example: { format: 'json', state: 'ended' } },
  success: {
    status: 200,
    description: 'The conversations, with all that was said, and what each answer took.',
    schema: Type.Array(ExportedConversation),
    example: [{ ...LISTED, messages: [QUESTION, ANSWER], turns: [TURN] }],
    also: { 'text/csv': 'With `format=csv`: a row for each message, the columns named in the first row.' },
  },
  errors: ERRORS,
} as const satisfies Operation

export const readConversation = {
  ...READERS,
  id: 'readConversation',
  summary: 'Read what is known of a conversation',
  description: 'Who wrote, and how content they were. What was said is in its transcript.',
  success: {
    status: 200,
    description: 'The conversation.',
    schema: ConversationTold,
    example: {
      conversation: LISTED,
      visitor: {
        ...{ id: VISITOR_ID, proven: false, attributes: {}, conversation_count: 1 },
        ...{ created_at: CONVERSATION.started_at, last_seen_at: CONVERSATION.last_message_at },
      },
      ratings: [{ subject: 'ai', score: 5, created_at: '2026-11-23T09:41:00.000Z' }],
    },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const readTranscript = {
  ...READERS,
  id: 'readTranscript',
  summary: 'Read what was said, and what each answer took',
  description:
    'Without a seq the newest messages. A turn is that of the message whose `turn` is its `number`; one that has not ' +
    'ended comes with the newest. Messages and calls are kept for a time only: a turn may outlast them.',
  query: { schema: TranscriptQuery, example: { limit: 200 } },
  success: {
    status: 200,
    description: 'A page of the transcript, in the order of `seq`.',
    schema: TranscriptPage,
    example: { messages: [QUESTION, ANSWER], turns: [TURN], has_more: false },
  },
  errors: ERRORS,
} as const satisfies Operation
