import { KEYS } from '../../server/infra/keys.ts'
import type { Redis } from '../../server/infra/redis/redis.ts'
import type { InboxChange } from './inbox-change.ts'
import { strongest } from './inbox-change.ts'
import type { Inbox } from './inbox.ts'
import type { AdminNamespace } from './socket-types.ts'

/** What changes within this time of the last telling is told together, in milliseconds. */
const BETWEEN_TELLINGS = 20

export interface OtherInboxesParts {
  namespace: AdminNamespace
  redis: Pick<Redis, 'bus' | 'presence'>
  inbox: Inbox
}

/**
 * What of the inbox crosses to other nodes: that something has changed, never what. A node on which somebody watches
 * stays subscribed to a channel on which nothing is ever said: by its count the others know whether to tell.
 */
export class OtherInboxes {
  readonly #parts: OtherInboxesParts
  readonly #gathered = new Map<string, InboxChange>()
  #timer: NodeJS.Timeout | null = null
  #leave: (() => void) | null = null
  #isJoining = false
  /** By `performance.now()`. */
  #toldAt = -Infinity

  constructor(parts: OtherInboxesParts) {
    this.#parts = parts
    const { namespace, redis, inbox } = parts
    namespace.on('inbox', (changes) => {
      for (const change of changes) inbox.changed(change)
    })
    inbox.on('watched', () => void this.#join())
    inbox.on('deserted', () => {
      this.#leave?.()
      this.#leave = null
    })
    redis.presence.on('back', () => void this.#join())
  }

  /** Something has happened here. What cannot be told is found by who watches: see `InboxCatchUp`. */
  tell(change: InboxChange): void {
    const { conversation_id: id, kind } = change
    this.#gathered.set(id, { ...change, kind: strongest(this.#gathered.get(id)?.kind, kind) })
    const since = performance.now() - this.#toldAt
    this.#timer ??= setTimeout(() => void this.#flush(), Math.max(0, BETWEEN_TELLINGS - since))
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#leave?.()
  }

  async #flush(): Promise<void> {
    const { namespace, redis } = this.#parts
    const changes = [...this.#gathered.values()]
    this.#gathered.clear()
    this.#timer = null
    this.#toldAt = performance.now()
    try {
      const watching = await redis.bus.listeners(KEYS.inbox)
      if (watching > Number(this.#leave !== null)) namespace.serverSideEmit('inbox', changes)
    } catch {
      // Redis is away: who watches elsewhere looks into Postgres.
    }
  }

  async #join(): Promise<void> {
    const { redis, inbox } = this.#parts
    if (this.#leave || this.#isJoining || inbox.isEmpty()) return
    this.#isJoining = true
    try {
      const leave = await redis.bus.subscribe(KEYS.inbox, () => undefined)
      if (inbox.isEmpty()) leave()
      else this.#leave = leave
    } catch {
      // Once Redis is back.
    } finally {
      this.#isJoining = false
    }
  }
}
