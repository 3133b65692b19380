import {
  ModelCallsQuery,
  ModelCallsTold,
  NewTestChatBody,
  TestAnswerBody,
  TestAnswered,
  TestChatsPage,
  TestChatsQuery,
  TestChatTold,
  TestMessageBody,
  TestMessageTold,
  TestStopBody,
  TestStopped,
  type ModelCallTrace,
  type TestChat,
} from '../../test-chat.ts'
import { CLIENT_ID, CONVERSATION, QUESTION, SESSION_ID } from '../examples.ts'
import type { Operation, OperationKey } from '../operation.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'

/** Trying a client's AI, for the people who keep it. */

/** As `CALL_ID`, in another conversation. */
export const TEST_CALL_ID = 'd9f4a3c1-6b27-4e58-9c0d-7a1e3f5b8d24.1.0.0'

const TALKERS = forPeople('agent', 'client')

const READING = ['invalid_payload', 'not_found', ...PEOPLE_ERRORS] as const
const TALKING = ['busy', ...READING] as const

const CHAT: TestChat = {
  session_id: SESSION_ID,
  conversation: { ...CONVERSATION, channel: 'web', client_id: CLIENT_ID },
  by: 'Dana',
  created_at: '2026-11-23T09:30:00.000Z',
}

const CALL: ModelCallTrace = {
  ...{ number: 1, conversation_id: CONVERSATION.id, turn: 1, attempt: 1 },
  ...{ provider: 'claude', model: 'claude-haiku-5-5', at: '2026-11-23T09:30:01.000Z' },
  request: { messages: [{ role: 'user', text: 'Is the rain jacket in stock?' }], tools: [] },
  answer: { text: 'Yes, in all sizes.', calls: [], stop: 'end' },
  fault: null,
  wire: [{ request: '{"model":"claude-haiku-5-5"}', response: 'event: message_start', cut: false }],
  ...{ tokens_input: 900, tokens_output: 12, tokens_cached: 0, estimated: false },
  ...{ cost: 0.001, first_word_ms: 420, total_ms: 800 },
}

const chatTold = (description: string) =>
  ({ status: 200, description, schema: TestChatTold, example: { test_chat: CHAT } }) as const

export const TEST_CHAT_OPERATIONS = {
  'GET /api/admin/clients/:client_id/test-chats': {
    ...TALKERS,
    id: 'listTestChats',
    summary: 'List the test chats',
    description: 'The newest first; for the next page, give the last `session_id` as `after`.',
    query: { schema: TestChatsQuery, example: { limit: 20 } },
    success: {
      status: 200,
      description: 'A page of test chats.',
      schema: TestChatsPage,
      example: { test_chats: [CHAT], has_more: false },
    },
    errors: READING,
  },
  'POST /api/admin/clients/:client_id/test-chats': {
    ...TALKERS,
    id: 'startTestChat',
    summary: 'Begin a test chat',
    description:
      'Talk with the client’s AI in a customer’s place. It counts as no customer’s: it is in no inbox, queue or ' +
      'figures. Its conversation is open at once; watch it over `/admin`.',
    body: { schema: NewTestChatBody, example: { locale: 'en' } },
    success: chatTold('The test chat.'),
    errors: READING,
  },
  'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/messages': {
    ...TALKERS,
    id: 'sendTestMessage',
    summary: 'Say something in a test chat',
    description: 'The same `client_message_id` is the same message.',
    body: {
      schema: TestMessageBody,
      example: { client_message_id: 'try-1', text: 'Is the rain jacket in stock?' },
    },
    success: {
      status: 200,
      description: 'The message, once it is saved.',
      schema: TestMessageTold,
      example: { message: QUESTION },
    },
    errors: ['message_id_reused', ...TALKING],
  },
  'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/stop': {
    ...TALKERS,
    id: 'stopTestReply',
    summary: 'Stop the reply in a test chat',
    body: { schema: TestStopBody, example: { turn: 1 } },
    success: {
      status: 200,
      description: '`stopped` is false when that turn had ended.',
      schema: TestStopped,
      example: { stopped: true },
    },
    errors: READING,
  },
  'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/confirm': {
    ...TALKERS,
    id: 'answerTestQuestion',
    summary: 'Say yes or no to a call in a test chat',
    body: { schema: TestAnswerBody, example: { call_id: TEST_CALL_ID, approved: true } },
    success: {
      status: 200,
      description: 'What holds.',
      schema: TestAnswered,
      example: { approved: true },
    },
    errors: ['confirmation_closed', ...READING],
  },
  'POST /api/admin/clients/:client_id/test-chats/:test_chat_id/start': {
    ...TALKERS,
    id: 'restartTestChat',
    summary: 'Begin a test chat anew',
    description: 'Its conversation ends, and the next is open.',
    success: chatTold('The test chat as it is now.'),
    errors: READING,
  },
  'GET /api/admin/clients/:client_id/test-chats/:test_chat_id/model-calls': {
    ...TALKERS,
    id: 'listModelCalls',
    summary: 'Read what models were asked in a test chat',
    description:
      'In that order, each with what went over the wire, of the conversation that began last unless one is named. For ' +
      'the next page, give the last `number` as `after`. All calls of a turn are here when its reply ends.',
    query: { schema: ModelCallsQuery, example: { limit: 20 } },
    success: {
      status: 200,
      description: 'A page of calls.',
      schema: ModelCallsTold,
      example: { calls: [CALL], has_more: false },
    },
    errors: READING,
  },
} as const satisfies Record<OperationKey, Operation>
