import { mergeMetrics } from './merge-metrics.ts'
import type { FromWorker } from './messages.ts'
import type { WorkerProcess } from './worker-process.ts'

interface Round {
  waiting: Set<WorkerProcess>
  texts: string[]
  finish: () => void
}

/** Asks workers how they are read, and puts together what they tell. */
export class Gathering {
  readonly #limit: number
  readonly #rounds = new Map<number, Round>()
  #last = 0

  /** `limit`: milliseconds after which those who have not told are left out. */
  constructor(limit: number) {
    this.#limit = limit
  }

  async gather(workers: readonly WorkerProcess[], own: string): Promise<string> {
    const round = ++this.#last
    const texts: string[] = []
    await new Promise<void>((finish) => {
      const timer = setTimeout(finish, this.#limit)
      const end = () => {
        clearTimeout(timer)
        finish()
      }
      this.#rounds.set(round, { waiting: new Set(workers), texts, finish: end })
      for (const worker of workers) worker.send({ kind: 'measure', round })
      if (workers.length === 0) end()
    })
    this.#rounds.delete(round)
    return mergeMetrics([own, ...texts])
  }

  take(worker: WorkerProcess, { round, text }: FromWorker & { kind: 'measured' }): void {
    const open = this.#rounds.get(round)
    if (!open?.waiting.delete(worker)) return
    open.texts.push(text)
    if (open.waiting.size === 0) open.finish()
  }
}
