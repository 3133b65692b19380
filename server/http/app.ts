import { Hono } from 'hono'
import { DatabaseUnavailable } from '../infra/database.ts'
import { fail } from './answer.ts'
import type { Fetch } from './fetch.ts'
import type { HttpContext, HttpEnv, HttpParts } from './http-env.ts'
import { createHttpMeter } from './http-meter.ts'
import { limitBody } from './middleware/limit-body.ts'
import { observe } from './middleware/observe.ts'
import { answerPreflight } from './middleware/preflight.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { listRoutes } from './routes/index.ts'

/** Everything that is said over HTTP. Every error is problem+json, the router's own too. */
export function createHttpApp(parts: HttpParts): Fetch {
  const app = new Hono<HttpEnv>()
  app.use(observe({ ...parts, meter: createHttpMeter(parts.metrics.registry) }))
  app.use(securityHeaders)
  app.use('/api/v1/*', answerPreflight)
  app.use(limitBody)
  addRoutes(app, parts)
  app.notFound((c) => fail(c, 'not_found'))
  app.onError((error, c) => failure(error, c, parts))
  return (request, peer) => app.fetch(request, peer)
}

function addRoutes(app: Hono<HttpEnv>, parts: HttpParts): void {
  const methods = new Map<string, string[]>()
  for (const { method, path, handler } of listRoutes(parts)) {
    app.on(method, path, handler)
    methods.set(path, [...(methods.get(path) ?? []), ...(method === 'GET' ? ['GET', 'HEAD'] : [method])])
  }
  for (const [path, allowed] of methods) {
    app.all(path, (c) => {
      c.header('allow', allowed.join(', '))
      return fail(c, 'method_not_allowed')
    })
  }
}

function failure(error: Error, c: HttpContext, { log }: HttpParts): Response {
  const request_id = c.get('requestId')
  if (c.req.raw.signal.aborted) return fail(c, 'unavailable')
  if (error instanceof DatabaseUnavailable) {
    log.debug({ reason: error.message, request_id }, 'a request found no database')
    return fail(c, 'unavailable')
  }
  log.error({ err: error, request_id }, 'a request failed')
  return fail(c, 'internal')
}
