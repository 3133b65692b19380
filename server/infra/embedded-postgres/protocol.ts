/** Where the worker keeps its database and where it listens. */
export interface WorkerSettings {
  /** The database's folder. */
  folder: string
  /** The path of a Unix socket; null: a free port of 127.0.0.1. */
  socket: string | null
}

/** What the worker tells. `port` is null on a Unix socket; after `failed` and `closed` it ends. */
export type WorkerNews =
  { kind: 'ready'; port: number | null } | { kind: 'failed'; reason: string } | { kind: 'closed' }

/** What the worker is asked: to write everything down and end. */
export type WorkerOrder = 'close'
