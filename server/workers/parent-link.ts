import cluster from 'node:cluster'
import type { Config } from '../config/config.ts'
import type { WorkerSeat } from '../infra/metrics.ts'
import { WORKER_LIMITS, type WorkerLimits } from './limits.ts'
import type { FromWorker, Serving, ToWorker } from './messages.ts'

/** What joins a worker to the process that started it. */
export interface ParentLink {
  config: Config
  seat: WorkerSeat
  serving(at: Serving): void
  /** Says why this process is about to end; `told` where the operator can mend it. Resolves when it was said. */
  failed(reason: string, told: boolean): Promise<void>
  /** Resolves with why this process shall end: it was asked to, or its parent is gone. */
  ended: Promise<string>
}

/** Whether this process was started by a parent of ours, to be one of several. */
export function isWorker(): boolean {
  return cluster.isWorker
}

/** Tells the parent that this process is here, and resolves with what it shall be. */
export async function connectToParent(
  limits: Pick<WorkerLimits, 'alive' | 'measure'> = WORKER_LIMITS,
): Promise<ParentLink> {
  const say = (message: FromWorker): Promise<void> =>
    new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()))
  const rounds = new Map<number, (text: string | null) => void>()
  let readOwn: () => Promise<string> = () => Promise.resolve('')

  const ended = new Promise<string>((resolve) => {
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'drain') resolve('the parent asked for it')
    })
    cluster.worker?.once('disconnect', () => {
      // Else node:cluster ends this process at once, and answers with it.
      if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
      resolve('the parent is gone')
    })
  })
  const begun = new Promise<ToWorker & { kind: 'begin' }>((resolve) => {
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'begin') resolve(message)
      if (message.kind === 'measured') rounds.get(message.round)?.(message.text)
      if (message.kind === 'measure') {
        void readOwn().then((text) => say({ kind: 'measured', round: message.round, text }))
      }
    })
  })
  setInterval(() => void say({ kind: 'alive' }), limits.alive).unref()
  void say({ kind: 'here' })
  const { worker, config } = await begun

  let lastRound = 0
  async function readAll(): Promise<string> {
    const round = ++lastRound
    const answer = new Promise<string | null>((resolve) => {
      rounds.set(round, resolve)
      setTimeout(() => resolve(null), 2 * limits.measure).unref()
      void say({ kind: 'measure', round })
    })
    const text = await answer.finally(() => rounds.delete(round))
    // A parent that does not answer is about to end, or has; this process at least can be read.
    return text ?? readOwn()
  }

  return {
    config,
    ended,
    seat: {
      id: worker,
      together(read) {
        readOwn = read
        return readAll
      },
    },
    serving: (at) => void say({ kind: 'serving', ...at }),
    failed: (reason, told) => say({ kind: 'failed', reason, told }),
  }
}
