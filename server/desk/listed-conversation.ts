import type { ListedConversation } from '../../protocol/conversations.ts'
import { presentForAdmin } from '../conversation/present.ts'
import { WATCHED_CONVERSATION_COLUMNS, type WatchedConversationRow } from '../conversation/rows.ts'
import { snippetOf } from './snippet.ts'

/** A conversation as the desk's statements return it. */
export interface ListedRow extends WatchedConversationRow {
  visitor: { id: string; user_identifier: string | null }
  is_test: boolean
  tokens_total: string
  cost_total: string
  /** Of a search: the last message that has the text. */
  match_seq?: number | null
  match_content?: string | null
}

/** The columns of `ListedRow` but those of a search, of a table named `conversations`. */
export const LISTED_COLUMNS = `
  ${WATCHED_CONVERSATION_COLUMNS}, is_test, tokens_total, cost_total,
  (SELECT jsonb_build_object('id', p.id, 'user_identifier', p.user_identifier)
    FROM sessions s JOIN visitors p ON p.id = s.visitor_id WHERE s.id = conversations.session_id) AS visitor`

/** The conversation as it is told; `search` is what was looked for. */
export function presentListed(row: ListedRow, search?: string): ListedConversation {
  const { visitor, match_seq: seq, match_content: content } = row
  return {
    ...presentForAdmin(row),
    visitor_id: visitor.id,
    ...(visitor.user_identifier !== null && { user_identifier: visitor.user_identifier }),
    is_test: row.is_test,
    tokens: Number(row.tokens_total),
    cost: Number(row.cost_total),
    ...(typeof seq === 'number' && { match: { seq, text: snippetOf(content ?? '', search ?? '') } }),
  }
}
