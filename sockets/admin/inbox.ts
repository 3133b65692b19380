import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { AdminConversation } from '../../protocol/admin.ts'
import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import { strongest, type ChangeKind, type InboxChange } from './inbox-change.ts'
import type { AdminSocket } from './socket-types.ts'

/** Conversations that one statement reads. */
const AT_ONCE = 200

/** Milliseconds between two readings: what changes meanwhile is told once. */
const BETWEEN_READINGS = 100

/** Milliseconds until a database that was away is asked again. */
const AGAIN_AFTER = 1_000

/** Changes that may wait to be read. More means that they cannot be followed: who watches comes again. */
const WAITING = 5_000

export interface InboxParts {
  agents: Pick<AgentConversations, 'read'>
  log: Logger
}

interface InboxEvents {
  /** Somebody watches. */
  watched: []
  /** Nobody does any more. */
  deserted: []
}

/**
 * Who watches the inbox on this node: of one client, or of all. A change is told with the conversation as it is now,
 * read once for all, and not at all where nobody watches.
 */
export class Inbox extends EventEmitter<InboxEvents> {
  readonly #parts: InboxParts
  /** By client; null: of all. */
  readonly #watching = new Map<string | null, Set<AdminSocket>>()
  readonly #scopes = new Map<AdminSocket, string | null>()
  readonly #due = new Map<string, ChangeKind>()
  readonly #stopped = new AbortController()
  #reading: Promise<void> | null = null

  constructor(parts: InboxParts) {
    super()
    this.#parts = parts
  }

  /** Nobody watches. */
  isEmpty(): boolean {
    return this.#watching.size === 0
  }

  /** From here on it is told of this client, or of all: of nothing else that it watched before. */
  watch(socket: AdminSocket, scope: string | null): void {
    if (this.#scopes.has(socket) && this.#scopes.get(socket) !== scope) this.unwatch(socket)
    this.#scopes.set(socket, scope)
    this.#watching.set(scope, (this.#watching.get(scope) ?? new Set()).add(socket))
    this.emit('watched')
  }

  unwatch(socket: AdminSocket): void {
    const scope = this.#scopes.get(socket)
    if (scope === undefined) return
    this.#scopes.delete(socket)
    const watching = this.#watching.get(scope)
    watching?.delete(socket)
    if (watching?.size === 0) this.#watching.delete(scope)
    if (this.isEmpty()) this.emit('deserted')
  }

  /** Something has happened, here or elsewhere. */
  changed({ client_id, conversation_id, kind }: InboxChange): void {
    if (!this.#watching.has(client_id) && !this.#watching.has(null)) return
    this.#due.set(conversation_id, strongest(this.#due.get(conversation_id), kind))
    if (this.#due.size > WAITING) this.#giveUp()
    else this.#reading ??= this.#readAll().finally(() => (this.#reading = null))
  }

  /** Tells who watches it of a conversation as it is. */
  tell(conversation: AdminConversation, kind: ChangeKind): void {
    for (const whose of [conversation.client_id, null]) {
      for (const socket of this.#watching.get(whose) ?? []) show(socket, conversation, kind)
    }
  }

  /** Reads nothing any more. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await this.#reading
  }

  async #readAll(): Promise<void> {
    const { signal } = this.#stopped
    while (this.#due.size > 0 && !signal.aborted) {
      const batch = new Map([...this.#due].slice(0, AT_ONCE))
      for (const id of batch.keys()) this.#due.delete(id)
      const wasRead = await this.#read(batch)
      await delay(wasRead ? BETWEEN_READINGS : AGAIN_AFTER, undefined, { signal }).catch(() => undefined)
    }
  }

  /** False: the database is away, and these are due again. */
  async #read(batch: ReadonlyMap<string, ChangeKind>): Promise<boolean> {
    const { agents, log } = this.#parts
    try {
      for (const conversation of await agents.read([...batch.keys()]))
        this.tell(conversation, batch.get(conversation.id) ?? 'updated')
      return true
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) {
        log.error({ err: error }, 'the inbox could not be read')
        return true
      }
      log.debug({ reason: error.message }, 'the inbox could not be read')
      for (const [id, kind] of batch) this.#due.set(id, strongest(kind, this.#due.get(id) ?? kind))
      return false
    }
  }

  #giveUp(): void {
    this.#due.clear()
    for (const watching of this.#watching.values()) for (const socket of watching) socket.conn.close()
  }
}

function show(socket: AdminSocket, conversation: AdminConversation, kind: ChangeKind): void {
  if (kind === 'ended' || conversation.state === 'ended')
    socket.emit('conversation:ended', { conversation_id: conversation.id, conversation })
  else socket.emit(kind === 'opened' ? 'conversation:opened' : 'conversation:updated', { conversation })
}
