import { ProviderError } from '../provider.ts'

/** Runs `work` under a signal that aborts with a `ProviderError` of code `timeout` after so many milliseconds. */
export async function withinTime<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const timer = setTimeout(() => {
    stop.abort(new ProviderError('timeout', `Ollama did not say in time what it has (${ms} ms)`))
  }, ms)
  try {
    return await work(stop.signal)
  } finally {
    clearTimeout(timer)
  }
}
