import { parentPort, workerData } from 'node:worker_threads'
import { decode } from './decode.ts'
import { readHtml } from './read-html.ts'
import { readPdf } from './read-pdf.ts'
import type { ReadText } from './read-text.ts'
import { Unreadable } from './unreadable.ts'

/** What the thread is to read. */
export type ReaderTask = { bytes: Uint8Array; pages: number } & (
  { kind: 'html'; type?: string | undefined; base?: string | undefined } | { kind: 'pdf' }
)

/** What it tells, once. */
export type ReaderNews = { read: ReadText } | { refused: string }

/** What breaks a parser is a broken file, as far as anybody can tell. */
async function serve(task: ReaderTask): Promise<void> {
  try {
    tell({ read: await read(task) })
  } catch (error) {
    tell({ refused: error instanceof Unreadable ? error.message : 'This file is broken: it cannot be read.' })
  }
}

function read(task: ReaderTask): ReadText | Promise<ReadText> {
  if (task.kind === 'pdf') return readPdf(task.bytes, task)
  return readHtml(decode(task.bytes, task.type), task.base)
}

function tell(news: ReaderNews): void {
  parentPort?.postMessage(news)
}

void serve(workerData as ReaderTask)
