import { bill } from './bill.ts'
import type { ModelPass } from './breakers.ts'
import type { Place } from './installation.ts'
import type { CallFault } from './meter.ts'
import type { Hearing, NamedModel } from './models.ts'
import type { ModelsContext } from './models-context.ts'
import { FirstWord } from './patience.ts'
import { ProviderError, type ModelAnswer, type ModelRequest, type Provider } from './provider.ts'
import { WireLog } from './wire-log.ts'

/** One model of a route, about to be asked. */
export interface Attempt {
  named: NamedModel
  place: Place
  request: Omit<ModelRequest, 'model'>
  hearing: Hearing
  pass: ModelPass
}

/** What came of it: an answer, or the failure, and whether something had been said until then. */
export type Outcome = { answer: ModelAnswer } | { answer: null; error: ProviderError; spoke: boolean }

/**
 * Asks one model once, and tells its breaker, the meter and who hears the answer what it came to. What was broken off
 * is spent too, by our estimate; what never reached the model is not. Rejects with the signal's reason, or with a bug.
 */
export async function askModel(
  context: ModelsContext,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<Outcome> {
  const { named, place, request, pass } = attempt
  const provider = context.installation.provider(named.provider, place)
  if (!provider) throw new Error(`There is no ${named.provider}`)
  const firstWord = new FirstWord(signal, place.hasty ? context.patience.eachWord : null)
  const call = new CallUnderWay(context, attempt, provider, firstWord)
  try {
    const answer = await provider.ask(
      { ...request, model: named.model },
      call.hear,
      firstWord.signal,
      call.wire,
    )
    pass.succeeded()
    call.over({ answer })
    return { answer }
  } catch (error) {
    if (signal.aborted || !(error instanceof ProviderError)) {
      pass.abandoned()
      call.over({ fault: signal.aborted ? 'aborted' : 'internal' })
      throw error
    }
    pass.failed(error)
    call.over({ fault: error.code, reason: error.message })
    return { answer: null, error, spoke: call.spoke }
  } finally {
    firstWord.close()
  }
}

/** Faults of calls that a model has worked on, though nobody told what it counted. */
const WORKED: ReadonlySet<CallFault> = new Set(['aborted', 'timeout', 'broken_stream'])

/** How a call has ended. */
interface End {
  fault?: CallFault | null
  /** The vendor's words for it. */
  reason?: string
  answer?: ModelAnswer
}

/** What is known of one call while it runs. */
class CallUnderWay {
  /** Joined at the end: a text that grows by every token keeps the garbage collector busy. */
  readonly #said: string[] = []
  readonly #context: ModelsContext
  readonly #attempt: Attempt
  readonly #provider: Provider
  readonly #firstWord: FirstWord
  readonly #asksDefault: boolean
  readonly #begun = performance.now()
  /** Only where somebody wants to know. */
  readonly wire: WireLog | undefined
  #firstWordMs: number | null = null

  constructor(context: ModelsContext, attempt: Attempt, provider: Provider, firstWord: FirstWord) {
    this.#context = context
    this.#attempt = attempt
    this.#provider = provider
    this.#firstWord = firstWord
    this.wire = attempt.hearing.traced && new WireLog()
    this.#asksDefault = attempt.named.model === provider.defaultModel
  }

  /** Whether anything was said. */
  get spoke(): boolean {
    return this.#said.length > 0
  }

  readonly hear = (piece: string): void => {
    if (this.#firstWordMs === null) {
      this.#firstWordMs = performance.now() - this.#begun
      this.#firstWord.came()
      this.#attempt.pass.alive()
    }
    this.#said.push(piece)
    this.#attempt.hearing.text(piece)
  }

  over({ fault = null, reason, answer }: End): void {
    const { request, hearing } = this.#attempt
    const worked = fault === null || this.spoke || WORKED.has(fault)
    const named = this.#named()
    const spent = worked ? bill(this.#context, named, { request, said: this.#said.join(''), answer }) : null
    if (spent) hearing.spent(spent)
    const totalMs = performance.now() - this.#begun
    const firstWordMs = this.#firstWordMs
    this.#context.meter?.asked({ ...named, fault, spent, firstWordMs, totalMs })
    hearing.traced?.({
      ...{ ...named, request, spent, firstWordMs, totalMs },
      answer: answer ?? null,
      fault: reason === undefined ? fault : `${fault}: ${reason}`,
      wire: this.wire?.read() ?? [],
    })
  }

  /** A provider that looks its default up when it is first asked knows the name by now. */
  #named(): NamedModel {
    const { provider, model } = this.#attempt.named
    return { provider, model: this.#asksDefault ? this.#provider.defaultModel : model }
  }
}
