import { setTimeout as delay } from 'node:timers/promises'
import type { Cluster } from 'ioredis'

/** Between two looks at whether a cluster that lost a node is whole again, in milliseconds. */
const LOOK_EVERY_MS = 250

/**
 * Knows whether each node of a cluster that has slots is reached. The library tells when no node is; here one that is
 * away counts, since all that it has, and every channel of its slots, is away with it.
 */
export class ClusterHealth {
  readonly #commands: Cluster
  readonly #changed: () => void
  readonly #stopped = new AbortController()
  /** How often a connection for commands was lost; whoever looked before the last time saw what is no more. */
  #losses = 0
  #looking = false
  #commandsReach = true
  #subscriberHears = true
  #failedToHear = false

  /** `changed` is called whenever `isWhole` may be another. */
  constructor(commands: Cluster, subscriber: Cluster, changed: () => void) {
    this.#commands = commands
    this.#changed = changed
    commands.on('-node', () => this.#lost())
    subscriber.on('-node', (_: unknown, nodeKey?: string) => {
      // Without the key it is a connection over which the library only asks for slots.
      if (nodeKey !== undefined) this.#hears(false)
    })
    subscriber.on('error', () => {
      this.#failedToHear = true
      this.#hears(false)
    })
    // Told after each try to subscribe anew at all nodes, of which some may have failed.
    subscriber.on('subscribersReady', () => {
      this.#hears(!this.#failedToHear)
      this.#failedToHear = false
    })
  }

  get isWhole(): boolean {
    return this.#commandsReach && this.#subscriberHears
  }

  stop(): void {
    this.#stopped.abort()
  }

  #hears(all: boolean): void {
    this.#subscriberHears = all
    this.#changed()
  }

  #lost(): void {
    this.#losses++
    this.#commandsReach = false
    this.#changed()
    if (!this.#looking) void this.#lookUntilWhole()
  }

  async #lookUntilWhole(): Promise<void> {
    this.#looking = true
    const { signal } = this.#stopped
    while (!signal.aborted && !(await this.#reachesAll())) {
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
    this.#looking = false
    if (signal.aborted) return
    this.#commandsReach = true
    this.#changed()
  }

  /** Asks who has slots now, and each of them for a sign of life. */
  async #reachesAll(): Promise<boolean> {
    const losses = this.#losses
    try {
      await new Promise<void>((resolve, reject) =>
        this.#commands.refreshSlotsCache((error) => (error ? reject(error) : resolve())),
      )
      await Promise.all(this.#commands.nodes('master').map((node) => node.ping()))
      return losses === this.#losses
    } catch {
      return false
    }
  }
}
