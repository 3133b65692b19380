import { answer, fail } from '../answer.ts'
import { conditional } from '../conditional.ts'
import type { Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'
import { widgetConfig } from '../widget-config.ts'

/** What a client's widget looks like: public, for any page, kept by caches for a minute. */
export function config({ directory }: HttpParts): Endpoint<'GET /api/v1/config'> {
  return async (c, read) => {
    c.header('access-control-allow-origin', '*')
    const asked = await read()
    if (!asked.ok) return answer(c, asked)
    const client = await directory.findByKey(asked.data.query.client_api_key)
    if (client === null) return fail(c, 'client_unknown')
    return conditional(c, {
      body: Buffer.from(JSON.stringify(widgetConfig(client))),
      type: 'application/json',
      cacheControl: 'public, max-age=60',
    })
  }
}
