import cluster from 'node:cluster'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FromWorker, ToWorker } from './messages.ts'

/** How a process came to its end. */
export interface Ended {
  code: number | null
  signal: string | null
}

/** A worker's process, as its parent has it. */
export interface WorkerProcess {
  pid: number
  /** Whom the process cannot hear any more is told nothing. */
  send(message: ToWorker): void
  /** At once, as a crash would. */
  kill(): void
  ended: Promise<Ended>
}

/** Starts one and hears what it says. */
export type ForkWorker = (hear: (message: FromWorker) => void) => WorkerProcess

/**
 * Forks this very program. Whoever listens by node:net in such a process shares the port with the others, and gets its
 * connections in turn; uWebSockets.js knows nothing of that and shares the port by itself.
 */
export function createFork(): ForkWorker {
  const exec = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url))
  cluster.setupPrimary({ exec, args: ['start'], serialization: 'advanced' })
  return (hear) => {
    const worker = cluster.fork()
    worker.on('message', hear)
    worker.on('error', () => undefined)
    const { process: child } = worker
    return {
      pid: child.pid ?? 0,
      send(message) {
        if (worker.isConnected()) child.send(message, () => undefined)
      },
      kill() {
        child.kill('SIGKILL')
      },
      ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal }))),
    }
  }
}
