import { setImmediate as tick } from 'node:timers/promises'
import type { Bus, Hear } from '../../../server/infra/redis/bus.ts'

interface Published {
  channel: string
  message: string
}

/** A bus in memory that nodes share, as a test wants it: its counts may be held back, and it may go away. */
export class SharedBus {
  readonly published: Published[] = []
  isAway = false
  #held: (() => void)[] | null = null
  readonly #listeners = new Map<string, Set<Hear>>()

  /** Answers to `listeners` and `publish` wait from now on, until `letGo`. */
  hold(): void {
    this.#held ??= []
  }

  letGo(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const go of held) go()
  }

  /** What a node calls out and hears with. */
  node(): Bus {
    return {
      subscribe: async (channel, hear) => {
        await tick()
        if (this.isAway) throw new Error('away')
        const listeners = this.#listeners.get(channel) ?? new Set<Hear>()
        this.#listeners.set(channel, listeners.add(hear))
        return () => void listeners.delete(hear)
      },
      publish: async (channel, message) => {
        if (this.isAway) throw new Error('away')
        this.published.push({ channel, message })
        const listeners = [...(this.#listeners.get(channel) ?? [])]
        for (const hear of listeners) queueMicrotask(() => hear(message))
        await this.#answered()
        return listeners.length
      },
      listeners: async (channel) => {
        const count = this.#listeners.get(channel)?.size ?? 0
        await this.#answered()
        return count
      },
    }
  }

  async #answered(): Promise<void> {
    if (this.isAway) throw new Error('away')
    await new Promise<void>((resolve) => {
      if (this.#held) this.#held.push(resolve)
      else setImmediate(resolve)
    })
  }
}
