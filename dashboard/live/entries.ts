import type { WatchedMessage } from '../../protocol/admin.ts'
import type { Note } from '../../protocol/notes.ts'
import type { ToolCall } from './tool-calls.ts'
import type { Sending, Watched } from './watched.ts'

/** One thing in what a person watches. `key` stays while a streamed answer, or what is sent, turns into its row. */
export type Entry = { key: string } & (
  | { kind: 'message'; message: WatchedMessage }
  | { kind: 'reply'; turn: number }
  | { kind: 'call'; call: ToolCall }
  | { kind: 'note'; note: Note }
  | { kind: 'sending'; sending: Sending }
  | { kind: 'day'; at: string }
)

type Row = Pick<WatchedMessage, 'seq' | 'answers_to'>

/**
 * What is shown, in its order: rows by `(answers_to ?? seq, seq)`, each answer after the calls of its turn, the running
 * one where its row will stand, notes by their time, what is being sent at the end; and a day wherever one begins.
 * `dayOf` names the day of a time.
 */
export function arrange(
  {
    messages,
    reply,
    calls,
    sending,
  }: Pick<Watched, 'messages' | 'calls' | 'sending'> & {
    reply: { turn: number; answers_to: number } | null
  },
  notes: readonly Note[],
  dayOf: (time: string) => string,
): Entry[] {
  const rows = messages.filter(isShown).sort(byPlace)
  const at = reply ? rows.findIndex((row) => placeOf(row) > reply.answers_to) : -1
  const before = at < 0 ? rows : rows.slice(0, at)
  const entries = [
    ...before.flatMap((message) => withCalls(message, calls)),
    ...(reply
      ? [
          ...callsOf(reply.turn, calls),
          { kind: 'reply', key: `turn:${reply.turn}`, turn: reply.turn } as const,
        ]
      : []),
    ...rows.slice(before.length).flatMap((message) => withCalls(message, calls)),
  ]
  const withNotes = addNotes(entries, notes)
  const own = sending.map((one): Entry => ({ kind: 'sending', key: one.client_message_id, sending: one }))
  return [...addDays(withNotes, dayOf), ...own]
}

/** Whether a row has anything to show: words, or how an answer ended. */
function isShown({ content, status }: WatchedMessage): boolean {
  return content !== '' || status === 'stopped' || status === 'failed'
}

function byPlace(a: Row, b: Row): number {
  return placeOf(a) - placeOf(b) || a.seq - b.seq
}

function placeOf({ answers_to, seq }: Row): number {
  return answers_to ?? seq
}

function withCalls(message: WatchedMessage, calls: readonly ToolCall[]): Entry[] {
  const { role, turn, client_message_id, id } = message
  const isAnswer = role === 'assistant' && turn !== undefined
  const key = isAnswer ? `turn:${turn}` : (client_message_id ?? id)
  return [...(isAnswer ? callsOf(turn, calls) : []), { kind: 'message', key, message }]
}

function callsOf(turn: number, calls: readonly ToolCall[]): Entry[] {
  return calls
    .filter((call) => call.turn === turn)
    .map((call) => ({ kind: 'call', key: `call:${call.call_id}`, call }))
}

/** A note stands before the first message that is younger. */
function addNotes(entries: readonly Entry[], notes: readonly Note[]): Entry[] {
  const waiting = [...notes].sort((a, b) => a.created_at.localeCompare(b.created_at))
  const whole: Entry[] = []
  for (const entry of entries) {
    const time = entry.kind === 'message' ? entry.message.created_at : null
    while (time !== null && waiting[0] && waiting[0].created_at < time) take(waiting, whole)
    whole.push(entry)
  }
  while (waiting[0]) take(waiting, whole)
  return whole
}

function take(waiting: Note[], whole: Entry[]): void {
  const note = waiting.shift()
  if (note) whole.push({ kind: 'note', key: note.id, note })
}

/** An answer that came late stands at its question, which begins no day anew. */
function addDays(entries: readonly Entry[], dayOf: (time: string) => string): Entry[] {
  let latest = ''
  return entries.flatMap((entry) => {
    const time = timeOf(entry)
    if (time === null || time <= latest) return [entry]
    const isSame = latest !== '' && dayOf(time) === dayOf(latest)
    latest = time
    return isSame ? [entry] : [{ kind: 'day', key: `day:${time}`, at: time }, entry]
  })
}

function timeOf(entry: Entry): string | null {
  if (entry.kind === 'message') return entry.message.created_at
  return entry.kind === 'note' ? entry.note.created_at : null
}
