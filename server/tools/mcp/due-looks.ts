import type { Logger } from '../../infra/logger.ts'
import type { Look, McpLooks } from './looks.ts'

/** Looks at once, and servers that wait for one. */
const BOUNDS = { atOnce: 4, waiting: 100 } as const

export interface DueLookParts {
  looks: Pick<McpLooks, 'lookIfDue'>
  log: Logger
  /** Seconds for which a look holds. */
  every: number
  /** Hears of each look that was made. */
  onLook: (serverId: string, look: Look) => void
}

/** Looks at servers beside what happens, a few at a time: who asks for it never waits, and what fails is logged. */
export class DueLooks {
  readonly #parts: DueLookParts
  /** In the order in which they came; none twice. */
  readonly #waiting = new Set<string>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #over = new AbortController()

  constructor(parts: DueLookParts) {
    this.#parts = parts
  }

  /** Has a server looked at soon, unless that is so already, or too many wait. */
  ask(serverId: string): void {
    const isFull = this.#waiting.size >= BOUNDS.waiting
    if (this.#over.signal.aborted || this.#running.has(serverId) || isFull) return
    this.#waiting.add(serverId)
    this.#next()
  }

  /** Resolves when no look is running or waiting. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  /** Breaks off what runs, and begins nothing more. */
  async stop(): Promise<void> {
    this.#waiting.clear()
    this.#over.abort(new Error('the server stops'))
    await this.idle()
  }

  #next(): void {
    for (const serverId of this.#waiting) {
      if (this.#running.size >= BOUNDS.atOnce) return
      this.#waiting.delete(serverId)
      const looking = this.#look(serverId).finally(() => {
        this.#running.delete(serverId)
        this.#next()
      })
      this.#running.set(serverId, looking)
    }
  }

  async #look(serverId: string): Promise<void> {
    const { looks, every, log, onLook } = this.#parts
    try {
      const look = await looks.lookIfDue(serverId, every, this.#over.signal)
      if (look) onLook(serverId, look)
    } catch (error) {
      if (!this.#over.signal.aborted)
        log.warn({ code: 'mcp_look_failed', server_id: serverId, err: error }, 'a server was not looked at')
    }
  }
}
