import type { Worker } from 'node:worker_threads'
import { createThread } from '../../infra/thread.ts'
import type { ImportLimits } from './limits.ts'
import type { ReaderNews, ReaderTask } from './reader-thread.ts'
import type { ReadText } from './read-text.ts'
import { Unreadable } from './unreadable.ts'

/** How often it is looked how much memory the thread has taken, in milliseconds. */
const LOOK_MS = 50
const MEGABYTE = 1024 * 1024

/**
 * Reads HTML or PDF in a thread of its own, which is ended when it takes too long or too much memory: such files come
 * from anywhere, and their parsers are large. Throws `Unreadable`.
 */
export async function readInThread(task: ReaderTask, limits: ImportLimits): Promise<ReadText> {
  const worker = createThread(new URL('./reader-thread', import.meta.url), {
    name: 'document-reader',
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(limits.memory / MEGABYTE) },
  })
  const timers: NodeJS.Timeout[] = []
  try {
    return await Promise.race([answerOf(worker), tooLong(limits, timers), tooLarge(limits, timers)])
  } finally {
    for (const timer of timers) clearTimeout(timer)
    await worker.terminate()
  }
}

function answerOf(worker: Worker): Promise<ReadText> {
  return new Promise((resolve, reject) => {
    worker.once('message', (news: ReaderNews) => {
      if ('read' in news) resolve(news.read)
      else reject(new Unreadable(news.refused))
    })
    worker.once('error', (error) => reject(isMemory(error) ? outOfMemory() : error))
    worker.once('exit', () => reject(new Unreadable('This file is broken: it cannot be read.')))
  })
}

function tooLong({ timeMs }: ImportLimits, timers: NodeJS.Timeout[]): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => reject(new Unreadable(`This file takes longer than ${timeMs / 1_000} s to be read.`))
    timers.push(setTimeout(refuse, timeMs))
  })
}

/** V8's own limit does not see buffers, so the whole process is watched: it has grown by what the thread holds. */
function tooLarge({ memory }: ImportLimits, timers: NodeJS.Timeout[]): Promise<never> {
  const before = process.memoryUsage.rss()
  return new Promise((_, reject) => {
    const look = () => {
      if (process.memoryUsage.rss() - before > memory) reject(outOfMemory())
    }
    timers.push(setInterval(look, LOOK_MS))
  })
}

function outOfMemory(): Unreadable {
  return new Unreadable(
    'This file takes too much memory to be read. Save it anew, in parts or without its pictures.',
  )
}

function isMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}
