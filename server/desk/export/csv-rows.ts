import type { WatchedMessage } from '../../../protocol/admin.ts'
import type { ListedConversation, TurnTold } from '../../../protocol/conversations.ts'
import type { Cell } from './csv.ts'

interface Said {
  conversation: ListedConversation
  message: WatchedMessage
  /** Of an answer. */
  turn: TurnTold | undefined
}

/** What stands in each column, by its name. */
const COLUMNS: Readonly<Record<string, (said: Said) => Cell | undefined>> = {
  conversation_id: ({ conversation }) => conversation.id,
  client_id: ({ conversation }) => conversation.client_id,
  visitor_id: ({ conversation }) => conversation.visitor_id,
  user_identifier: ({ conversation }) => conversation.user_identifier,
  channel: ({ conversation }) => conversation.channel,
  conversation_state: ({ conversation }) => conversation.state,
  conversation_started_at: ({ conversation }) => conversation.started_at,
  rating: ({ conversation }) => conversation.rating,
  seq: ({ message }) => message.seq,
  created_at: ({ message }) => message.created_at,
  role: ({ message }) => message.role,
  author: ({ message }) => message.author?.name,
  content: ({ message }) => message.content,
  status: ({ message }) => message.status,
  answers_to: ({ message }) => message.answers_to,
  turn: ({ message }) => message.turn,
  provider: ({ turn }) => turn?.provider,
  model: ({ turn }) => turn?.model,
  tokens_input: ({ turn }) => turn?.tokens_input,
  tokens_output: ({ turn }) => turn?.tokens_output,
  cost: ({ turn }) => turn?.cost,
  first_token_ms: ({ turn }) => turn?.first_token_ms,
  total_ms: ({ turn }) => turn?.total_ms,
  tools: ({ turn }) => turn?.calls.map(({ name, ok }) => (ok === true ? name : `${name} (failed)`)).join(' '),
}

export const CSV_HEADER: readonly string[] = Object.keys(COLUMNS)

/** The cells of one message, in the order of the header. */
export function cellsOf(said: Said): Cell[] {
  return Object.values(COLUMNS).map((cell) => cell(said) ?? null)
}
