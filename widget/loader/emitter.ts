import type { PublicEvent, PublicEvents } from '../bridge.ts'

export type Listener<E extends PublicEvent> = (detail: PublicEvents[E]) => void

/** Events for the page's own code, by listeners and as `parlor:...` events of the window. */
export class Emitter {
  readonly #listeners = new Map<PublicEvent, Set<Listener<never>>>()

  /** Listens, and returns what ends it. */
  on<E extends PublicEvent>(name: E, listener: Listener<E>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(listener))
    return () => this.off(name, listener)
  }

  once<E extends PublicEvent>(name: E, listener: Listener<E>): () => void {
    const off = this.on(name, (detail) => {
      off()
      listener(detail)
    })
    return off
  }

  off<E extends PublicEvent>(name: E, listener: Listener<E>): void {
    this.#listeners.get(name)?.delete(listener)
  }

  /** A listener that throws is the page's own fault: it is reported as such and stops nobody else. */
  emit<E extends PublicEvent>(name: E, detail: PublicEvents[E]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])] as Listener<E>[]) {
      try {
        listener(detail)
      } catch (error) {
        reportError(error)
      }
    }
    dispatchEvent(new CustomEvent(`parlor:${name}`, { detail }))
  }
}
