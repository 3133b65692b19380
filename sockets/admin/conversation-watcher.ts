import type { AdminData, AdminEvents } from '../../protocol/admin.ts'
import type { WidgetEvents } from '../../protocol/widget.ts'
import type {
  Address,
  SharedEvent,
  ToolEvent,
  ToolTold,
  Watcher,
} from '../../server/conversation/publisher.ts'
import { MergedPieces } from '../../server/conversation/merged-pieces.ts'
import { unreadBytes } from '../engine/unread-bytes.ts'
import type { AdminSocket } from './socket-types.ts'

/** Events that may wait for the snapshot. More means that reading took far too long: the person comes again. */
const WAITING_EVENTS = 256

/** What is told in the words in which the visitor hears it, with the conversation's id first. */
type Mirrored = Exclude<SharedEvent & keyof AdminEvents, 'reply:delta' | 'server:draining'>

/** Of the connection, or of another conversation. */
const NOT_MIRRORED: ReadonlySet<SharedEvent> = new Set<SharedEvent>([
  'session:ready',
  'conversation:started',
  'server:draining',
])

/**
 * One conversation on one person's socket. What happens before the snapshot has left waits, so that nothing falls
 * between what was read and what is told live.
 */
export class ConversationWatcher implements Watcher {
  readonly sessionId: string
  readonly #socket: AdminSocket
  readonly #id: string
  readonly #pieces: MergedPieces<null>
  #waiting: (() => void)[] | null = []
  /** What was said so far is in the snapshot. */
  #copied = false
  /** Nothing of the reply is told until one begins: a person has the conversation, or none runs. */
  #muted = true
  #epoch = 0

  constructor(socket: AdminSocket, conversation: { id: string; session_id: string }) {
    this.#socket = socket
    this.#id = conversation.id
    this.sessionId = conversation.session_id
    this.#pieces = new MergedPieces({
      unread: () => unreadBytes(socket),
      send: ({ turn, attempt, offset, text }) => {
        socket.emit('reply:delta', this.#id, turn, attempt, offset, text)
      },
    })
  }

  tell<E extends SharedEvent>(to: Address, event: E, ...args: Parameters<WidgetEvents[E]>): void {
    if (to.conversation_id !== this.#id || NOT_MIRRORED.has(event)) return
    if (event === 'agent:joined') this.#handedTo(args as Parameters<WidgetEvents['agent:joined']>)
    if (event === 'reply:start' && !this.#begins(args as Parameters<WidgetEvents['reply:start']>)) return
    if (event === 'reply:delta' && (!this.#copied || this.#muted)) return
    this.#pass(() => this.#emit(event, args))
  }

  tellTool<E extends ToolEvent>(to: Address, event: E, told: ToolTold[E]): void {
    if (to.conversation_id !== this.#id) return
    const { seen, ...behind } = told
    this.#pass(() => {
      // Which of the two events it is, both halves agree on.
      const payload = { conversation_id: this.#id, ...seen, ...behind }
      this.#pieces.flush()
      this.#socket.emit(event, ...([payload] as unknown as Parameters<AdminEvents[E]>))
    })
  }

  tellVisitorTyping(typing: boolean): void {
    this.#pass(() => {
      this.#socket.emit('typing:changed', { conversation_id: this.#id, author: 'user', typing })
    })
  }

  /** The snapshot leaves in the tick in which this is called; what happens from now on follows it. */
  begin({ conversation, reply }: Pick<AdminData<'conversation:watch'>, 'conversation' | 'reply'>): void {
    this.#copied = true
    this.#muted = reply === undefined
    this.#epoch = Math.max(this.#epoch, conversation.epoch)
    setImmediate(() => {
      const waiting = this.#waiting ?? []
      this.#waiting = null
      for (const emit of waiting) emit()
    })
  }

  #handedTo([{ epoch }]: Parameters<WidgetEvents['agent:joined']>): void {
    this.#epoch = Math.max(this.#epoch, epoch)
    this.#muted = true
  }

  /** Before the snapshot is copied, a beginning will be in it. */
  #begins([{ epoch }]: Parameters<WidgetEvents['reply:start']>): boolean {
    if (!this.#copied || epoch < this.#epoch) return false
    this.#muted = false
    return true
  }

  #pass(emit: () => void): void {
    if (this.#waiting === null) emit()
    else if (this.#waiting.length < WAITING_EVENTS) this.#waiting.push(emit)
    else this.#socket.conn.close()
  }

  #emit<E extends SharedEvent>(event: E, args: Parameters<WidgetEvents[E]>): void {
    if (event === 'reply:delta') {
      const [turn, attempt, offset, text] = args as Parameters<WidgetEvents['reply:delta']>
      this.#pieces.tell({ turn, attempt, offset, text }, null)
      return
    }
    this.#pieces.flush()
    const [payload] = args as Parameters<WidgetEvents[Mirrored]>
    const mirrored = [{ conversation_id: this.#id, ...payload }] as unknown as Parameters<
      AdminEvents[Mirrored]
    >
    this.#socket.emit(event as Mirrored, ...mirrored)
  }
}
