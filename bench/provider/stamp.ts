/** The system's monotonic clock in microseconds: the same in every process of one machine. */
export function microseconds(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1_000_000 + Math.floor(nanoseconds / 1_000)
}

/** What a token says: its number in the answer, when the provider wrote it, and whether it is the last one. */
export interface Stamp {
  number: number
  at: number
  isLast: boolean
}

/**
 * One token. Seen by itself it says whether something is missing or twice, and how long it was on its way. It ends in a
 * space and is about as long as a long word.
 */
export function stampedToken({ number, at, isLast }: Stamp): string {
  return `${number.toString(36)}.${at.toString(36)}${isLast ? '!' : ''} `
}

/** Reads a token without its space; null where it is none. */
export function readStamp(token: string): Stamp | null {
  const [number = '', at = ''] = token.split('.')
  const read = { number: parseInt(number, 36), at: parseInt(at, 36), isLast: token.endsWith('!') }
  return Number.isNaN(read.number) || Number.isNaN(read.at) ? null : read
}
