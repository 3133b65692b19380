import type { PublicEvent, PublicEvents } from '../bridge.ts'

export type Listener<E extends PublicEvent> = (detail: PublicEvents[E]) => void

/** Events for the page's own code, by listeners and as `parlor:...` events of the window. */
export class Emitter {
  /** Of each event its listeners, and whether they listen once only. */
  readonly #listeners = new Map<PublicEvent, Map<Listener<never>, boolean>>()

  /** Listens, and returns what ends it. */
  on<E extends PublicEvent>(name: E, listener: Listener<E>, once = false): () => void {
    const listeners = this.#listeners.get(name) ?? new Map<Listener<never>, boolean>()
    this.#listeners.set(name, listeners.set(listener, once))
    return () => this.off(name, listener)
  }

  once<E extends PublicEvent>(name: E, listener: Listener<E>): () => void {
    return this.on(name, listener, true)
  }

  off<E extends PublicEvent>(name: E, listener: Listener<E>): void {
    this.#listeners.get(name)?.delete(listener)
  }

  /** A listener that throws is the page's own fault: it is reported as such and stops nobody else. */
  emit<E extends PublicEvent>(name: E, detail: PublicEvents[E]): void {
    for (const [listener, once] of [...(this.#listeners.get(name) ?? [])]) {
      if (once) this.#listeners.get(name)?.delete(listener)
      try {
        ;(listener as Listener<E>)(detail)
      } catch (error) {
        reportError(error)
      }
    }
    dispatchEvent(new CustomEvent(`parlor:${name}`, { detail }))
  }
}
