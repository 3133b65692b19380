import { abortable } from '../../infra/abortable.ts'
import { abilitiesOf, type Abilities } from './abilities.ts'
import type { OllamaClient } from './client.ts'
import { ShortMemory } from './short-memory.ts'
import { withinTime } from './within-time.ts'

/** Models that are remembered, and for how many milliseconds: one may be pulled anew under its old name. */
const MOST = 64
const REMEMBERED_MS = 300_000

/** What models can do. Each is asked about once for all who want to know at the same time, and then remembered. */
export class KnownModels {
  readonly #client: OllamaClient
  readonly #patience: number
  readonly #abilities = new ShortMemory<Promise<Abilities>>(MOST, REMEMBERED_MS)

  /** `patience`: milliseconds for one description. */
  constructor(client: OllamaClient, patience: number) {
    this.#client = client
    this.#patience = patience
  }

  /** Rejects with `ProviderError`, or with the signal's reason. */
  of(model: string, signal: AbortSignal): Promise<Abilities> {
    return abortable(this.#abilities.get(model) ?? this.#learn(model), signal)
  }

  forget(model: string): void {
    this.#abilities.delete(model)
  }

  /** Under a limit of its own: whoever asked first may leave, and others still wait. */
  #learn(model: string): Promise<Abilities> {
    const abilities = withinTime(this.#patience, async (signal) =>
      abilitiesOf(await this.#client.show(model, signal)),
    )
    this.#abilities.set(model, abilities)
    abilities.catch(() => {
      this.forget(model)
    })
    return abilities
  }
}
