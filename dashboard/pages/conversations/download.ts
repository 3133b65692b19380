import { ApiFailure } from '../../api/api-failure.ts'
import { readFailure } from '../../../client/call.ts'
import { unreachable } from '../../../client/failure.ts'
import type { Session } from '../../session/session.svelte.ts'

export interface Download {
  /** Where the file is, on our own server. */
  path: string
  method?: 'GET' | 'POST'
  name: string
  signal?: AbortSignal
}

/**
 * Saves a file that takes an access token, and resolves with its bytes. The browser keeps what comes on its disk, so
 * that the file may be of any size. Throws an `ApiFailure`.
 */
export async function download(
  session: Session,
  { path, method = 'GET', name, signal }: Download,
): Promise<number> {
  const blob = await read(session, path, { method, ...(signal && { signal }) })
  const address = URL.createObjectURL(blob)
  try {
    Object.assign(document.createElement('a'), { href: address, download: name }).click()
  } finally {
    // The browser has begun to save by the next turn of its loop.
    setTimeout(() => URL.revokeObjectURL(address))
  }
  return blob.size
}

async function read(session: Session, path: string, settings: RequestInit): Promise<Blob> {
  const token = await session.token()
  if (token === null) throw new ApiFailure(unreachable('Nobody is signed in.'))
  let response: Response
  try {
    const body = settings.method === 'POST' ? { body: '{}' } : {}
    const headers = { authorization: `Bearer ${token}`, ...(settings.method === 'POST' && JSON_TYPE) }
    response = await fetch(path, { ...settings, ...body, headers })
    if (response.ok) return await response.blob()
  } catch (error) {
    throw new ApiFailure(unreachable(error instanceof Error ? error.message : 'The file broke off.'))
  }
  throw new ApiFailure(await readFailure(response))
}

const JSON_TYPE = { 'content-type': 'application/json' }
