import type { LateResult } from '../../models/message.ts'
import type { Role } from '../../protocol/records.ts'

/** A message as models read it: something that was said. */
export interface Spoken {
  seq: number
  /** Where it stands in the transcript: an answer beside what it answers. */
  place: number
  role: Role | 'tool'
  content: string
  /** Of what a tool brought late: the call that it belongs to. */
  call?: Omit<LateResult, 'content'> | null
}

/** The columns of `Spoken`. */
export const SPOKEN_COLUMNS =
  "seq, coalesce(answers_to, seq) AS place, role, coalesce(result->>'content', content) AS content, result - 'content' AS call"

/** Of the messages of conversation `v`, those that somebody said, or that a tool brought. Bounded in time, for the partitions. */
export const SPOKEN_IN_CONVERSATION = `conversation_id = v.id AND "timestamp" >= v.started_at
          AND (role = 'tool' OR role <> 'system' AND content <> '')`

/** In the order in which they are read. */
export function inPlace(spoken: readonly Spoken[]): Spoken[] {
  return [...spoken].sort((a, b) => a.place - b.place || a.seq - b.seq)
}

/** Whether an answer is owed to it: a visitor's message, or what a tool brought late. */
export function isToAnswer({ role }: Pick<Spoken, 'role'>): boolean {
  return role === 'user' || role === 'tool'
}
