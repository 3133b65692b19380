/** How long a signal may echo, in milliseconds. */
const ECHO_MS = 500

/**
 * Resolves at the first signal to end; a later one ends the process at once, after `atOnce`. Ctrl-C under npm arrives
 * twice, from the terminal and from npm, and means one.
 */
export function nextSignal(atOnce: () => void = () => undefined): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: number | null = null
    const take = (signal: NodeJS.Signals) => {
      first ??= performance.now()
      if (performance.now() - first > ECHO_MS) {
        atOnce()
        process.exit(1)
      }
      resolve(signal)
    }
    process.on('SIGTERM', take)
    process.on('SIGINT', take)
  })
}
