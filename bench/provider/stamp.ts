/** The system's monotonic clock in microseconds: the same in every process of one machine. */
export function microseconds(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000)
}

/**
 * One token: its number in the answer, and when the provider wrote it. Seen by itself it says whether something is
 * missing or twice, and how long it was on its way. It ends in a space and is about as long as a long word.
 */
export function stampedToken(number: number, now: number): string {
  return `${number.toString(36)}.${now.toString(36)} `
}

/** Reads a token without its space; null where it is none. */
export function readStamp(token: string): { number: number; at: number } | null {
  const [number = '', at = ''] = token.split('.')
  const read = { number: parseInt(number, 36), at: parseInt(at, 36) }
  return Number.isNaN(read.number) || Number.isNaN(read.at) ? null : read
}
