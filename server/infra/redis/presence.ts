import { EventEmitter } from 'node:events'
import type { Cluster, Redis as Client } from 'ioredis'
import type { Logger } from '../logger.ts'
import { ClusterHealth } from './cluster-health.ts'
import { reconnect } from './reconnect.ts'

interface PresenceEvents {
  /** Redis does not answer. */
  away: []
  /** Both connections stand again. What was published meanwhile was not heard. */
  back: []
}

/** How often each connection is tried, in milliseconds: a line that is cut in silence says nothing by itself. */
const PING_EVERY_MS = 2_000

/** Whether Redis is there. Tells the log of each change once. */
export class Presence extends EventEmitter<PresenceEvents> {
  readonly #connections: readonly (Client | Cluster)[]
  readonly #log: Logger
  /** None where there is but one server. */
  readonly #cluster: ClusterHealth | null
  #here = false
  #begun = false
  #closed = false
  #awaySince: Date | null = null
  #returns = 0
  #pings: NodeJS.Timeout | null = null
  /** The last thing that went wrong with a connection. */
  lastError: Error | null = null

  constructor(commands: Client | Cluster, subscriber: Client | Cluster, log: Logger) {
    super()
    this.#log = log
    this.#connections = [commands, subscriber]
    this.#cluster =
      'nodes' in commands && 'nodes' in subscriber
        ? new ClusterHealth(commands, subscriber, () => this.#look())
        : null
    for (const connection of this.#connections) {
      connection.on('error', (error: Error) => {
        this.lastError = error
      })
      connection.on('ready', () => {
        this.#look()
      })
      connection.on('close', () => {
        this.#look()
      })
    }
  }

  get isHere(): boolean {
    return this.#here
  }

  /** Null while it is there. */
  get awaySince(): Date | null {
    return this.#awaySince
  }

  /** How often it was away and came back. */
  get returns(): number {
    return this.#returns
  }

  /** The start is over: changes are told from here on. */
  begin(): void {
    this.#begun = true
    this.#here = this.#isWhole
    this.#pings = setInterval(() => {
      this.#ping()
    }, PING_EVERY_MS)
  }

  close(): void {
    this.#closed = true
    this.#cluster?.stop()
    if (this.#pings) clearInterval(this.#pings)
  }

  get #isWhole(): boolean {
    return this.#connections.every(({ status }) => status === 'ready') && this.#cluster?.isWhole !== false
  }

  #ping(): void {
    for (const connection of this.#connections) {
      if ('nodes' in connection) {
        // One node that hangs must not cost those that do not: the cluster finds it again.
        for (const node of connection.nodes('master')) this.#pingOver(node, () => node.disconnect())
      } else this.#pingOver(connection, () => reconnect(connection))
    }
  }

  #pingOver(connection: Client, cut: () => void): void {
    if (connection.status !== 'ready') return
    connection.ping().catch((error: unknown) => {
      this.lastError = error instanceof Error ? error : null
      if (connection.status === 'ready' && !this.#closed) cut()
    })
  }

  #look(): void {
    const here = this.#isWhole
    if (!this.#begun || this.#closed || here === this.#here) return
    this.#here = here
    if (here) {
      const away_ms = this.#awaySince && Date.now() - this.#awaySince.getTime()
      this.#awaySince = null
      this.#returns++
      this.#log.info({ away_ms }, 'Redis answers again')
      this.emit('back')
    } else {
      this.#awaySince = new Date()
      this.#log.warn(
        { reason: this.lastError?.message },
        'Redis does not answer: each node serves its own visitors',
      )
      this.emit('away')
    }
  }
}
