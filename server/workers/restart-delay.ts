import type { WorkerLimits } from './limits.ts'

/**
 * Milliseconds until a worker that failed so many times in a row, 1 or more, is started again: exponential, between
 * half of it and all of it, so that those who died together do not come back together.
 */
export function restartDelay(
  failures: number,
  { shortest, longest }: WorkerLimits['restart'],
  random: () => number = Math.random,
): number {
  return Math.min(longest, shortest * 2 ** Math.min(failures, 30)) * (0.5 + random() / 2)
}
