/** Milliseconds that are far less than a ping takes to find somebody dead. */
const BEFORE_ANY_PING = 20_000

/** Waits, but not as long as it would take for something else to bring about what is waited for. */
export async function inTime<T>(waited: Promise<T>, ms = BEFORE_ANY_PING): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not happen within ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([waited, late])
  } finally {
    clearTimeout(timer)
  }
}
