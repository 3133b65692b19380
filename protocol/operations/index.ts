import { ADMIN_OPERATIONS } from './admin/index.ts'
import { bringResult } from './callbacks.ts'
import { chat } from './chat.ts'
import { health, metrics, readiness } from './health.ts'
import { importDocument, listDocuments, removeDocument } from './knowledge.ts'
import type { Operation, OperationKey } from './operation.ts'
import { endSession, history, startSession } from './sessions.ts'
import {
  confirm,
  events,
  identify,
  requestHandoff,
  sendMessage,
  setAttributes,
  setTyping,
  startConversation,
  stopReply,
  sync,
  submitContact,
  submitRating,
  withdrawHandoff,
} from './visitor.ts'
import { widgetConfig } from './widget-config.ts'

/** Everything that can be asked over HTTP, by method and path; pages and files apart. */
export const OPERATIONS = {
  'POST /api/v1/chat': chat,
  'POST /api/v1/sessions/start': startSession,
  'GET /api/v1/sessions/:session_id/history': history,
  'GET /api/v1/sessions/:session_id/events': events,
  'GET /api/v1/sessions/:session_id/sync': sync,
  'POST /api/v1/sessions/:session_id/messages': sendMessage,
  'POST /api/v1/sessions/:session_id/identify': identify,
  'POST /api/v1/sessions/:session_id/stop': stopReply,
  'POST /api/v1/sessions/:session_id/confirm': confirm,
  'POST /api/v1/sessions/:session_id/typing': setTyping,
  'POST /api/v1/sessions/:session_id/handoff': requestHandoff,
  'DELETE /api/v1/sessions/:session_id/handoff': withdrawHandoff,
  'POST /api/v1/sessions/:session_id/contact': submitContact,
  'POST /api/v1/sessions/:session_id/rating': submitRating,
  'POST /api/v1/sessions/:session_id/attributes': setAttributes,
  'POST /api/v1/sessions/:session_id/start': startConversation,
  'DELETE /api/v1/sessions/:session_id/end': endSession,
  'POST /api/v1/knowledge/documents': importDocument,
  'GET /api/v1/knowledge/documents': listDocuments,
  'DELETE /api/v1/knowledge/documents/:document_id': removeDocument,
  'POST /api/v1/callbacks/:callback_id': bringResult,
  'GET /api/v1/config': widgetConfig,
  ...ADMIN_OPERATIONS,
  'GET /healthz': health,
  'GET /readyz': readiness,
  'GET /metrics': metrics,
} as const satisfies Record<OperationKey, Operation>

export type OperationName = keyof typeof OPERATIONS
export type OperationOf<K extends OperationName> = (typeof OPERATIONS)[K]
