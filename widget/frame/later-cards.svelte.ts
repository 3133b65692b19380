import type * as Cards from './cards.ts'

/** What comes on demand, for components to show once it is there. */
export class LaterCards {
  came = $state.raw<typeof Cards | null>(null)
  #coming: Promise<boolean> | null = null

  /** Asks for them; again when they did not come, until they have. Hands back whether they are there. */
  want(): Promise<boolean> {
    this.#coming ??= this.#fetch()
    return this.#coming
  }

  async #fetch(): Promise<boolean> {
    const cards = await import('./cards.ts').catch(() => null)
    if (cards) cards.dressCards(document)
    else this.#coming = null
    this.came = cards
    return cards !== null
  }
}
