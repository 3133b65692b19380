import type { Message } from '../../protocol/records.ts'
import type { OutboxEntry } from '../bridge.ts'

/** One thing in the list of messages. `key` stays while an entry turns from sent or streamed into its durable row. */
export type Entry = Shown & {
  key: string
  /** Another author than before, or another day. */
  first: boolean
  /** What the day is called, where another one begins. */
  day: string | null
}

type Shown =
  | { kind: 'message'; message: Message }
  | { kind: 'reply'; turn: number }
  | { kind: 'pending'; entry: OutboxEntry }

/**
 * Arranges the list of messages again and again. An entry that is as before, after the same one, is the same object,
 * so that a message costs what it adds, and nothing is drawn anew because of what came beside it.
 */
export class Entries {
  readonly #dayOf: (time: Date) => string
  #known = new Map<string, { entry: Entry; before: Shown | undefined }>()

  /** `dayOf`: what the day of a time is called. */
  constructor(dayOf: (time: Date) => string) {
    this.#dayOf = dayOf
  }

  /**
   * What is shown, in the order it is shown: rows by `(answers_to ?? seq, seq)`, the running reply at the place its
   * row will take, and at the end what is still being sent. The reply is named by its turn and place alone: its
   * growing text does not make this list anew.
   */
  arrange(
    messages: readonly Message[],
    pending: readonly OutboxEntry[],
    reply: { turn: number; answers_to: number } | null,
  ): Entry[] {
    const rows = messages.filter(isShown).sort(byPlace)
    const shown: Shown[] = rows.map((message) => ({ kind: 'message', message }))
    if (reply) {
      const at = rows.findIndex((row) => placeOf(row) > reply.answers_to)
      shown.splice(at < 0 ? shown.length : at, 0, { kind: 'reply', turn: reply.turn })
    }
    for (const entry of pending) shown.push({ kind: 'pending', entry })
    const known = shown.map((one, index) => {
      const [key, before] = [keyOf(one), shown[index - 1]]
      const last = this.#known.get(key)
      const same = subjectOf(last?.entry) === subjectOf(one) && subjectOf(last?.before) === subjectOf(before)
      return last && same ? last : { entry: { ...one, key, ...this.#beginning(one, before) }, before }
    })
    this.#known = new Map(known.map((one) => [one.entry.key, one]))
    return known.map(({ entry }) => entry)
  }

  #beginning(one: Shown, before: Shown | undefined): { first: boolean; day: string | null } {
    const day = this.#newDay(one, before)
    return { day, first: day !== null || before === undefined || authorOf(one) !== authorOf(before) }
  }

  #newDay(one: Shown, before: Shown | undefined): string | null {
    if (one.kind !== 'message' || (before && before.kind !== 'message')) return null
    const day = this.#dayOf(new Date(one.message.created_at))
    // The first of all need not say that it is of today.
    return day === this.#dayOf(before ? new Date(before.message.created_at) : new Date()) ? null : day
  }
}

/** Whether a row has anything to show: words, or that the answer was stopped or failed. */
export function isShown(message: Message): boolean {
  return message.content !== '' || message.status === 'stopped' || message.status === 'failed'
}

function byPlace(a: Message, b: Message): number {
  return placeOf(a) - placeOf(b) || a.seq - b.seq
}

function placeOf(message: Message): number {
  return message.answers_to ?? message.seq
}

function keyOf(one: Shown): string {
  if (one.kind === 'pending') return one.entry.client_message_id
  if (one.kind === 'reply') return `turn:${one.turn}`
  const { role, turn, client_message_id: sentAs, id } = one.message
  return role === 'assistant' && turn !== undefined ? `turn:${turn}` : (sentAs ?? id)
}

/** What makes two entries the same. */
function subjectOf(one: Shown | undefined): Message | OutboxEntry | number | undefined {
  if (one?.kind === 'message') return one.message
  return one?.kind === 'pending' ? one.entry : one?.turn
}

function authorOf(one: Shown): string {
  if (one.kind === 'pending') return 'user'
  return one.kind === 'reply' ? 'assistant' : `${one.message.role}${one.message.author?.name ?? ''}`
}
