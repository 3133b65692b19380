import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { makeSecret, type KeepSecret } from '../config/secrets.ts'
import { describeUnwritable } from './data-lock/index.ts'
import { StartError } from './start-error.ts'

/**
 * Keeps a secret in a file of the data folder that only its owner can read, written as it could stand in the
 * environment. Of several processes that make it at once all get the same. Throws `StartError` when the folder cannot
 * be used, or somebody has changed the file.
 */
export const keepSecret: KeepSecret = (dir, name) => {
  const path = join(dir, name)
  const secret = existsSync(path) ? read(dir, path) : make(dir, path)
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    const hint = 'Put it back from a backup: what was encrypted or signed with it needs it.'
    throw new StartError(`${path} does not hold the 64 hex digits that were written there.`, hint)
  }
  return secret
}

function read(dir: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw describeUnwritable(dir, error)
  }
}

/** It is written whole before it gets its name, so that nobody ever reads half of it. */
function make(dir: string, path: string): string {
  const draft = `${path}.${process.pid}`
  try {
    makeFolder(dir)
    writeFileSync(draft, `${makeSecret(dir, path)}\n`, { mode: 0o600, flush: true })
    give(draft, path)
    rmSync(draft)
  } catch (error) {
    throw describeUnwritable(dir, error)
  }
  return read(dir, path)
}

/** Never takes a name away from another process that was faster: its secret is everybody's. */
function give(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (error) {
    if (isCode(error, 'EEXIST')) return
    // Some file systems have no links.
    copyFileSync(draft, path, constants.COPYFILE_EXCL)
  }
}

/** Node 20's own recursive mkdir never returns where a system says ENOENT to a folder whose parent is there. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
