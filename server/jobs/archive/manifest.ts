import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import type { ArchiveStore } from './store.ts'

/** What is kept of a day. It is written last: a day without it was not archived. */
export interface Manifest {
  format: 'parlor-archive/1'
  day: string
  made_at: string
  messages: number
  files: {
    name: string
    client_id: string
    visitors: number
    messages: number
    bytes: number
    sha256: string
  }[]
}

/** A line of a file: what is kept of one visitor. */
export interface BlockLine {
  visitor_id: string
  messages: number
  /** Base64. */
  sealed: string
}

export function manifestName(day: string): string {
  return `messages/${day}/manifest.json`
}

/** Null where the day was not archived. */
export async function readManifest(
  store: ArchiveStore,
  day: string,
  signal: AbortSignal,
): Promise<Manifest | null> {
  const body = await store.get(manifestName(day), signal)
  return body && (JSON.parse(body.toString('utf8')) as Manifest)
}

/** The lines of one file of a manifest. Throws where it is gone, or not what was written. */
export async function readLines(
  store: ArchiveStore,
  { name, sha256 }: Manifest['files'][number],
  signal: AbortSignal,
): Promise<BlockLine[]> {
  const body = await store.get(name, signal)
  if (body === null) throw new Error(`The archive lacks ${name}`)
  if (hashOf(body) !== sha256) throw new Error(`The archive's ${name} is not what was written`)
  return gunzipSync(body)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as BlockLine)
}

export function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex')
}
