import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartError } from '../start-error.ts'
import { startWorker, type RunningWorker } from './start-worker.ts'
import { makeSocketPlace } from './socket-place.ts'

/** Embedded Postgres, reachable by `pg` at `host` and `port`, for exactly one connection. */
export interface EmbeddedPostgres {
  host: string
  port: number
  /** Writes everything down and ends the thread. Its connection must be closed before. */
  close(): Promise<void>
}

export interface EmbeddedSettings {
  /** The data folder; the database lives in `postgres` inside it. The caller holds its lock. */
  dir: string
  /** Told before the slow first start. */
  onMaking: () => void
  /** Told when the thread dies by itself: the database is gone for good. */
  onLost: (error: StartError) => void
}

/** Starts Postgres in a worker thread. Throws `StartError` when its folder cannot be opened. */
export async function startEmbeddedPostgres({
  dir,
  onMaking,
  onLost,
}: EmbeddedSettings): Promise<EmbeddedPostgres> {
  const folder = join(dir, 'postgres')
  const place = await makeSocketPlace()
  const lose = (error: StartError) => {
    place.remove()
    onLost(error)
  }
  try {
    const worker = await makeWhole(folder, onMaking, () =>
      startWorker({ folder, socket: place.socket }, lose),
    )
    return {
      host: place.folder ?? '127.0.0.1',
      port: worker.port ?? 5432,
      close: async () => {
        await worker.close()
        place.remove()
      },
    }
  } catch (error) {
    place.remove()
    throw error
  }
}

/**
 * A database that was being made when its process was killed is no database, and nobody was told that anything is
 * kept in it: a note beside it lasts as long as the making, and a folder with such a note is made anew.
 */
async function makeWhole(
  folder: string,
  onMaking: () => void,
  start: () => Promise<RunningWorker>,
): Promise<RunningWorker> {
  const note = `${folder}.unfinished`
  if (existsSync(note)) await rm(folder, { recursive: true, force: true })
  if (existsSync(folder)) return start()
  onMaking()
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(note, 'The database beside this file was being made. It is made anew at the next start.\n')
  const worker = await start()
  await rm(note)
  return worker
}
