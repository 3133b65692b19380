import { existsSync } from 'node:fs'
import { mkdtemp, rmdir, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findingsOf, type Finding } from './finding.ts'

/** Free bytes below which it is time to do something. */
const LITTLE_SPACE = 500 * 1024 * 1024
const MEGABYTE = 1024 * 1024

/** Whether the data folder can be written, or made, and has room. */
export async function examineDataFolder(dir: string): Promise<Finding> {
  const { ok, warning, problem } = findingsOf('Data folder')
  const existing = nearestExisting(dir)
  try {
    await rmdir(await mkdtemp(join(existing, '.doctor-')))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return problem(`${dir} cannot be written (${code}). Set DATA_DIR to a folder that this user may write.`)
  }
  const { bavail, bsize } = await statfs(existing)
  const free = `${Math.floor((bavail * bsize) / MEGABYTE)} MB are free`
  if (bavail * bsize < LITTLE_SPACE) return warning(`Only ${free} for ${dir}. Make room.`)
  return ok(
    existing === dir ? `${dir} can be written; ${free}` : `${dir} will be made at the first start; ${free}`,
  )
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path))
}
