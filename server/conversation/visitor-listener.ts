import type { SessionReady, WidgetEvents } from '../../protocol/widget.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Conversations, TranscriptCursor } from './conversations.ts'
import type { Address, Listener, Listeners } from './publisher.ts'
import type { VisitorHandoffs } from './visitor-handoffs.ts'
import type { VisitorTelling } from './visitor-telling.ts'

/** Events that may wait for `session:ready`. More means that reading took far too long: the visitor comes again. */
const WAITING_EVENTS = 256

/** What a visitor who has just come shows, and is told once. */
export interface Greeting {
  /** Of a new session. */
  token?: string
  /** Where the visitor's copy ends. */
  cursor: TranscriptCursor
}

/** What tells where a visitor stands. */
export interface Introducing {
  conversations: Pick<Conversations, 'snapshot' | 'runningReply'>
  listeners: Pick<Listeners, 'toolsSeen'>
  handoffs: Pick<VisitorHandoffs, 'team'>
  telling: Pick<VisitorTelling, 'contactGiven'>
}

/**
 * One tab or stream of a visitor. What happens between its registration and `session:ready` waits, so that nothing
 * falls between what was read from Postgres and what is told live.
 */
export abstract class VisitorListener implements Listener {
  #waiting: (() => void)[] | null = []

  tell<E extends keyof WidgetEvents>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (this.#waiting === null) {
      this.emit(to, event, ...args)
      return
    }
    // The running reply is copied into session:ready in the tick in which it leaves: its beginning and every delta
    // before it are in it. Told after it, the beginning would say that nothing has been said yet.
    if (event === 'reply:delta' || event === 'reply:start') return
    if (this.#waiting.length >= WAITING_EVENTS) this.cut()
    else this.#waiting.push(() => this.emit(to, event, ...args))
  }

  /**
   * Tells the visitor where it stands, then everything that has happened meanwhile. Call it after `join`. Rejects with
   * `DatabaseUnavailable` when that cannot be read.
   */
  async introduce(
    { conversations, listeners, handoffs, telling }: Introducing,
    session: VisitorSession,
    { cursor, token }: Greeting,
  ): Promise<void> {
    const [snapshot, team, contact_given] = await Promise.all([
      conversations.snapshot(session, cursor),
      handoffs.team(session),
      telling.contactGiven(session),
    ])
    const reply = snapshot.conversation && conversations.runningReply(snapshot.conversation, cursor)
    this.ready({
      session_id: session.id,
      ...(token === undefined ? {} : { session_token: token }),
      ...snapshot,
      ...(reply && { reply }),
      tools_running: snapshot.conversation && reply ? listeners.toolsSeen(snapshot.conversation.id) : [],
      ...{ team, contact_given },
    })
    const waiting = this.#waiting ?? []
    this.#waiting = null
    for (const emit of waiting) emit()
  }

  protected abstract ready(state: SessionReady): void
  protected abstract emit<E extends keyof WidgetEvents>(
    to: Address,
    event: E,
    ...args: Parameters<WidgetEvents[E]>
  ): void
  /** Ends the connection, so that the visitor comes again. */
  protected abstract cut(): void
}
