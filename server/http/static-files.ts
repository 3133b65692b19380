import { readFile, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { etagOf } from './conditional.ts'

/** A file as it is kept in memory, with its compressed forms where they are worth it. */
export interface StaticFile {
  type: string
  etag: string
  body: Buffer
  br?: Buffer
  gzip?: Buffer
}

/** The files of one folder. */
export interface StaticFiles {
  /** `path` is relative and decoded, with slashes. Null when it is no file in the folder. */
  find(path: string): Promise<StaticFile | null>
}

/** Files kept at most, the newest; the build makes a few dozen. */
const KEPT = 200

/** Reads each file once, and again when it has changed. */
export function createStaticFiles(folder: string): StaticFiles {
  const root = resolve(folder)
  const kept = new Map<string, { stamp: string; file: Promise<StaticFile> }>()

  return {
    async find(path) {
      const place = placeOf(root, path)
      const stats = place === null ? null : await stat(place).catch(() => null)
      if (place === null || stats === null || !stats.isFile()) return null
      const stamp = `${stats.mtimeMs} ${stats.size}`
      const found = kept.get(place)
      if (found?.stamp === stamp) return found.file
      const file = load(place)
      kept.delete(place)
      kept.set(place, { stamp, file })
      if (kept.size > KEPT) forgetOldest(kept)
      file.catch(() => kept.delete(place))
      return file
    },
  }
}

/** Null for whatever could lead out of the folder, or to a hidden file. */
function placeOf(root: string, path: string): string | null {
  const sane = path.split('/').every((part) => part !== '' && !part.startsWith('.') && !/[\\:\0]/.test(part))
  const place = join(root, path)
  return sane && place.startsWith(root + sep) ? place : null
}

function forgetOldest(kept: Map<string, unknown>): void {
  for (const place of kept.keys()) {
    kept.delete(place)
    return
  }
}

async function load(place: string): Promise<StaticFile> {
  const type = TYPES[/\.([a-z0-9]+)$/i.exec(place)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  return packFile(await readFile(place), type)
}

/** A file made of its content, compressed where that is worth it. */
export async function packFile(body: Buffer, type: string): Promise<StaticFile> {
  const file = { type, etag: etagOf(body), body }
  if (body.byteLength < WORTH_COMPRESSING || !/text|javascript|json|svg/.test(type)) return file
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }
  const [br, zipped] = await Promise.all([promisify(brotliCompress)(body, quality), promisify(gzip)(body)])
  return { ...file, br, gzip: zipped }
}

/** Bytes below which compressing saves no packet. */
const WORTH_COMPRESSING = 1_024

const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  gif: 'image/gif',
  html: 'text/html; charset=utf-8',
  ico: 'image/x-icon',
  jpg: 'image/jpeg',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  png: 'image/png',
  svg: 'image/svg+xml',
  // Declarations of types, for people and compilers.
  ts: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  woff2: 'font/woff2',
}
