import { asyncApiDocument } from '../asyncapi/document.ts'
import { apiRoutes, page, type Route } from '../endpoint.ts'
import type { HttpParts } from '../http-env.ts'
import { openApiDocument } from '../openapi/document.ts'
import { createStaticFiles } from '../static-files.ts'
import { adminEndpoints } from './admin/index.ts'
import { bringResult } from './callbacks.ts'
import { chat } from './chat.ts'
import { config } from './config.ts'
import { dashboard, toDashboard } from './dashboard.ts'
import { docs, docsScript, document } from './documents.ts'
import { endSession } from './end-session.ts'
import { events } from './events.ts'
import { frame } from './frame.ts'
import { health, readiness } from './health.ts'
import { history } from './history.ts'
import { importDocument, listDocuments, removeDocument } from './knowledge.ts'
import { metrics } from './metrics.ts'
import { asset, demo, lasting, loader } from './public-files.ts'
import { startSession } from './start-session.ts'
import { sync } from './sync.ts'
import {
  confirm,
  identify,
  requestHandoff,
  sendMessage,
  setAttributes,
  setTyping,
  startConversation,
  stopReply,
  submitContact,
  submitRating,
  withdrawHandoff,
} from './visitor-requests.ts'

/** Every route there is. What is not here is not served; what each takes and gives is in `protocol/operations`. */
export function listRoutes(parts: HttpParts): Route[] {
  const files = createStaticFiles(parts.config.publicDir)
  return [
    ...apiRoutes(parts.compile, {
      'POST /api/v1/chat': chat(parts),
      'POST /api/v1/sessions/start': startSession(parts),
      'GET /api/v1/sessions/:session_id/history': history(parts),
      'GET /api/v1/sessions/:session_id/events': events(parts),
      'GET /api/v1/sessions/:session_id/sync': sync(parts),
      'POST /api/v1/sessions/:session_id/messages': sendMessage(parts),
      'POST /api/v1/sessions/:session_id/identify': identify(parts),
      'POST /api/v1/sessions/:session_id/stop': stopReply(parts),
      'POST /api/v1/sessions/:session_id/confirm': confirm(parts),
      'POST /api/v1/sessions/:session_id/typing': setTyping(parts),
      'POST /api/v1/sessions/:session_id/handoff': requestHandoff(parts),
      'DELETE /api/v1/sessions/:session_id/handoff': withdrawHandoff(parts),
      'POST /api/v1/sessions/:session_id/contact': submitContact(parts),
      'POST /api/v1/sessions/:session_id/rating': submitRating(parts),
      'POST /api/v1/sessions/:session_id/attributes': setAttributes(parts),
      'POST /api/v1/sessions/:session_id/start': startConversation(parts),
      'DELETE /api/v1/sessions/:session_id/end': endSession(parts),
      'POST /api/v1/knowledge/documents': importDocument(parts),
      'GET /api/v1/knowledge/documents': listDocuments(parts),
      'DELETE /api/v1/knowledge/documents/:document_id': removeDocument(parts),
      'POST /api/v1/callbacks/:callback_id': bringResult(parts),
      'GET /api/v1/config': config(parts),
      ...adminEndpoints(parts),
      'GET /healthz': health(parts),
      'GET /readyz': readiness(parts),
      'GET /metrics': metrics(parts),
    }),
    page('/openapi.json', document(openApiDocument(parts.version))),
    page('/asyncapi.json', document(asyncApiDocument(parts.version))),
    page('/docs', docs),
    page('/docs/scalar.js', docsScript(files)),
    page('/frame', frame(parts, files)),
    page('/widget.js', loader(parts, files)),
    page('/widget.d.ts', lasting(files, 'widget.d.ts')),
    page('/desk.js', lasting(files, 'desk.js')),
    page('/assets/:path{.+}', asset(files)),
    page('/dashboard', toDashboard),
    page('/dashboard/:path{.*}', dashboard(files)),
    page('/', demo(files)),
    page('/demo', demo(files)),
    page('/demo/:path{.*}', demo(files)),
  ]
}
