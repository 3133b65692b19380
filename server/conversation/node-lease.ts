import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable, type Database } from '../infra/database.ts'
import type { Logger } from '../infra/logger.ts'
import { registerNode, releaseLease, renewLease, type OwnedTurn } from './lease-statements.ts'
import type { TurnLimits } from './limits.ts'

/** Told what the lease finds out. */
export interface LeaseListener {
  /** All turns that `node` owns by the database's account, which was asked at `askedAt` (performance.now()) or later. */
  owned: (turns: OwnedTurn[], node: string, askedAt: number) => void
  /** The lease was lost: whatever runs must stop speaking, somebody else may own it. */
  lost: () => void
}

/**
 * This process's right to run turns: a row with a time limit by the database's clock. A process that could not renew
 * for `silentAfter` falls silent before others may take over, and comes back under a new id.
 */
export class NodeLease {
  readonly #database: Database
  readonly #limits: TurnLimits
  readonly #log: Logger
  readonly #stopping = new AbortController()
  #id: string | null = null
  #renewedAt = 0
  #draining = false
  #renewing: Promise<void> = Promise.resolve()

  constructor(parts: { database: Database; limits: TurnLimits; log: Logger }) {
    this.#database = parts.database
    this.#limits = parts.limits
    this.#log = parts.log
  }

  /** Registers the node and renews its lease until `release`. */
  async start(listener: LeaseListener): Promise<void> {
    await this.#register()
    this.#renewing = this.#renew(listener)
  }

  /** The id under which new turns may be claimed; null while the lease is in doubt, and when draining. */
  claimant(): string | null {
    return !this.#draining && this.#id !== null && this.holds(this.#id) ? this.#id : null
  }

  /** Whether a turn owned by `node` may still speak. */
  holds(node: string): boolean {
    return node === this.#id && performance.now() - this.#renewedAt < this.#limits.silentAfter
  }

  /** Claims nothing new from here on; what runs may finish. */
  drain(): void {
    this.#draining = true
  }

  /** Stops renewing and lets others have what this node still owns. */
  async release(): Promise<void> {
    this.#draining = true
    this.#stopping.abort()
    await this.#renewing
    const id = this.#id
    this.#id = null
    if (id) await releaseLease(this.#database, id)
  }

  async #register(): Promise<void> {
    const id = randomUUID()
    const at = performance.now()
    await registerNode(this.#database, { id, host: hostname(), leaseMs: this.#limits.lease })
    this.#renewedAt = at
    this.#id = id
    this.#log.info({ node: id }, 'node registered')
  }

  async #renew(listener: LeaseListener): Promise<void> {
    const { signal } = this.#stopping
    const { renewEvery, endRetry } = this.#limits
    let renewed = true
    for (;;) {
      // A database that is away for a moment must not cost the lease: after a failure it is tried again soon.
      const wait = Math.min(renewed ? renewEvery : endRetry, this.#untilSilent())
      const waited = await delay(wait, true, { signal }).catch(() => false)
      if (!waited) return
      this.#fallSilentWhenDue(listener)
      renewed = await this.#renewOnce(listener)
    }
  }

  /** False: it has to be tried again soon. */
  async #renewOnce(listener: LeaseListener): Promise<boolean> {
    const id = this.#id
    const at = performance.now()
    try {
      if (id === null) {
        await this.#register()
        return true
      }
      const watch = setTimeout(() => this.#fallSilentWhenDue(listener), this.#untilSilent())
      const owned = await renewLease(this.#database, id, this.#limits.lease).finally(() =>
        clearTimeout(watch),
      )
      if (id !== this.#id) return false
      if (owned === null) {
        this.#lose(listener, 'the lease had lapsed')
        return false
      }
      this.#renewedAt = at
      listener.owned(owned, id, at)
      return true
    } catch (error) {
      if (error instanceof DatabaseUnavailable)
        this.#log.debug({ reason: error.message }, 'lease not renewed')
      else this.#log.error({ err: error }, 'lease not renewed')
      return false
    }
  }

  #untilSilent(): number {
    if (this.#id === null) return this.#limits.renewEvery
    return Math.max(50, this.#renewedAt + this.#limits.silentAfter - performance.now())
  }

  #fallSilentWhenDue(listener: LeaseListener): void {
    if (this.#id !== null && !this.holds(this.#id)) this.#lose(listener, 'it could not be renewed in time')
  }

  #lose(listener: LeaseListener, reason: string): void {
    this.#log.warn({ node: this.#id, reason }, 'lease lost: running turns are left to whoever claims them')
    this.#id = null
    listener.lost()
  }
}
