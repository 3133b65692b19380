import type { Endpoint } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'

/** For Prometheus. Counts only, of nobody in particular; docs/deployment.md says how to keep it to oneself. */
export function metrics(parts: HttpParts): Endpoint<'GET /metrics'> {
  return async (c) => {
    const { body, contentType } = await parts.metrics.read()
    c.header('cache-control', 'no-store')
    return c.body(body, 200, { 'content-type': contentType })
  }
}
