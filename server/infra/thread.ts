import { createRequire } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a worker thread of `module`, the address of a module of ours without its ending: that is this file's. From
 * source it is `.ts`, and tsx must be told to read it there too.
 */
export function createThread(
  module: URL,
  options: Pick<WorkerOptions, 'name' | 'workerData' | 'transferList' | 'resourceLimits'>,
): Worker {
  const extension = extname(import.meta.url)
  const file = new URL(`${module.href}${extension}`)
  if (extension === '.js') return new Worker(file, { ...options, execArgv: [] })
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api')
  const source = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(fileURLToPath(file))})`
  return new Worker(source, { ...options, execArgv: [], eval: true })
}
