import type { Handoff, HandoffState } from '../../protocol/records.ts'
import type { Address } from '../conversation/publisher.ts'
import type { Database, Statement } from '../infra/database.ts'

/** Everybody who waits, near the front of their client's queue. $1 how many of each client */
const QUEUES: Statement = {
  name: 'handoff/queues',
  text: `
    SELECT * FROM (
      SELECT client_id, session_id, id AS conversation_id,
        row_number() OVER (PARTITION BY client_id, is_test ORDER BY handoff_requested_at, id)::int AS position
      FROM conversations WHERE handoff = 'requested'
    ) AS queues WHERE position <= $1::int`,
}

/** $1 conversations */
const STATES: Statement = {
  name: 'handoff/states',
  text: `SELECT id, handoff FROM conversations WHERE id = ANY($1::uuid[])`,
}

export interface QueueWatchParts {
  database: Pick<Database, 'run'>
  /** Tells those who listen on this node, and nobody else: every node looks for itself. */
  tellHere: (to: Address, handoff: Handoff) => void
  /** How many of one client are told. */
  toldPositions: number
}

/**
 * Tells visitors on this node when their place in the queue changes, whatever moved it and wherever that happened: each
 * node looks at the queues by itself. So nothing is lost with a node that dies after its commit, nor with Redis, and a
 * word that came too late is mended with the next look.
 */
export class QueueWatch {
  readonly #parts: QueueWatchParts
  /** What was told last, by conversation; position 0: something that has to be looked up again. */
  readonly #told = new Map<string, { to: Address; position: number }>()
  #looking: Promise<void> | null = null
  #woken: (() => void) | null = null

  constructor(parts: QueueWatchParts) {
    this.#parts = parts
  }

  /** Something was told of this conversation by others than the watch: it is told again how it stands. */
  expect(to: Address): void {
    this.#told.set(to.conversation_id, { to, position: 0 })
    this.wake()
  }

  /** Looks soon; the queue has moved. */
  wake(): void {
    this.#woken?.()
  }

  /** Resolves with the next `wake`. */
  woken(): Promise<void> {
    return new Promise((resolve) => (this.#woken = resolve))
  }

  /** Looks once; asked while it looks, it gives the same look. */
  look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = null))
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    const { database, tellHere, toldPositions } = this.#parts
    const known = new Map(this.#told)
    for (const row of await database.run<Address & { position: number }>(QUEUES, [toldPositions])) {
      const { position, ...to } = row
      known.delete(to.conversation_id)
      if (this.#told.get(to.conversation_id)?.position === position) continue
      this.#told.set(to.conversation_id, { to, position })
      tellHere(to, { state: 'requested', position })
    }
    await this.#tellGone(known)
  }

  /** Whoever waits no more is told what has become of it: a position may have been told after the news of that. */
  async #tellGone(gone: ReadonlyMap<string, { to: Address }>): Promise<void> {
    if (gone.size === 0) return
    const { database, tellHere } = this.#parts
    const found = await database.run<{ id: string; handoff: HandoffState }>(STATES, [[...gone.keys()]])
    const states = new Map(found.map(({ id, handoff }) => [id, handoff]))
    for (const [id, { to }] of gone) {
      const state = states.get(id)
      this.#told.delete(id)
      if (state !== undefined && state !== 'requested') tellHere(to, { state })
    }
  }
}
