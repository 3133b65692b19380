import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../start-error.ts'

/** Longer paths of Unix sockets are cut without a word (Linux 108 bytes with the final zero, macOS 104). */
const SOCKET_PATH_BYTES = 103
/** The name that `pg` looks for when its host is a folder and its port 5432. */
const SOCKET_NAME = '.s.PGSQL.5432'

/** A fresh folder that only we may enter, and the socket in it. Nulls on Windows, where a port is used instead. */
export interface SocketPlace {
  folder: string | null
  socket: string | null
  remove(): void
}

/** Makes the place of a socket in the system's temporary folder. Throws `StartError` when no path is short enough. */
export async function makeSocketPlace(): Promise<SocketPlace> {
  if (process.platform === 'win32') return { folder: null, socket: null, remove: () => undefined }
  const parent = [tmpdir(), '/tmp'].find(isShortEnough)
  if (parent === undefined) {
    throw new StartError(
      `The temporary folder's path is too long for a socket: ${tmpdir()}.`,
      'Set TMPDIR to a shorter one.',
    )
  }
  const folder = await mkdtemp(join(parent, 'parlor-'))
  return {
    folder,
    socket: join(folder, SOCKET_NAME),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function isShortEnough(parent: string): boolean {
  return Buffer.byteLength(join(parent, 'parlor-XXXXXX', SOCKET_NAME)) <= SOCKET_PATH_BYTES
}
