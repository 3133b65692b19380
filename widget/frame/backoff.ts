/** Milliseconds: the first pause, and the longest. */
const FIRST = 500
const LONGEST = 20_000

/** The pause after so many failures: doubled each time, and between half and all of it, so that visitors spread. */
export function backoff(failures: number, random: () => number = Math.random): number {
  return Math.min(FIRST * 2 ** failures, LONGEST) * (0.5 + random() / 2)
}
