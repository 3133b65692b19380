import type { Given } from '../../../protocol/look.ts'
import { DatabaseUnavailable } from '../../infra/database.ts'
import { fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import type { Handler, HttpContext, HttpParts } from '../http-env.ts'
import { createLoaderScripts, lookOf } from '../loader-scripts.ts'
import type { StaticFile, StaticFiles } from '../static-files.ts'
import { widgetConfig } from '../widget-config.ts'

/**
 * The script that sites embed. Its name stays, so caches ask again after five minutes. With `?key=` it brings the client's
 * look along; for a key that is not known it is the plain one, since the page it goes into is to have no error from us.
 */
export function loader(parts: HttpParts, files: StaticFiles): Handler {
  const scripts = createLoaderScripts()
  return async (c) => {
    const file = await files.find('widget.js')
    if (file === null) return fail(c, 'unavailable', NOT_BUILT)
    const given = await whatToGive(parts, c.req.query('key'))
    return sendShared(c, given === null ? file : await scripts.bring(file, given))
  }
}

async function whatToGive({ config, directory }: HttpParts, key: string | undefined): Promise<Given | null> {
  if (key === undefined || key.length > KEY_LIMIT) return null
  const client = await directory.findByKey(key).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable) return null
    throw error
  })
  if (client === null) return null
  const { publicUrl } = config.http
  return {
    origin: publicUrl === null ? null : new URL(publicUrl).origin,
    client_key: key,
    look: lookOf(widgetConfig(client).branding),
  }
}

/** Characters of a key at most, as in `ConfigQuery`. */
const KEY_LIMIT = 100

/** A file for the pages that have the widget, whose name stays: its types, and the desk without its hash. */
export function lasting(files: StaticFiles, name: string): Handler {
  return async (c) => {
    const file = await files.find(name)
    return file === null ? fail(c, 'unavailable', NOT_BUILT) : sendShared(c, file)
  }
}

/** A file for pages of other sites, whose name stays. */
function sendShared(c: HttpContext, file: StaticFile): Response {
  c.set('shared', true)
  c.header('access-control-allow-origin', '*')
  return sendFile(c, file, 'public, max-age=300')
}

/** A built file whose name carries its hash: it never changes. */
export function asset(files: StaticFiles): Handler {
  return async (c) => {
    // Modules that another site's page imports are fetched by CORS; so is the news that one is gone.
    c.header('access-control-allow-origin', '*')
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
