import { ProviderError, type Provider, type ProviderFault } from '../llm/provider.ts'
import { findingsOf, type Finding } from './finding.ts'

/** Which model is asked, whether it is the one that visitors are asked about first, and how long it has (ms). */
export interface OneWord {
  model: string
  first: boolean
  patience: number
}

/** Whether a model answers. One that only stands behind others is worth a warning when it does not. */
export async function askOneWord(provider: Provider, { model, first, patience }: OneWord): Promise<Finding> {
  const { ok, warning, problem } = findingsOf('Model')
  const bad = (text: string) => (first ? problem : warning)(`${provider.name} ${model}: ${text}`)
  const begun = performance.now()
  const question = {
    client_id: 'doctor',
    model,
    system: { stable: 'You are asked whether you can be reached. Answer with one word.', moment: '' },
    messages: [{ role: 'user' as const, text: 'Say ok.' }],
    tools: [],
    mayCall: false,
  }
  try {
    await provider.ask(question, () => undefined, AbortSignal.timeout(patience))
    return ok(`${provider.name} ${model} answered in ${Math.round(performance.now() - begun)} ms.`)
  } catch (error) {
    if (error instanceof ProviderError) return bad(`${sentence(error.message)} ${HINTS[error.code]}`)
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error
    return bad(`It did not answer within ${patience / 1_000} s. ${HINTS.timeout}`)
  }
}

const HINTS: Record<ProviderFault, string> = {
  unreachable: 'Check the network, the firewall and the base URL.',
  overloaded: 'Try again later; visitors are told the same.',
  rate_limited: 'The account is at its limit: wait, or raise it with the vendor.',
  rejected: 'Check the key, its account and the name of the model.',
  timeout: 'Check the network, or try again later.',
  broken_stream: 'Check what stands between here and the vendor: a proxy may cut or buffer streams.',
}

function sentence(text: string): string {
  const line = text.split('\n', 1)[0] ?? text
  return /[.!?]$/.test(line) ? line : `${line}.`
}
