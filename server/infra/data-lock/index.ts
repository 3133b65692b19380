import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { StartError } from '../start-error.ts'
import { describeSelf, judge, parseHolder, type Holder } from './holder.ts'

/** How often the holder says that it lives, and how long silence must last to mean death. Milliseconds. */
const BEAT_MS = 2_000
const SILENCE_MS = 10_000
const LOOK_MS = 250
/** How often others may be faster before we give up. */
const TRIES = 10

export interface DataLock {
  release(): Promise<void>
}

/** Another process lives on the data folder. */
export class FolderInUse extends StartError {
  constructor(readonly what: string) {
    super(what, 'Stop it first, or give this one another DATA_DIR.')
  }
}

export interface DataLockSettings {
  /** The data folder; made when it is missing. */
  dir: string
  /** Told when only waiting, up to ten seconds, can show whether the last user still lives. */
  onWait: () => void
  /** Told when another process took the folder: this one was silent for too long and must end. */
  onLost: (error: StartError) => void
}

/**
 * Makes this process the only one that uses a data folder, until it releases it or dies: after `kill -9` the next
 * one starts at once. Locks are numbered files; the highest number holds, and the next one is made only when the
 * highest is seen dead. A number is never made twice at a time, so of several that see a dead lock one wins.
 * Life is read from the process table on the same machine, elsewhere (another host or container on a shared
 * volume) from a heartbeat. Throws `FolderInUse` when another lives, `StartError` when the folder cannot be written.
 */
export async function lockDataFolder({ dir, onWait, onLost }: DataLockSettings): Promise<DataLock> {
  const folder = join(dir, 'lock')
  try {
    await makeFolder(folder)
    const number = await acquire(folder, dir, onWait)
    return hold(folder, number, () => onLost(describeLoss(dir)))
  } catch (error) {
    throw error instanceof StartError ? error : describeUnwritable(dir, error)
  }
}

/** Node 20's own recursive mkdir never returns where a system says ENOENT to a folder whose parent is there. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    if (isCode(error, 'EEXIST')) return
    if (!isCode(error, 'ENOENT') || existsSync(dirname(folder))) throw error
    await makeFolder(dirname(folder))
    await mkdir(folder, { mode: 0o700 })
  }
}

async function acquire(folder: string, dir: string, onWait: () => void): Promise<number> {
  const self = await describeSelf()
  for (let tries = 0; tries < TRIES; tries += 1) {
    const last = await highest(folder)
    if (last > 0) await refuseWhileAlive(join(folder, String(last)), self, dir, onWait)
    const number = last + 1
    if (!(await create(join(folder, String(number)), self))) continue
    // A lock above may have been made, and the dead one below it removed, since we looked.
    if ((await highest(folder)) === number) return number
    await rm(join(folder, String(number)), { force: true })
  }
  throw new StartError(`Several processes fight for the data directory ${dir}.`, 'Start one of them only.')
}

/** The highest number in the folder, 0 when there is none. */
async function highest(folder: string): Promise<number> {
  return Math.max(0, ...(await readdir(folder)).map(Number).filter(Number.isInteger))
}

async function create(path: string, self: Holder): Promise<boolean> {
  try {
    await writeFile(path, JSON.stringify(self), { flag: 'wx', mode: 0o600 })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

async function refuseWhileAlive(path: string, self: Holder, dir: string, onWait: () => void): Promise<void> {
  const holder = await readHolder(path)
  const life = holder === null ? 'unknown' : await judge(holder, self)
  if (life === 'dead') return
  if (life === 'unknown') {
    onWait()
    if (!(await beats(path))) return
  }
  const where = holder === null || holder.host === self.host ? '' : ` on host ${holder.host}`
  const who = holder === null ? '' : ` (process ${holder.pid}${where})`
  throw new FolderInUse(`Another Parlor${who} is running on the data directory ${dir}.`)
}

async function readHolder(path: string): Promise<Holder | null> {
  try {
    return parseHolder(await readFile(path, 'utf8'))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** True as soon as the file is touched, false when it is not within `SILENCE_MS`. Needs no common clock. */
async function beats(path: string): Promise<boolean> {
  const first = await touchedAt(path)
  const until = performance.now() + SILENCE_MS
  while (performance.now() < until) {
    const now = await touchedAt(path)
    if (now === null) return false
    if (now !== first) return true
    await wait(LOOK_MS)
  }
  return false
}

async function touchedAt(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

function hold(folder: string, number: number, lose: () => void): DataLock {
  const path = join(folder, String(number))
  let held = true
  const timer = setInterval(() => void beat(), BEAT_MS)
  timer.unref()

  async function beat(): Promise<void> {
    try {
      const now = new Date()
      await utimes(path, now, now)
      if ((await highest(folder)) > number) giveUp()
      else await removeBelow(folder, number)
    } catch (error) {
      // Anything but a lock that is gone is the disk's trouble, and the next beat's.
      if (isCode(error, 'ENOENT')) giveUp()
    }
  }

  function giveUp(): void {
    if (!held) return
    held = false
    clearInterval(timer)
    lose()
  }

  return {
    release: async () => {
      held = false
      clearInterval(timer)
      await removeBelow(folder, number)
      await rm(path, { force: true })
    },
  }
}

async function removeBelow(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (Number(name) < number) await rm(join(folder, name), { force: true })
  }
}

function describeLoss(dir: string): StartError {
  const what = `Another process took over the data directory ${dir}, because this one was not heard of.`
  return new StartError(what, 'This one ends, so that the data is not written twice.')
}

/** What is said of a data folder in which nothing can be kept. */
export function describeUnwritable(dir: string, error: unknown): StartError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  const what = `The data directory ${dir} cannot be written (${reason}).`
  return new StartError(what, 'Set DATA_DIR to a folder that this user may write.', error)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
