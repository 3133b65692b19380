import { createHash } from 'node:crypto'
import type { HttpContext } from './http-env.ts'

/** Something that caches may keep and ask about again. */
export interface Cacheable {
  body: Buffer
  type: string
  cacheControl: string
  /** Made of the body when it is not given. */
  etag?: string
  /** `br` or `gzip`, where the body is that. */
  encoding?: string
}

/** The thing itself, or 304 for whoever has it already. */
export function conditional(c: HttpContext, thing: Cacheable): Response {
  const etag = thing.etag ?? etagOf(thing.body)
  c.header('etag', etag)
  c.header('cache-control', thing.cacheControl)
  if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304)
  c.header('content-type', thing.type)
  c.header('content-length', String(thing.body.byteLength))
  if (thing.encoding !== undefined) c.header('content-encoding', thing.encoding)
  return c.body(new Uint8Array(thing.body))
}

/** Weak, since the same thing is sent in several encodings. */
export function etagOf(body: Buffer): string {
  return `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''))
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''))
}
