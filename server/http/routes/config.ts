import { fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import type { Handler, HttpParts } from '../http-env.ts'
import { widgetConfig } from '../widget-config.ts'

/** What a client's widget looks like: public, for any page, kept by caches for a minute. */
export function config(parts: HttpParts): Handler {
  return async (c) => {
    c.header('access-control-allow-origin', '*')
    const client = await parts.directory.findByKey(c.req.query('client_api_key') ?? '')
    if (client === null) return fail(c, 'client_unknown')
    return conditional(c, {
      body: Buffer.from(JSON.stringify(widgetConfig(client))),
      type: 'application/json',
      cacheControl: 'public, max-age=60',
    })
  }
}
