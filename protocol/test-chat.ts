import Type, { type Static } from 'typebox'
import { AdminConversation } from './admin.ts'
import { paging } from './paging.ts'
import { ClientMessageId, count, Message, Seq, Text, Timestamp, Uuid } from './records.ts'
import { ToolAnswer } from './widget.ts'

const closed = { additionalProperties: false }

/** Talks with a client's AI that no customer holds, as a customer would: somebody who keeps the client tries it. */
export const TestChat = Type.Object({
  session_id: Uuid,
  conversation: Type.Union([AdminConversation, Type.Null()], {
    description: 'The one that is open, else the one that ended last: watch it over `/admin`.',
  }),
  by: Type.Union([Type.String(), Type.Null()], {
    description: 'Who began it; null: nobody who is still here.',
  }),
  created_at: Timestamp,
})
export type TestChat = Static<typeof TestChat>

export const TestChatTold = Type.Object({ test_chat: TestChat })
export type TestChatTold = Static<typeof TestChatTold>

export const TestChatsQuery = Type.Object({ ...paging }, closed)
export type TestChatsQuery = Static<typeof TestChatsQuery>

export const TestChatsPage = Type.Object({ test_chats: Type.Array(TestChat), has_more: Type.Boolean() })
export type TestChatsPage = Static<typeof TestChatsPage>

export const NewTestChatBody = Type.Object(
  {
    locale: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$',
        description: 'What the customer’s browser would speak.',
      }),
    ),
  },
  closed,
)
export type NewTestChatBody = Static<typeof NewTestChatBody>

export const TestMessageBody = Type.Object({ client_message_id: ClientMessageId, text: Text }, closed)
export type TestMessageBody = Static<typeof TestMessageBody>

export const TestMessageTold = Type.Object({ message: Message })
export type TestMessageTold = Static<typeof TestMessageTold>

export const TestStopBody = Type.Object({ turn: Seq }, closed)
export type TestStopBody = Static<typeof TestStopBody>

export const TestStopped = Type.Object({ stopped: Type.Boolean() })
export type TestStopped = Static<typeof TestStopped>

export const TestAnswerBody = ToolAnswer

export const TestAnswered = Type.Object({ approved: Type.Boolean() })
export type TestAnswered = Static<typeof TestAnswered>

export const ModelCallsQuery = Type.Object(
  {
    conversation_id: Type.Optional(Uuid),
    after: Type.Optional(count('The `number` of the last one of the page before.')),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  },
  closed,
)
export type ModelCallsQuery = Static<typeof ModelCallsQuery>

const tokens = Type.Integer({ minimum: 0 })

/** One call of a model, as it was made. */
export const ModelCallTrace = Type.Object({
  number: count('Within the conversation, from 1.'),
  conversation_id: Uuid,
  turn: Seq,
  attempt: Seq,
  provider: Type.String(),
  model: Type.String(),
  at: Timestamp,
  request: Type.Unknown({ description: 'What was asked: system prompt, messages, tools, parameters.' }),
  answer: Type.Unknown({
    description: 'What came of it: text, calls, why it stopped. Null where it did not come to an answer.',
  }),
  fault: Type.Union([Type.String(), Type.Null()], {
    description: 'What went wrong: a failure of the vendor, or `aborted`.',
  }),
  wire: Type.Array(
    Type.Object({
      request: Type.String(),
      response: Type.String(),
      cut: Type.Boolean({ description: 'Something was left out for its length.' }),
    }),
    {
      description:
        'What the vendor was sent and what it said, as it went over the wire; repetitions included.',
    },
  ),
  tokens_input: tokens,
  tokens_output: tokens,
  tokens_cached: tokens,
  estimated: Type.Boolean({ description: 'Tokens were counted by us, since the vendor did not tell.' }),
  cost: Type.Number({ description: 'US dollars.' }),
  first_word_ms: Type.Union([Type.Integer(), Type.Null()]),
  total_ms: Type.Integer(),
})
export type ModelCallTrace = Static<typeof ModelCallTrace>

export const ModelCallsTold = Type.Object({ calls: Type.Array(ModelCallTrace), has_more: Type.Boolean() })
export type ModelCallsTold = Static<typeof ModelCallsTold>
