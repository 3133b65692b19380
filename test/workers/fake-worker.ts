import type { FromWorker, ToWorker } from '../../server/workers/messages.ts'
import type { Ended, ForkWorker, WorkerProcess } from '../../server/workers/worker-process.ts'
import { Inbox } from '../support/inbox.ts'

/** A worker without a process, whose words and end a test decides. */
export class FakeWorker {
  readonly told = new Inbox<ToWorker>('message to a worker')
  readonly process: WorkerProcess
  readonly say: (message: FromWorker) => void
  /** Somebody has killed it. */
  killed = false
  #end: (ended: Ended) => void = () => undefined

  constructor(pid: number, hear: (message: FromWorker) => void) {
    this.say = hear
    this.process = {
      pid,
      send: (message) => this.told.put(message),
      kill: () => {
        this.killed = true
        this.end(null, 'SIGKILL')
      },
      ended: new Promise((resolve) => (this.#end = resolve)),
    }
  }

  end(code: number | null, signal: string | null = null): void {
    this.#end({ code, signal })
  }

  serve(): void {
    this.say({ kind: 'here' })
    this.say({ kind: 'serving', url: 'http://localhost:1', engine: 'uws' })
  }
}

/** Forks such workers, and gives each to the test. */
export function createFakeFork(): { fork: ForkWorker; forked: Inbox<FakeWorker> } {
  const forked = new Inbox<FakeWorker>('forked worker')
  let pid = 0
  const fork: ForkWorker = (hear) => {
    const worker = new FakeWorker(++pid, hear)
    forked.put(worker)
    return worker.process
  }
  return { fork, forked }
}
