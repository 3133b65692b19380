import type { AdminConversation, AdminData, AdminPayload, AdminRequest } from '../../protocol/admin.ts'
import type { ErrorCode } from '../../protocol/errors.ts'
import type { Result } from '../../protocol/result.ts'
import { TypingSignal } from '../../transcript/typing-signal.ts'
import type { ToolCall } from './tool-calls.ts'
import {
  apply,
  beginWatching,
  cursorOf,
  newSending,
  type Sending,
  type Watched,
  type WatchedEvent,
} from './watched.ts'

/** Asks the server: `Line.ask`. */
export type Ask = <R extends AdminRequest>(
  request: R,
  payload: AdminPayload<R>,
) => Promise<Result<AdminData<R>>>

/** Milliseconds after which a visitor who types has ceased to, where nothing more is heard. */
const TYPING_HOLDS = 7_000

/** One conversation on the screen: what is heard of it, and what its person does there. */
export class LiveConversation {
  readonly id: string
  /** Null until the first snapshot is there. */
  watched = $state.raw<Watched | null>(null)
  /** Why it cannot be watched. */
  failure = $state.raw<ErrorCode | null>(null)
  loadingOlder = $state(false)
  readonly #ask: Ask
  readonly #typing: TypingSignal
  #asking: Promise<void> | null = null
  #ceases: ReturnType<typeof setTimeout> | undefined
  /** What is told before the first snapshot: it may be younger than that. */
  #early: WatchedEvent[] = []

  constructor(id: string, ask: Ask) {
    this.id = id
    this.#ask = ask
    this.#typing = new TypingSignal((typing) => void ask('typing:set', { conversation_id: id, typing }))
  }

  /** Watches from where the copy ends; again after the line was lost. */
  async watch(): Promise<void> {
    this.#asking ??= this.#watchOnce().finally(() => (this.#asking = null))
    await this.#asking
  }

  hear(event: WatchedEvent): void {
    if (!this.watched) {
      this.#early.push(event)
      return
    }
    this.watched = apply(this.watched, event)
    if (event.type === 'typing' && event.author === 'user') this.#expectMore(event.typing)
    if (this.watched.needsSync) void this.watch()
  }

  /** What the inbox tells of it. */
  changed(conversation: AdminConversation): void {
    this.hear({ type: 'changed', conversation })
  }

  async loadOlder(): Promise<void> {
    const oldest = this.watched?.messages[0]?.seq
    if (oldest === undefined || this.loadingOlder || !this.watched?.older) return
    this.loadingOlder = true
    const answer = await this.#ask('history:load', { conversation_id: this.id, before_seq: oldest })
    this.loadingOlder = false
    if (answer.ok) this.hear({ type: 'history', page: answer.data })
  }

  /** Calls that are kept, of turns that nobody here has heard. */
  recall(calls: readonly ToolCall[]): void {
    this.hear({ type: 'calls', calls })
  }

  takeOver(): Promise<Result<AdminData<'conversation:take_over'>>> {
    return this.#change('conversation:take_over')
  }

  handBack(): Promise<Result<AdminData<'conversation:hand_back'>>> {
    return this.#change('conversation:hand_back')
  }

  /** The composer's text has changed to this. */
  typed(text: string): void {
    this.#typing.changed(text)
  }

  /** Shows the message at once, and sends it. */
  async send(text: string, again?: Sending): Promise<void> {
    const entry = again ?? newSending(text)
    const { client_message_id } = entry
    this.#typing.stop()
    this.hear({
      type: 'sending',
      entry: { client_message_id, text: entry.text, created_at: entry.created_at },
    })
    const answer = await this.#ask('message:send', {
      conversation_id: this.id,
      client_message_id,
      text: entry.text,
    })
    if (answer.ok) this.hear({ type: 'created', message: answer.data.message })
    else this.hear({ type: 'send-failed', client_message_id, code: answer.error.code })
  }

  discard({ client_message_id }: Sending): void {
    this.hear({ type: 'discarded', client_message_id })
  }

  close(): void {
    clearTimeout(this.#ceases)
    this.#typing.stop()
    void this.#ask('conversation:unwatch', { conversation_id: this.id })
  }

  async #change(request: 'conversation:take_over' | 'conversation:hand_back') {
    const answer = await this.#ask(request, { conversation_id: this.id })
    if (answer.ok) this.changed(answer.data.conversation)
    return answer
  }

  async #watchOnce(): Promise<void> {
    const held = this.watched
    const answer = await this.#ask('conversation:watch', {
      conversation_id: this.id,
      ...(held && cursorOf(held)),
    })
    if (!answer.ok) {
      // Without a line it is asked again when there is one.
      if (answer.error.code !== 'unavailable') this.failure = answer.error.code
      return
    }
    this.failure = null
    const snapshot = answer.data
    const next = this.watched ? apply(this.watched, { type: 'snapshot', snapshot }) : beginWatching(snapshot)
    this.watched = this.#early.splice(0).reduce(apply, next)
    if (this.watched.needsSync) queueMicrotask(() => void this.watch())
  }

  #expectMore(typing: boolean): void {
    clearTimeout(this.#ceases)
    if (!typing) return
    this.#ceases = setTimeout(
      () => this.hear({ type: 'typing', author: 'user', typing: false }),
      TYPING_HOLDS,
    )
  }
}
