import { frameAncestors } from '../../auth/frame-ancestors.ts'
import { fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import { frameAssets, framePage } from '../frame-page.ts'
import type { Handler, HttpContext, HttpParts } from '../http-env.ts'
import { imageSources, readFaces } from '../image-sources.ts'
import type { StaticFiles } from '../static-files.ts'
import { widgetConfig } from '../widget-config.ts'
import { NOT_BUILT } from './public-files.ts'

/** The page in which the chat runs, for the sites of the client whose key is given. */
export function frame(parts: HttpParts, files: StaticFiles): Handler {
  return async (c) => {
    const client = await parts.directory.findByKey(c.req.query('client_api_key') ?? '')
    if (client === null) return fail(c, 'client_unknown')
    const manifest = await files.find('manifest.json')
    const assets = manifest === null ? null : frameAssets(manifest.body.toString())
    if (assets === null) return fail(c, 'unavailable', NOT_BUILT)
    c.set('embeddable', true)
    c.set('shared', true)
    // Pages that require a policy of what they embed may embed this; `credentialless` leaves logos of other sites alone.
    c.header('cross-origin-embedder-policy', 'credentialless')
    const config = widgetConfig(client)
    const { logo_url, agent_avatar } = config.branding
    const images = imageSources([logo_url, agent_avatar, ...(await readFaces(parts.database, client.id))])
    const sources = { images, sockets: socketSources(c, parts) }
    c.header('content-security-policy', policy(client.allowed_origins, sources))
    return conditional(c, {
      body: Buffer.from(framePage(config, assets)),
      type: 'text/html; charset=utf-8',
      cacheControl: 'no-cache',
    })
  }
}

function policy(
  allowedOrigins: readonly string[],
  { images, sockets }: { images: readonly string[]; sockets: string },
): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self' data:", ...images].join(' '),
    `connect-src 'self'${sockets}`,
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors(allowedOrigins)}`,
  ].join('; ')
}

/** Our own WebSockets by name: older browsers do not take them for `'self'`. */
function socketSources(c: HttpContext, parts: HttpParts): string {
  const { host } = new URL(parts.config.http.publicUrl ?? c.req.url)
  return /^[a-z0-9._-]+(?::\d+)?$/.test(host) ? ` ws://${host} wss://${host}` : ''
}
