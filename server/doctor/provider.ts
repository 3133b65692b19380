import type { Config } from '../config/config.ts'
import { ProviderError, type Provider, type ProviderFault } from '../llm/provider.ts'
import { chooseProvider, installationOf } from '../llm/install-models.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Milliseconds that a model has for one word. */
const ANSWER_MS = 20_000

/** Which provider would answer, and why; `online`, whether it does within `patience` milliseconds. */
export async function* examineProvider(
  settings: Config['llm'],
  online: boolean,
  patience = ANSWER_MS,
): AsyncGenerator<Finding> {
  const { ok } = findingsOf('Model')
  const chosen = await chooseProvider(settings)
  const { reason } = chosen
  const installation = installationOf(settings, chosen, { searchKnowledge: () => Promise.resolve([]) })
  const provider = installation.provider(chosen.provider, { standsIn: false, hasty: false })
  if (!provider) throw new Error(`There is no ${chosen.provider}`)
  const asked = online ? '' : ' It was not asked: --online does.'
  const isRemote = provider.name !== 'offline'
  yield ok(`${provider.name}, ${settings.model ?? provider.defaultModel}. ${reason}${isRemote ? asked : ''}`)
  if (online && isRemote) yield await askOneWord(provider, patience)
}

async function askOneWord(provider: Provider, patience: number): Promise<Finding> {
  const { ok, problem } = findingsOf('Model')
  const begun = performance.now()
  const question = {
    client_id: 'doctor',
    system: { stable: 'You are asked whether you can be reached. Answer with one word.', moment: '' },
    messages: [{ role: 'user' as const, text: 'Say ok.' }],
    tools: [],
    mayCall: false,
  }
  try {
    await provider.ask(question, () => undefined, AbortSignal.timeout(patience))
    return ok(`It answered in ${Math.round(performance.now() - begun)} ms.`)
  } catch (error) {
    if (error instanceof ProviderError) return problem(`${sentence(error.message)} ${HINTS[error.code]}`)
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error
    return problem(`It did not answer within ${patience / 1_000} s. ${HINTS.timeout}`)
  }
}

const HINTS: Record<ProviderFault, string> = {
  unreachable: 'Check the network, the firewall and the base URL.',
  overloaded: 'Try again later; visitors are told the same.',
  rate_limited: 'The account is at its limit: wait, or raise it with the vendor.',
  rejected: 'Check the key, its account and LLM_MODEL.',
  timeout: 'Check the network, or try again later.',
  broken_stream: 'Check what stands between here and the vendor: a proxy may cut or buffer streams.',
}

function sentence(text: string): string {
  const line = text.split('\n', 1)[0] ?? text
  return /[.!?]$/.test(line) ? line : `${line}.`
}
