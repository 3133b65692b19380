import type { Handler, HttpParts } from '../http-env.ts'
import { createStaticFiles } from '../static-files.ts'
import { config } from './config.ts'
import { endSession } from './end-session.ts'
import { frame } from './frame.ts'
import { health, readiness } from './health.ts'
import { history } from './history.ts'
import { metrics } from './metrics.ts'
import { asset, demo, loader } from './public-files.ts'
import { startSession } from './start-session.ts'

/** Every route there is. What is not here is not served. */
export function listRoutes(parts: HttpParts): [method: string, path: string, handler: Handler][] {
  const files = createStaticFiles(parts.config.publicDir)
  return [
    ['POST', '/api/v1/sessions/start', startSession(parts)],
    ['GET', '/api/v1/sessions/:session_id/history', history(parts)],
    ['DELETE', '/api/v1/sessions/:session_id/end', endSession(parts)],
    ['GET', '/api/v1/config', config(parts)],
    ['GET', '/healthz', health(parts)],
    ['GET', '/readyz', readiness(parts)],
    ['GET', '/metrics', metrics(parts)],
    ['GET', '/frame', frame(parts, files)],
    ['GET', '/widget.js', loader(files)],
    ['GET', '/assets/:path{.+}', asset(files)],
    ['GET', '/', demo(files)],
    ['GET', '/demo', demo(files)],
    ['GET', '/demo/:path{.*}', demo(files)],
  ]
}
