import { abortable } from '../infra/abortable.ts'
import type { Provider } from './provider.ts'

type Ask = Provider['ask']

/**
 * An `ask` whose libraries are being loaded beside whatever else is starting: vendors' SDKs take a third of a second,
 * so only those load them who chose the vendor. Whoever asks meanwhile waits, and is told when loading failed.
 */
export function loadLate(loading: Promise<Ask>): Ask {
  loading.catch(() => undefined)
  return async (request, onText, signal, tap) => {
    signal.throwIfAborted()
    const ask = await abortable(loading, signal)
    return ask(request, onText, signal, tap)
  }
}
