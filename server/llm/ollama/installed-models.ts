import { ProviderError } from '../provider.ts'
import { abilitiesOf, namedAbilities, type Abilities } from './abilities.ts'
import type { OllamaClient } from './client.ts'
import type { WireModel } from './wire.ts'

/** Models that are looked at. */
const MOST = 50

/**
 * The models of an Ollama that can chat, the best default first: those with functions, then those without; among them
 * in Ollama's order, which is that of the last change. Models that run elsewhere are left out: whoever wants to send
 * what visitors write to another company names one. Rejects with `ProviderError`, or with the signal's reason.
 */
export async function installedModels(client: OllamaClient, signal: AbortSignal): Promise<string[]> {
  const listed = (await client.list(signal)).filter(isHere).slice(0, MOST)
  const models = await Promise.all(
    listed.map(async (model) => ({ name: model.name, ...(await abilitiesIn(client, model, signal)) })),
  )
  const [calling, others] = [models.filter(({ calls }) => calls), models.filter(({ calls }) => !calls)]
  return [...calling, ...others].filter(({ chats }) => chats).map(({ name }) => name)
}

type Listed = WireModel & { name: string }

function isHere(model: WireModel): model is Listed {
  return typeof model.name === 'string' && !model.remote_host
}

/** A model that does not describe itself, or not in time, counts as one without functions. */
async function abilitiesIn(
  client: OllamaClient,
  { name, capabilities }: Listed,
  signal: AbortSignal,
): Promise<Pick<Abilities, 'chats' | 'calls'>> {
  if (capabilities) return namedAbilities(capabilities)
  try {
    return abilitiesOf(await client.show(name, signal))
  } catch (error) {
    if (error instanceof ProviderError) return { chats: true, calls: false }
    throw error
  }
}
