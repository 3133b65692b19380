import type { ADMIN_OPERATIONS } from '../../../../protocol/operations/admin/index.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { HttpParts } from '../../http-env.ts'
import { accountEndpoints } from './account.ts'
import { readAuditLog } from './audit-log.ts'
import {
  changeCannedReply,
  createCannedReply,
  listCannedReplies,
  removeCannedReply,
} from './canned-replies.ts'
import { listConversations, readConversation, readTranscript } from './conversations.ts'
import { exportConversations } from './export.ts'
import { changeNote, listNotes, removeNote, writeNote } from './notes.ts'
import { catalogueEndpoints } from './catalogue.ts'
import { clientToolEndpoints } from './client-tools.ts'
import { integrationEndpoints } from './integrations.ts'
import { readOverview } from './overview.ts'
import { mcpEndpoints } from './mcp-servers.ts'
import {
  activateClient,
  changeClient,
  createClient,
  deactivateClient,
  listClients,
  readClient,
  rotateClientKey,
} from './clients.ts'
import {
  changePerson,
  disablePerson,
  enablePerson,
  invitePerson,
  listPeople,
  setPersonPassword,
  signPersonOut,
  unlockPerson,
} from './people.ts'
import { readingEndpoints, writingEndpoints } from './knowledge.ts'
import { retentionEndpoints } from './retention.ts'
import { createSecretKey, listSecretKeys, revokeSecretKey, rotateSecretKey } from './secret-keys.ts'
import { aiEndpoints, identityEndpoints, termsEndpoints, widgetEndpoints } from './settings.ts'
import { me, refresh, signIn, signOut } from './signing-in.ts'
import { testChatEndpoints } from './test-chats.ts'

/** What people of the business can ask, each as `protocol/operations/admin` has it. */
export function adminEndpoints(parts: HttpParts): { [K in keyof typeof ADMIN_OPERATIONS]: Endpoint<K> } {
  return {
    'POST /api/admin/sign-in': signIn(parts),
    'POST /api/admin/refresh': refresh(parts),
    'GET /api/admin/me': me(parts),
    ...accountEndpoints(parts),
    'GET /api/admin/overview': readOverview(parts),
    'GET /api/admin/conversations': listConversations(parts),
    'GET /api/admin/conversations/export': exportConversations(parts),
    'GET /api/admin/conversations/:conversation_id': readConversation(parts),
    'GET /api/admin/conversations/:conversation_id/transcript': readTranscript(parts),
    'GET /api/admin/conversations/:conversation_id/notes': listNotes(parts),
    'POST /api/admin/conversations/:conversation_id/notes': writeNote(parts),
    'PATCH /api/admin/conversations/:conversation_id/notes/:note_id': changeNote(parts),
    'DELETE /api/admin/conversations/:conversation_id/notes/:note_id': removeNote(parts),
    'GET /api/admin/clients/:client_id/canned-replies': listCannedReplies(parts),
    'POST /api/admin/clients/:client_id/canned-replies': createCannedReply(parts),
    'PATCH /api/admin/clients/:client_id/canned-replies/:reply_id': changeCannedReply(parts),
    'DELETE /api/admin/clients/:client_id/canned-replies/:reply_id': removeCannedReply(parts),
    'GET /api/admin/audit-log': readAuditLog(parts),
    'GET /api/admin/clients': listClients(parts),
    'POST /api/admin/clients': createClient(parts),
    'GET /api/admin/clients/:client_id': readClient(parts),
    'PATCH /api/admin/clients/:client_id': changeClient(parts),
    'POST /api/admin/clients/:client_id/activate': activateClient(parts),
    'POST /api/admin/clients/:client_id/deactivate': deactivateClient(parts),
    'POST /api/admin/clients/:client_id/rotate-key': rotateClientKey(parts),
    ...aiEndpoints(parts),
    ...widgetEndpoints(parts),
    ...identityEndpoints(parts),
    ...termsEndpoints(parts),
    ...readingEndpoints(parts),
    ...writingEndpoints(parts),
    ...testChatEndpoints(parts),
    'GET /api/admin/clients/:client_id/secret-keys': listSecretKeys(parts),
    'POST /api/admin/clients/:client_id/secret-keys': createSecretKey(parts),
    'POST /api/admin/clients/:client_id/secret-keys/:key_id/rotate': rotateSecretKey(parts),
    'POST /api/admin/clients/:client_id/secret-keys/:key_id/revoke': revokeSecretKey(parts),
    ...clientToolEndpoints(parts),
    ...catalogueEndpoints(parts),
    ...integrationEndpoints(parts),
    ...mcpEndpoints(parts),
    ...retentionEndpoints(parts),
    'GET /api/admin/people': listPeople(parts),
    'POST /api/admin/people': invitePerson(parts),
    'PATCH /api/admin/people/:person_id': changePerson(parts),
    'POST /api/admin/people/:person_id/disable': disablePerson(parts),
    'POST /api/admin/people/:person_id/enable': enablePerson(parts),
    'POST /api/admin/people/:person_id/unlock': unlockPerson(parts),
    'POST /api/admin/people/:person_id/password': setPersonPassword(parts),
    'POST /api/admin/people/:person_id/sign-out': signPersonOut(parts),
    'POST /api/admin/sign-out': signOut(parts),
  }
}
