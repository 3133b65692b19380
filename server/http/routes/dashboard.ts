import { fail } from '../answer.ts'
import type { Handler } from '../http-env.ts'
import type { StaticFiles } from '../static-files.ts'
import { NOT_BUILT, sendFile } from './public-files.ts'

/**
 * The dashboard, for the people of the business: its hashed files, and its one page for every other path, since the page
 * itself knows which paths there are.
 */
export function dashboard(files: StaticFiles): Handler {
  return async (c) => {
    const path = c.req.param('path') ?? ''
    const file = HASHED.test(path) ? await files.find(`dashboard/${path}`) : null
    if (file !== null) return sendFile(c, file, 'public, max-age=31536000, immutable')
    if (HASHED.test(path)) return fail(c, 'not_found')
    const page = await files.find('dashboard/index.html')
    if (page === null) return fail(c, 'unavailable', NOT_BUILT)
    const isPreview = path === 'preview'
    if (isPreview) c.set('embeddable', true)
    c.header('content-security-policy', policy(isPreview ? "'self'" : "'none'"))
    return sendFile(c, page, 'no-cache')
  }
}

/** Without its slash the page's own links would lead astray. */
export const toDashboard: Handler = (c) => c.redirect('/dashboard/', 308)

const HASHED = /^assets\//

/**
 * Nothing runs that is not ours, and nothing is asked of others but pictures: faces and logos. Styles are set by scripts,
 * for menus that find their place. The preview of a widget stands in a frame of the dashboard; nothing else stands in one.
 */
const policy = (embedders: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' https: data: blob:",
    "media-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${embedders}`,
  ].join('; ')
