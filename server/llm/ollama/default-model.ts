import { abortable } from '../abortable.ts'
import { ProviderError } from '../provider.ts'
import type { OllamaClient } from './client.ts'
import { installedModels } from './installed-models.ts'
import { withinTime } from './within-time.ts'

/** Stands for the model that answers when nobody names one, as long as it is not known which one that is. */
export const UNKNOWN_MODEL = 'auto'

/** The model that answers when a request names none: a given one, or the best of those that are installed. */
export class DefaultModel {
  #model: string | null

  constructor(model: string | null) {
    this.#model = model
  }

  /** `UNKNOWN_MODEL` where none was given and nobody has asked yet. */
  get name(): string {
    return this.#model ?? UNKNOWN_MODEL
  }

  /** The model that a request is for. `patience`: milliseconds to look what is installed, where that must be known. */
  async choose(
    asked: string | undefined,
    { client, patience, signal }: { client: OllamaClient; patience: number; signal: AbortSignal },
  ): Promise<string> {
    if (asked !== undefined && asked !== UNKNOWN_MODEL) return asked
    if (this.#model !== null) return this.#model
    const looking = withinTime(patience, (stop) => installedModels(client, stop))
    const [best] = await abortable(looking, signal)
    if (best === undefined) throw new ProviderError('rejected', 'No model is installed (ollama pull <model>)')
    this.#model = best
    return best
  }
}
