import type { Conversation, Message } from '../protocol/records.ts'

/** A row has one number and one id for ever. */
type Named = Pick<Message, 'id' | 'seq'>

/** Both lists in the order of `seq`, each row once. A row already held stays the same object. */
export function mergeMessages<Row extends Named>(held: readonly Row[], told: readonly Row[]): readonly Row[] {
  const bySeq = new Map(held.map((row) => [row.seq, row]))
  const news = told.filter((row) => bySeq.get(row.seq)?.id !== row.id)
  if (news.length === 0) return held
  for (const row of news) bySeq.set(row.seq, row)
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

/** The last `seq` that is reached from `from` without a hole. */
export function advance(from: number, rows: readonly Named[]): number {
  let at = rows.length
  while (at > 0 && (rows[at - 1]?.seq ?? 0) > from) at -= 1
  let reached = from
  while (rows[at]?.seq === reached + 1) {
    reached += 1
    at += 1
  }
  return reached
}

/** Whether a row is older than the conversation, and so of an earlier one. */
export function startedBefore(row: Message, conversation: Conversation): boolean {
  return Date.parse(row.created_at) < Date.parse(conversation.started_at)
}
