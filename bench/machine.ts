import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** Where and when something was measured: absolute figures say nothing without it. */
export interface Machine {
  date: string
  node: string
  processor: string
  cores: number
  /** Bytes. */
  memory: number
  /** Whether what was measured had a core of its own. */
  pinned: boolean
  /** What the machine was busy with over the minute before, in cores. */
  loadBefore: number
}

export function describeMachine(pinned: boolean): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    pinned,
    loadBefore: loadavg()[0] ?? NaN,
  }
}
