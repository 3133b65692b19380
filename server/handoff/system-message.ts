import type { Message } from '../../protocol/records.ts'
import { presentMessage } from '../conversation/present.ts'
import type { Address } from '../conversation/publisher.ts'

/** A conversation that was given back to the AI, with what its visitor reads of that. */
export interface GivenBackRow extends Address {
  epoch: number
  seq: number
  at: Date
  message_id: string
  words: string
}

/** The columns of `GivenBackRow`, of an updated conversation `u`. */
export const GIVEN_BACK = `u.client_id, u.session_id, u.id AS conversation_id, u.epoch, u.last_seq AS seq, u.last_at AS at,
  u.message_id, u.words`

/** A CTE that saves the words as a message of the system, which no model reads; `u` as for `GIVEN_BACK`. */
export const SAVE_WORDS = `
  INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp")
  SELECT message_id, id, last_seq, 'system', words, last_at FROM u`

export function addressOf({ client_id, session_id, conversation_id }: GivenBackRow): Address {
  return { client_id, session_id, conversation_id }
}

/** The message as visitors see it. */
export function messageOf({ message_id, seq, words, at }: GivenBackRow): Message {
  const nothing = {
    client_message_id: null,
    author: null,
    turn: null,
    answers_to: null,
    status: null,
    sources: null,
  }
  return presentMessage({ id: message_id, seq, role: 'system', content: words, timestamp: at, ...nothing })
}
