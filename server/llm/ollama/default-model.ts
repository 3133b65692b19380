import { abortable } from '../../infra/abortable.ts'
import { ProviderError } from '../provider.ts'
import type { OllamaClient } from './client.ts'
import { installedModels } from './installed-models.ts'
import { withinTime } from './within-time.ts'

/** Stands for the model that answers when nobody names one, as long as it is not known which one that is. */
export const UNKNOWN_MODEL = 'auto'

/** The model that answers when a request names none: a given one, or the best of those that are installed. */
export class DefaultModel {
  readonly #given: string | null
  #found: string | null = null

  constructor(given: string | null) {
    this.#given = given
  }

  /** `UNKNOWN_MODEL` where none was given and nobody has asked yet. */
  get name(): string {
    return this.#given ?? this.#found ?? UNKNOWN_MODEL
  }

  /** The model that a request is for. `patience`: milliseconds to look what is installed, where that must be known. */
  async choose(
    asked: string | undefined,
    { client, patience, signal }: { client: OllamaClient; patience: number; signal: AbortSignal },
  ): Promise<string> {
    if (asked !== undefined && asked !== UNKNOWN_MODEL) return asked
    const known = this.#given ?? this.#found
    if (known !== null) return known
    const looking = withinTime(patience, (stop) => installedModels(client, stop))
    const [best] = await abortable(looking, signal)
    if (best === undefined) throw new ProviderError('rejected', 'No model is installed (ollama pull <model>)')
    this.#found = best
    return best
  }

  /** A model was refused: where it is the one that was found, another one is looked for with the next request. */
  forget(model: string): void {
    if (this.#found === model) this.#found = null
  }
}
