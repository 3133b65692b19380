import { refuse, type Result } from '../../protocol/result.ts'
import type { Database } from '../infra/database.ts'
import { importDocument } from '../knowledge/import/import-document.ts'
import { saveDocument, type SavedDocument } from '../knowledge/ingest.ts'
import { readFile, type FoundFile, type FoundFiles } from './find-files.ts'

/** What became of one file. */
export interface Imported {
  file: FoundFile
  /** What it is called now; empty where it was refused. */
  title: string
  result: Result<SavedDocument>
}

/** What is imported, from where. */
export interface ToImport extends FoundFiles {
  /** Where people read the file; of a folder the address below which each file has its name. */
  url: string | undefined
  /** What was imported before it; each file is added. */
  done: Imported[]
}

/**
 * Saves files as documents of a client, one after the other, and tells of each. Where two files without an address
 * have one title, the second is told apart by its name, or it would take the first one's place.
 */
export async function importFiles(
  database: Database,
  client_id: string,
  { files, isFolder, url, done }: ToImport,
  tell: (imported: Imported) => void,
): Promise<void> {
  for (const file of files) {
    const address = url === undefined || !isFolder ? url : addressBelow(url, file.name)
    const titles = new Set(done.map(({ title }) => title))
    const imported = await importFile(database, client_id, { file, url: address, titles })
    done.push(imported)
    tell(imported)
  }
}

async function importFile(
  database: Database,
  client_id: string,
  { file, url, titles }: { file: FoundFile; url: string | undefined; titles: ReadonlySet<string> },
): Promise<Imported> {
  const bytes = await readFile(file).catch(() => null)
  if (bytes === null) {
    return { file, title: '', result: refuse('document_unreadable', 'The file cannot be opened.') }
  }
  const made = await importDocument({ bytes, name: file.name, ...(url === undefined ? {} : { url }) })
  if (!made.ok) return { file, title: '', result: made }
  const isTaken = url === undefined && titles.has(made.data.title)
  const title = isTaken ? `${made.data.title} (${file.name})` : made.data.title
  return { file, title, result: await saveDocument(database, client_id, { ...made.data, title }) }
}

function addressBelow(base: string, name: string): string {
  const path = name.split('/').map(encodeURIComponent).join('/')
  return `${base.replace(/\/$/, '')}/${path}`
}
