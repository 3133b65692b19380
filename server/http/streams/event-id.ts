import type { EventsQuery } from '../../../protocol/chat.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { TranscriptCursor } from '../../conversation/conversations.ts'
import type { HttpContext } from '../http-env.ts'

/** Where a reader stands after an event. */
export interface Place {
  /** The conversation that the rest speaks of, where it is not clear from the request. */
  conversation_id?: string
  /** Every message up to here was told. */
  seq: number
  /** The running reply and how much of it was told; absent between replies. */
  reply?: { turn: number; attempt: number; offset: number }
}

/** `seq.turn.attempt.offset`, and the conversation where it is named; zeroes where no reply is running. */
export function formatEventId({ conversation_id, seq, reply }: Place): string {
  const numbers = [seq, reply?.turn ?? 0, reply?.attempt ?? 0, reply?.offset ?? 0].join('.')
  return conversation_id === undefined ? numbers : `${numbers}.${conversation_id}`
}

/** Where a reader's copy ends: its own last event is nearer to that than what its address says. */
export function readCursor(
  c: HttpContext,
  { conversation_id, last_seq }: EventsQuery,
): Result<TranscriptCursor> {
  const last = readLastEventId(c)
  if (!last.ok || last.data.last_seq !== undefined) return last
  return succeed({
    ...(last_seq === undefined ? {} : { last_seq }),
    ...(conversation_id === undefined ? {} : { conversation_id }),
  })
}

/** What `Last-Event-ID` says of the reader's copy; nothing where it is absent or empty. */
export function readLastEventId(c: HttpContext): Result<TranscriptCursor> {
  const id = c.req.header('last-event-id') ?? ''
  if (id === '') return succeed({})
  const [, seq, turn, attempt, offset, conversation_id] = FORM.exec(id) ?? []
  const numbers = [seq, turn, attempt, offset].map(Number)
  if (!numbers.every((number) => number <= MOST)) {
    return refuse('invalid_payload', 'Last-Event-ID is none that was told here.')
  }
  const [last_seq = 0, ...rest] = numbers
  return succeed({
    last_seq,
    ...replyOf(rest),
    ...(conversation_id === undefined ? {} : { conversation_id }),
  })
}

const FORM =
  /^(\d{1,10})\.(\d{1,10})\.(\d{1,10})\.(\d{1,10})(?:\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))?$/i

/** What Postgres takes for an integer. */
const MOST = 2_147_483_647

function replyOf([turn = 0, attempt = 0, offset = 0]: number[]): Pick<TranscriptCursor, 'reply'> {
  return turn === 0 ? {} : { reply: { turn, attempt, offset } }
}
