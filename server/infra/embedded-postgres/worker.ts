import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { WorkerNews, WorkerSettings } from './protocol.ts'

/** What ends a batch of the wire protocol, Query and Sync, and how its answer ends: ReadyForQuery, 6 bytes. */
const BATCH_ENDS = new Set<number | undefined>(['Q', 'S'].map((letter) => letter.charCodeAt(0)))
const READY = 'Z'.charCodeAt(0)
const READY_BYTES = 6

/** The thread in which embedded Postgres runs: opens the folder, listens, and closes when it is told to. */
async function serve({ folder, socket }: WorkerSettings): Promise<void> {
  const postgres = await PGlite.create({ dataDir: folder, extensions: { vector } })
  failLoudly(postgres)
  const server = new PGLiteSocketServer({
    db: postgres,
    maxConnections: 1,
    ...(socket === null ? { host: '127.0.0.1', port: 0 } : { path: socket }),
  })
  await server.start()
  parentPort?.once('message', () => void close(postgres, server).catch(fail))
  tell({ kind: 'ready', port: socket === null ? Number(server.getServerConn().split(':').at(-1)) : null })
}

async function close(postgres: PGlite, server: PGLiteSocketServer): Promise<void> {
  await server.stop()
  await postgres.close()
  tell({ kind: 'closed' })
  parentPort?.close()
}

/**
 * SQL errors are answered over the wire; what is thrown here is Postgres itself breaking, and it stays broken. It
 * also breaks silently (after a PANIC): then a batch is not answered with ReadyForQuery, nor is anything later.
 */
function failLoudly(postgres: PGlite): void {
  const execute = postgres.execProtocolRawStream.bind(postgres)
  postgres.execProtocolRawStream = async (message, { onRawData, ...options }) => {
    let end = Buffer.alloc(0)
    try {
      await execute(message, {
        ...options,
        onRawData: (data) => {
          // Copied, since it lies in memory that Postgres uses again.
          end = Buffer.concat([end, data.subarray(-READY_BYTES)]).subarray(-READY_BYTES)
          onRawData(data)
        },
      })
      if (BATCH_ENDS.has(message[0]) && end[0] !== READY) throw new Error('it does not answer any more')
    } catch (error) {
      fail(error)
    }
  }
}

function fail(error: unknown): void {
  tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
  parentPort?.close()
  process.exit(1)
}

function tell(news: WorkerNews): void {
  parentPort?.postMessage(news)
}

serve(workerData as WorkerSettings).catch(fail)
