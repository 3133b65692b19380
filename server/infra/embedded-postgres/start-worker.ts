import type { Worker } from 'node:worker_threads'
import { StartError } from '../start-error.ts'
import { createThread } from '../thread.ts'
import type { WorkerNews, WorkerOrder, WorkerSettings } from './protocol.ts'

/** How long closing may take, in milliseconds, before the thread is ended as it is. */
const CLOSE_MS = 10_000
const LOST_HINT = 'Start Parlor again; everything that was confirmed is kept.'

export interface RunningWorker {
  port: number | null
  close(): Promise<void>
}

/** Starts the thread and waits until it listens. `onLost` is called when it ends later without being asked to. */
export async function startWorker(
  settings: WorkerSettings,
  onLost: (error: StartError) => void,
): Promise<RunningWorker> {
  const worker = createThread(new URL('./worker', import.meta.url), {
    name: 'embedded-postgres',
    workerData: settings,
  })
  let reason = 'its thread ended'
  worker.on('message', (news: WorkerNews) => {
    if (news.kind === 'failed') reason = firstLine(news.reason)
  })
  worker.on('error', (error) => (reason = firstLine(error.message)))
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  const port = await new Promise<number | null>((resolve, reject) => {
    worker.on('message', (news: WorkerNews) => {
      if (news.kind === 'ready') resolve(news.port)
    })
    void ended.then(() => {
      const what = `The embedded database in ${settings.folder} cannot be opened: ${reason}.`
      reject(new StartError(what, 'Restore the folder from a backup, or move it away to begin anew.'))
    })
  })

  let closing = false
  void ended.then(() => {
    if (!closing) onLost(new StartError(`The embedded database stopped: ${reason}.`, LOST_HINT))
  })
  return {
    port,
    close: async () => {
      closing = true
      await endWorker(worker, ended)
    },
  }
}

async function endWorker(worker: Worker, ended: Promise<void>): Promise<void> {
  const timer = setTimeout(() => void worker.terminate(), CLOSE_MS)
  try {
    worker.postMessage('close' satisfies WorkerOrder)
    await ended
  } finally {
    clearTimeout(timer)
  }
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/\.$/, '')
}
