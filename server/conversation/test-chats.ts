import type { ModelCallsQuery, ModelCallTrace, TestChat, TestChatsQuery } from '../../protocol/test-chat.ts'
import type { Message } from '../../protocol/records.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { ToolAnswer } from '../../protocol/widget.ts'
import { startSession } from '../auth/start-session.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Database } from '../infra/database.ts'
import type { Conversations } from './conversations.ts'
import { CALLS, CONVERSATIONS, FIND_SESSION, LIST, MARK } from './test-chat-statements.ts'
import { presentForAdmin } from './present.ts'
import type { WatchedConversationRow } from './rows.ts'

/** Which test chat: found through its client. */
export interface TestChatPlace {
  client_id: string
  session_id: string
}

/**
 * Test chats: somebody who keeps a client talks with its AI as a customer would, in the customer's place, through the
 * same heart. They count as no customer's. What is not the client's is `not_found`.
 */
export interface TestChats {
  /** The newest first. */
  list(client_id: string, query: TestChatsQuery): Promise<{ test_chats: TestChat[]; has_more: boolean }>
  /** Begins one, whose conversation is open at once; told in the audit log. */
  create(
    client_id: string,
    wish: { admin_id: string; locale?: string | undefined },
  ): Promise<Result<TestChat>>
  receive(
    place: TestChatPlace,
    input: { client_message_id: string; text: string },
  ): Promise<Result<{ message: Message }>>
  stop(place: TestChatPlace, input: { turn: number }): Promise<Result<{ stopped: boolean }>>
  answer(place: TestChatPlace, answer: ToolAnswer): Promise<Result<{ approved: boolean }>>
  /** Ends the conversation and opens the next. */
  restart(place: TestChatPlace): Promise<Result<TestChat>>
  /** What its models were asked, and what they said, in that order. */
  modelCalls(place: TestChatPlace, query: ModelCallsQuery): Promise<Result<ModelCallsPage>>
}

export interface ModelCallsPage {
  calls: ModelCallTrace[]
  has_more: boolean
}

/** Entries of one page where no limit is named. */
const PAGE = { chats: 20, calls: 20 } as const

type Heart = Pick<Conversations, 'turnAway' | 'receive' | 'stop' | 'answer' | 'start'>

export function createTestChats(database: Pick<Database, 'run'>, heart: Heart): TestChats {
  return {
    list: (client_id, query) => list(database, client_id, query),

    async create(client_id, { admin_id, locale }) {
      const client = { id: client_id, identity_required: false }
      const { session } = await startSession(database, client, { ...(locale !== undefined && { locale }) })
      await database.run(MARK, [session.id, client_id, admin_id])
      return open(session)
    },

    receive: (place, input) =>
      within(place, async (session) => {
        const busy = await heart.turnAway(session, input.client_message_id)
        return busy ?? heart.receive(session, input)
      }),
    stop: (place, input) => within(place, (session) => heart.stop(session, input)),
    answer: (place, answer) => within(place, (session) => heart.answer(session, answer)),
    restart: (place) => within(place, open),

    modelCalls: (place, query) =>
      within(place, async (session) => succeed(await readCalls(database, session.id, query))),
  }

  async function within<T>(
    { client_id, session_id }: TestChatPlace,
    work: (session: VisitorSession) => Promise<Result<T>>,
  ): Promise<Result<T>> {
    const [session] = await database.run<VisitorSession>(FIND_SESSION, [session_id, client_id])
    return session === undefined ? refuse('not_found', 'There is no such test chat.') : work(session)
  }

  async function open(session: VisitorSession): Promise<Result<TestChat>> {
    const started = await heart.start(session)
    if (!started.ok) return started
    const [chat] = await read(database, [session.client_id, null, 1, session.id])
    return chat === undefined ? refuse('not_found') : succeed(chat)
  }
}

async function list(
  database: Pick<Database, 'run'>,
  client_id: string,
  { after = null, limit = PAGE.chats }: { after?: string | null; limit?: number },
): Promise<{ test_chats: TestChat[]; has_more: boolean }> {
  const chats = await read(database, [client_id, after, limit + 1, null])
  return { test_chats: chats.slice(0, limit), has_more: chats.length > limit }
}

interface ChatRow {
  session_id: string
  by: string | null
  created_at: Date
  conversation_id: string | null
}

/** `values` are those of `LIST`. */
async function read(database: Pick<Database, 'run'>, values: readonly unknown[]): Promise<TestChat[]> {
  const rows = await database.run<ChatRow>(LIST, values)
  const ids = rows.flatMap(({ conversation_id }) => conversation_id ?? [])
  const conversations = await database.run<WatchedConversationRow>(CONVERSATIONS, [ids])
  return rows.map(({ session_id, by, created_at, conversation_id }) => {
    const row = conversations.find(({ id }) => id === conversation_id)
    return {
      ...{ session_id, by, created_at: created_at.toISOString() },
      conversation: row === undefined ? null : presentForAdmin(row),
    }
  })
}

type CallRow = Omit<ModelCallTrace, 'at' | 'cost'> & { at: Date; cost: string }

async function readCalls(
  database: Pick<Database, 'run'>,
  session_id: string,
  {
    conversation_id = null,
    after = 0,
    limit = PAGE.calls,
  }: Partial<Record<'conversation_id', string | null>> & {
    after?: number
    limit?: number
  },
): Promise<ModelCallsPage> {
  const rows = await database.run<CallRow>(CALLS, [session_id, conversation_id, after, limit + 1])
  const calls = rows
    .slice(0, limit)
    .map((row) => ({ ...row, at: row.at.toISOString(), cost: Number(row.cost) }))
  return { calls, has_more: rows.length > limit }
}
