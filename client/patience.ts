/** Milliseconds until a request is answered; the server answers `chat` within 90 s. */
export const REQUEST_MS = 30_000
export const CHAT_MS = 100_000

/** How long a stream may take, in milliseconds, and how often it may fail. */
export interface StreamLimits {
  /** Without a sign of life. */
  silence: number
  /** Before it is opened again: doubled each time, from the first to the last, with a random part. */
  firstWait: number
  lastWait: number
  /** How often in a row it may fail without having told anything. */
  tries: number
}

/** The server gives a sign of life every 10 s. */
export const STREAM_LIMITS: StreamLimits = { silence: 30_000, firstWait: 250, lastWait: 10_000, tries: 8 }

/** A limit on a wait, within what the caller may abort. */
export interface Patience {
  /** Aborts with the caller's reason, or when the time is over. */
  signal: AbortSignal
  /** Begins the time anew. */
  renew(): void
  /** Ends what is under way, without a complaint. */
  giveUp(): void
  /** Lets go of timer and signal; the wait is over. */
  release(): void
}

export function patience(ms: number, outer?: AbortSignal): Patience {
  const inner = new AbortController()
  const pass = (): void => inner.abort(outer?.reason)
  let timer = start()
  outer?.addEventListener('abort', pass)
  if (outer?.aborted === true) pass()
  return {
    signal: inner.signal,
    renew() {
      clearTimeout(timer)
      timer = start()
    },
    giveUp: () => inner.abort(),
    release() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', pass)
    },
  }

  function start() {
    return setTimeout(() => inner.abort(new DOMException('No answer in time.', 'TimeoutError')), ms)
  }
}

/** Resolves after `ms`; throws the signal's reason when that aborts before. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(reasonOf(signal))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new DOMException('Aborted.', 'AbortError')
}
