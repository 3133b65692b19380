import type { Actor } from '../../models/actor.ts'
import { refuse, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { importDocument, type ImportedFile } from './import/import-document.ts'
import { saveDocument, type SavedDocument } from './ingest.ts'

/** Files that wait at once, the one that is read among them. */
const MOST_WAITING = 8
/** When to come back where there are too many, in milliseconds. */
const COME_BACK_MS = 5_000

/** Reads files into clients' knowledge, for whoever sends them from outside. */
export interface Importer {
  /** As `importDocument`, then `saveDocument`; `rate_limited` too, where too many files wait. */
  import(client_id: string, file: ImportedFile, by?: Actor): Promise<Result<SavedDocument>>
}

/** One file after the other: reading one may take much memory, and while it does nobody else's should. */
export function createImporter(database: Database): Importer {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()

  async function importInTurn(
    client_id: string,
    file: ImportedFile,
    by: Actor | null,
  ): Promise<Result<SavedDocument>> {
    const made = await importDocument(file)
    return made.ok ? saveDocument(database, client_id, made.data, by) : made
  }

  return {
    async import(client_id, file, by) {
      if (waiting >= MOST_WAITING) {
        return refuse('rate_limited', 'Many documents are being read. Try again in a moment.', COME_BACK_MS)
      }
      waiting += 1
      const work = last.then(() => importInTurn(client_id, file, by ?? null))
      last = work.catch(() => undefined)
      try {
        return await work
      } finally {
        waiting -= 1
      }
    },
  }
}
