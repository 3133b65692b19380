import { cpuUsage } from 'node:process'

/** Milliseconds of a core that this process spends on some work: what else a machine does makes it no longer. */
export async function coreTime(work: () => unknown): Promise<number> {
  const before = cpuUsage()
  await work()
  const { user, system } = cpuUsage(before)
  return (user + system) / 1_000
}
