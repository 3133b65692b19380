import type { Role } from '../../protocol/records.ts'

/** A message as models read it: something that was said. */
export interface Spoken {
  seq: number
  /** Where it stands in the transcript: an answer beside what it answers. */
  place: number
  role: Role
  content: string
}

/** The columns of `Spoken`. */
export const SPOKEN_COLUMNS = 'seq, coalesce(answers_to, seq) AS place, role, content'

/** Of the messages of conversation `v`, those that somebody said. Bounded in time, for the partitions. */
export const SPOKEN_IN_CONVERSATION = `conversation_id = v.id AND "timestamp" >= v.started_at
          AND role <> 'system' AND content <> ''`

/** In the order in which they are read. */
export function inPlace(spoken: readonly Spoken[]): Spoken[] {
  return [...spoken].sort((a, b) => a.place - b.place || a.seq - b.seq)
}
