import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ArchiveStore } from './store.ts'

/** Files of the operator's user alone, below `root`. */
export function createFolderStore(root: string): ArchiveStore {
  return {
    async put(name, body, signal) {
      signal.throwIfAborted()
      const path = join(root, name)
      const making = `${path}.${randomUUID()}`
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      try {
        const file = await open(making, 'wx', 0o600)
        try {
          await file.writeFile(body)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(making, path)
      } catch (error) {
        await rm(making, { force: true })
        throw error
      }
    },
    async get(name, signal) {
      try {
        return await readFile(join(root, name), { signal })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
  }
}
