import { fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import type { Handler, HttpContext } from '../http-env.ts'
import type { StaticFile, StaticFiles } from '../static-files.ts'

/** The script that sites embed. Its name stays, so caches ask again after five minutes. */
export function loader(files: StaticFiles): Handler {
  return async (c) => {
    const file = await files.find('widget.js')
    if (file === null) return fail(c, 'unavailable', NOT_BUILT)
    c.set('shared', true)
    c.header('access-control-allow-origin', '*')
    return sendFile(c, file, 'public, max-age=300')
  }
}

/** A built file whose name carries its hash: it never changes. */
export function asset(files: StaticFiles): Handler {
  return async (c) => {
    const file = await files.find(`assets/${c.req.param('path') ?? ''}`)
    if (file === null) return fail(c, 'not_found')
    c.set('shared', true)
    return sendFile(c, file, 'public, max-age=31536000, immutable')
  }
}

/** The demo shop: a page as strict as a careful customer's. */
export function demo(files: StaticFiles): Handler {
  return async (c) => {
    const path = c.req.param('path') ?? ''
    const file = await files.find(`demo/${path === '' ? 'index.html' : path}`)
    if (file === null) return path === '' ? fail(c, 'unavailable', NOT_BUILT) : fail(c, 'not_found')
    c.header('content-security-policy', DEMO_POLICY)
    return sendFile(c, file, 'no-cache')
  }
}

/** What to do where the build is missing. */
export const NOT_BUILT = 'The widget is not built. Run npm run build.'

const DEMO_POLICY =
  "default-src 'self'; img-src 'self' https: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** A file in the encoding that is asked for. */
export function sendFile(c: HttpContext, file: StaticFile, cacheControl: string): Response {
  const { type, etag, body, br, gzip } = file
  const accepted = c.req.header('accept-encoding') ?? ''
  c.header('vary', 'Accept-Encoding')
  if (br !== undefined && /\bbr\b/.test(accepted)) {
    return conditional(c, { body: br, encoding: 'br', type, etag, cacheControl })
  }
  if (gzip !== undefined && /\bgzip\b/.test(accepted)) {
    return conditional(c, { body: gzip, encoding: 'gzip', type, etag, cacheControl })
  }
  return conditional(c, { body, type, etag, cacheControl })
}
