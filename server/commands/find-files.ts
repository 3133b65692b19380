import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { kindOfFile } from '../knowledge/import/file-kind.ts'
import { IMPORT_LIMITS } from '../knowledge/import/limits.ts'

/** Files taken at once. */
export const MOST_FILES = 2_000

export interface FoundFile {
  path: string
  /** Its path below the folder that was named, with slashes; its own name where it was named itself. */
  name: string
}

export interface FoundFiles {
  files: FoundFile[]
  /** Whether a folder was named, not a file. */
  isFolder: boolean
}

/**
 * The files to import: `path` itself, or whatever can be imported in the folder, sorted. What begins with a dot,
 * links and files of other kinds are left out of a folder; over `MOST_FILES` no more are looked for. Null where there
 * is nothing at `path`.
 */
export async function findFiles(path: string): Promise<FoundFiles | null> {
  const found = await stat(path).catch(() => null)
  if (found === null) return null
  if (!found.isDirectory()) return { files: [{ path, name: basename(path) }], isFolder: false }
  const files: FoundFile[] = []
  for await (const file of filesIn(path)) {
    const name = relative(path, file).replaceAll('\\', '/')
    if (kindOfFile({ name }) !== null) files.push({ path: file, name })
    if (files.length > MOST_FILES) break
  }
  return { files, isFolder: true }
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* filesIn(path)
    else if (entry.isFile()) yield path
  }
}

/** A file's bytes; of one that is too large only so many that this is seen. */
export async function readFile({ path }: FoundFile): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { end: IMPORT_LIMITS.bytes })) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
