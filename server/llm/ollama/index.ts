import { createDispatchFetch } from '../dispatch-fetch.ts'
import { loadLate } from '../load-late.ts'
import { ProviderError, type Provider } from '../provider.ts'
import { VENDOR_LIMITS, type VendorLimits } from '../stream-answer.ts'
import { createAsk, type Libraries } from './ask.ts'
import { OllamaClient } from './client.ts'
import { DefaultModel } from './default-model.ts'
import { installedModels } from './installed-models.ts'
import { withinTime } from './within-time.ts'

export interface OllamaSettings {
  /** `http://127.0.0.1:11434`, or as Ollama's own tools take it: without a protocol, without a port. */
  host: string
  /**
   * The model that answers when a request names none. Null: the best that is installed, which is looked up with the
   * first request; until then `defaultModel` is `auto`. `findOllama` tells it beforehand.
   */
  model: string | null
}

/** Milliseconds, beside what every vendor has. */
export interface OllamaLimits extends VendorLimits {
  /** For what Ollama tells of itself: its models, and what one can do. */
  look: number
  /** How long a model stays loaded after an answer, Ollama's `keep_alive`. */
  loaded: number
}

/**
 * A model may have to be loaded first, a machine without a graphics card reads and thinks slowly, nothing pings
 * meanwhile, and nothing comes at all while the arguments of a call are written.
 */
export const OLLAMA_LIMITS: Readonly<OllamaLimits> = {
  ...VENDOR_LIMITS,
  time: { connect: 5_000, firstToken: 180_000, silence: 60_000, wordless: 180_000, answer: 300_000 },
  look: 10_000,
  loaded: 1_800_000,
}

/** Models that run on a machine of one's own. */
export function createOllama(
  { host, model }: OllamaSettings,
  limits: OllamaLimits = OLLAMA_LIMITS,
): Provider {
  const defaultModel = new DefaultModel(model)
  return {
    name: 'ollama',
    get defaultModel() {
      return defaultModel.name
    },
    get smallModel() {
      return defaultModel.name
    },
    ask: loadLate(loadLibraries().then((libraries) => createAsk(libraries, { host, defaultModel }, limits))),
  }
}

/**
 * The models that an Ollama has at this host, the best default first; null when none answers within `ms` milliseconds.
 */
export async function findOllama(host: string, ms: number): Promise<{ models: string[] } | null> {
  const { sdk, undici } = await loadLibraries()
  const agent = new undici.Agent({ connect: { timeout: ms } })
  try {
    const client = new OllamaClient(sdk, host, createDispatchFetch(agent))
    return { models: await withinTime(ms, (signal) => installedModels(client, signal)) }
  } catch (error) {
    if (error instanceof ProviderError) return null
    throw error
  } finally {
    await agent.destroy()
  }
}

async function loadLibraries(): Promise<Libraries> {
  const [sdk, undici] = await Promise.all([import('ollama'), import('undici')])
  return { sdk, undici }
}
