import { randomUUID } from 'node:crypto'
import type { Message } from '../protocol/records.ts'
import { startSession } from '../server/auth/start-session.ts'
import type { VisitorSession } from '../server/auth/visitor-session.ts'
import { createConversations } from '../server/conversation/index.ts'
import type { ConversationHeart } from '../server/conversation/index.ts'
import type { Database, Statement } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { createSearch } from '../server/knowledge/search.ts'
import type { Models } from '../server/llm/models.ts'
import { faultsOf } from './checks.ts'
import { Ends } from './ends.ts'
import type { EvalLanguage, Question } from './questions/question.ts'

/** What became of one question. */
export interface Judged {
  question: Question
  answer: string
  /** Empty: it passed. */
  faults: string[]
  spent: Spent
}

/** Of all answers to a question: tokens, US dollars, milliseconds. */
export interface Spent {
  input: number
  output: number
  cached: number
  cost: number
  /** Until the first word, and until the last, of the answer that is judged. */
  first: number
  total: number
}

export interface AskingParts {
  database: Database
  models: Models
  /** Of the shop. */
  client_id: string
  log: Logger
}

/** Questions that are asked at a time. */
const AT_ONCE = 4

/** Asks the questions as visitors of the shop do, each in a conversation of its own, and judges the answers. */
export async function askModel(
  { database, models, client_id, log }: AskingParts,
  language: EvalLanguage,
  questions: readonly Question[],
): Promise<Judged[]> {
  const ends = new Ends()
  const searchKnowledge = createSearch(database)
  const heart = createConversations({ database, models, log, searchKnowledge, publisher: ends })
  await heart.start()
  try {
    const judged: Judged[] = []
    const waiting = [...questions.entries()]
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, question] = next
        const { session } = await startSession(
          database,
          { id: client_id, identity_required: false },
          { locale: language },
        )
        judged[index] = await judge({ database, heart, ends }, { session, question, language })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return judged
  } finally {
    await heart.stop()
  }
}

async function judge(
  { database, heart, ends }: { database: Database; heart: ConversationHeart; ends: Ends },
  { session, question, language }: { session: VisitorSession; question: Question; language: EvalLanguage },
): Promise<Judged> {
  let last: Message | null = null
  for (const text of question.says) {
    const ended = ends.next(session.id)
    const received = await heart.conversations.receive(session, { client_message_id: randomUUID(), text })
    if (!received.ok) throw new Error(received.error.message)
    last = await ended
  }
  const { content = '', status = 'failed', sources = [] } = last ?? {}
  const answer = { text: content, status, sources: sources.map(({ title }) => title) }
  const faults = faultsOf(question, answer, language)
  const [spent] = await database.run<Spent>(SPENT, [session.id])
  if (!spent) throw new Error('a conversation without a turn was judged')
  return { question, answer: content, faults, spent }
}

const SPENT: Statement = {
  name: 'eval/spent',
  text: `
    SELECT sum(tokens_input)::int AS input, sum(tokens_output)::int AS output, sum(tokens_cached)::int AS cached,
      sum(cost)::float8 AS cost, (array_agg(coalesce(first_token_ms, total_ms) ORDER BY number DESC))[1] AS first,
      (array_agg(total_ms ORDER BY number DESC))[1] AS total
    FROM turns WHERE conversation_id IN (SELECT id FROM conversations WHERE session_id = $1::uuid)
    HAVING count(*) > 0`,
}
