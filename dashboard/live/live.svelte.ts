import { getContext, setContext } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { AdminConversation } from '../../protocol/admin.ts'
import type { Note } from '../../protocol/notes.ts'
import type { Session } from '../session/session.svelte.ts'
import { Line, type LineEvent } from './line.svelte.ts'
import { LiveConversation } from './live-conversation.svelte.ts'
import { watchedEventOf } from './told.ts'

/** Conversations that are kept as they were told last. */
const MOST_TOLD = 1_000

export type NoteChange =
  { conversation_id: string; note: Note } | { conversation_id: string; removed: string }

export interface LiveEvents {
  /** Somebody wants a person, who did not before. */
  onWanted(conversation: AdminConversation): void
  onNote(change: NoteChange): void
}

/** All that happens now, as one person of the business hears it over one line. */
export class Live {
  /** By id: the conversations of which something was told, as they are now, the youngest news last. */
  readonly told = new SvelteMap<string, AdminConversation>()
  /** Those who wait for a person, the first to have asked first. */
  readonly waiting: readonly AdminConversation[] = $derived(
    [...this.told.values()]
      .filter(({ handoff, state }) => handoff === 'requested' && state !== 'ended')
      .sort((a, b) => askedAt(a).localeCompare(askedAt(b))),
  )
  /** Raised when the line is there again: what was read before may be old. */
  generation = $state(0)
  readonly #events: LiveEvents
  readonly #line: Line
  #open: LiveConversation | null = null

  constructor(session: Pick<Session, 'token' | 'forget'>, events: LiveEvents) {
    this.#events = events
    this.#line = new Line({
      token: () => session.token(),
      forget: (token) => session.forget(token),
      onEvent: (event) => this.#hear(event),
      onOnline: () => void this.#enter(),
    })
  }

  get isOnline(): boolean {
    return this.#line.isOnline
  }

  /** Watches a conversation, instead of the one before. */
  open(id: string): LiveConversation {
    this.shut()
    this.#open = new LiveConversation(id, (request, payload) => this.#line.ask(request, payload))
    void this.#open.watch()
    return this.#open
  }

  /** Watches it no more; another that has taken its place goes on. */
  shut(conversation = this.#open): void {
    if (conversation === null || conversation !== this.#open) return
    conversation.close()
    this.#open = null
  }

  close(): void {
    this.shut()
    this.#line.close()
  }

  async #enter(): Promise<void> {
    this.generation += 1
    const [answer] = await Promise.all([
      this.#line.ask('inbox:watch', { handoff: 'requested', limit: 100 }),
      this.#open?.watch(),
    ])
    if (!answer.ok) return
    const waiting = answer.data.conversations.map(({ id }) => id)
    for (const { id } of this.waiting) if (!waiting.includes(id)) this.told.delete(id)
    // Who waits already when somebody comes in is seen in the list.
    const isNew = this.generation > 1
    for (const conversation of answer.data.conversations) this.#keep(conversation, isNew)
  }

  #hear(event: LineEvent): void {
    if (event.name === 'note:created' || event.name === 'note:changed') this.#events.onNote(event.args[0])
    if (event.name === 'note:removed') {
      const { conversation_id, id } = event.args[0]
      this.#events.onNote({ conversation_id, removed: id })
    }
    const [told] = event.args
    if (typeof told === 'object' && 'conversation' in told) this.#keep(told.conversation)
    const watched = watchedEventOf(event)
    if (watched && watched.id === this.#open?.id) this.#open.hear(watched.event)
  }

  #keep(conversation: AdminConversation, announced = true): void {
    const { id } = conversation
    const before = this.told.get(id)
    this.told.delete(id)
    this.told.set(id, conversation)
    for (const old of this.told.keys()) if (this.told.size > MOST_TOLD) this.told.delete(old)
    if (id === this.#open?.id) this.#open.changed(conversation)
    const isWanted = conversation.handoff === 'requested' && before?.handoff !== 'requested'
    if (isWanted && announced) this.#events.onWanted(conversation)
  }
}

function askedAt({ handoff_request, last_message_at }: AdminConversation): string {
  return handoff_request?.requested_at ?? last_message_at
}

const KEY = Symbol('live')

export function provideLive(live: Live): void {
  setContext(KEY, live)
}

/** While a component is made. */
export function useLive(): Live {
  return getContext<Live>(KEY)
}
