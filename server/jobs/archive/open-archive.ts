import type { ArchiveConfig } from '../../config/archive.ts'
import type { Archive } from './archive.ts'
import { openBlock, type TableRow } from './block.ts'
import { createFolderStore } from './folder-store.ts'
import { keepDay, type ArchiveParts } from './keep-day.ts'
import { findKey } from './keys.ts'
import { readLines, readManifest } from './manifest.ts'
import { createS3Store } from './s3-store.ts'

/** The archive of the configuration; null where nothing is archived. */
export function openArchive(
  config: ArchiveConfig | null,
  parts: Omit<ArchiveParts, 'store'>,
): Archive | null {
  if (config === null) return null
  const store = config.kind === 'folder' ? createFolderStore(config.path) : createS3Store(config)
  return createArchive({ ...parts, store })
}

export function createArchive(parts: ArchiveParts): Archive {
  return {
    keep: (day, signal) => keepDay(parts, day, signal),
    read: (visitorId, signal) => readVisitor(parts, visitorId, signal),
  }
}

async function* readVisitor(
  { store, ...parts }: ArchiveParts,
  visitor_id: string,
  signal: AbortSignal,
): AsyncGenerator<TableRow> {
  const found = await findKey(parts, visitor_id)
  if (found === null) return
  const { client_id, key, days } = found
  for (const day of days) {
    const manifest = await readManifest(store, day, signal)
    for (const file of manifest?.files.filter((one) => one.client_id === client_id) ?? []) {
      const line = (await readLines(store, file, signal)).find((one) => one.visitor_id === visitor_id)
      if (line) yield* openBlock(Buffer.from(line.sealed, 'base64'), key, { day, client_id, visitor_id })
    }
  }
}
