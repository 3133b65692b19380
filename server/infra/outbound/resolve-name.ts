import { lookup, Resolver } from 'node:dns/promises'

/** The addresses of a name; none where there are none, or nobody answers in time. Rejects with the signal's reason. */
export type ResolveName = (name: string, signal: AbortSignal) => Promise<string[]>

/** Milliseconds that one name server has, and how often each is asked. */
const PATIENCE = { timeout: 2_000, tries: 2 } as const

/**
 * Asks name servers, and nothing else. The operating system's own way would wait in one of the few threads that reading
 * files needs too: a tenant's slow name server could hold them all.
 */
export const askNameServers: ResolveName = async (name, signal) => {
  signal.throwIfAborted()
  const resolver = new Resolver(PATIENCE)
  const cancel = () => {
    resolver.cancel()
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    const none = (): string[] => []
    const found = await Promise.all([
      resolver.resolve4(name).catch(none),
      resolver.resolve6(name).catch(none),
    ])
    signal.throwIfAborted()
    return found.flat()
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

/** Asks as this machine does, its hosts file included: for names of the operator's own. */
export const askThisMachine: ResolveName = async (name, signal) => {
  signal.throwIfAborted()
  const found = await lookup(name, { all: true }).catch(() => [])
  signal.throwIfAborted()
  return found.map(({ address }) => address)
}
