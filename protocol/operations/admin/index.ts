import type { Operation, OperationKey } from '../operation.ts'
import { ACCOUNT_OPERATIONS } from './account.ts'
import { readAuditLog } from './audit-log.ts'
import {
  changeCannedReply,
  createCannedReply,
  listCannedReplies,
  removeCannedReply,
} from './canned-replies.ts'
import { exportConversations, listConversations, readConversation, readTranscript } from './conversations.ts'
import { changeNote, listNotes, removeNote, writeNote } from './notes.ts'
import { CATALOGUE_OPERATIONS } from './catalogue.ts'
import { CLIENT_TOOL_OPERATIONS } from './client-tools.ts'
import { INTEGRATION_OPERATIONS } from './integrations.ts'
import { readOverview } from './overview.ts'
import { MCP_OPERATIONS } from './mcp-servers.ts'
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
import { KNOWLEDGE_OPERATIONS } from './knowledge.ts'
import {
  eraseVisitor,
  exportVisitor,
  holdConversation,
  listHolds,
  listReceipts,
  listRetentionRuns,
  releaseConversation,
} from './retention.ts'
import { createSecretKey, listSecretKeys, revokeSecretKey, rotateSecretKey } from './secret-keys.ts'
import { SETTINGS_OPERATIONS } from './settings.ts'
import { me, refresh, signIn, signOut } from './signing-in.ts'
import { TEST_CHAT_OPERATIONS } from './test-chats.ts'

/** Everything that people of the business can ask over HTTP; signing out stands last, for its examples end the sign-in. */
export const ADMIN_OPERATIONS = {
  'POST /api/admin/sign-in': signIn,
  'POST /api/admin/refresh': refresh,
  'GET /api/admin/me': me,
  ...ACCOUNT_OPERATIONS,
  'GET /api/admin/overview': readOverview,
  'GET /api/admin/conversations': listConversations,
  // Before what takes any word in its place for an id.
  'GET /api/admin/conversations/export': exportConversations,
  'GET /api/admin/conversations/:conversation_id': readConversation,
  'GET /api/admin/conversations/:conversation_id/transcript': readTranscript,
  'GET /api/admin/conversations/:conversation_id/notes': listNotes,
  'POST /api/admin/conversations/:conversation_id/notes': writeNote,
  'PATCH /api/admin/conversations/:conversation_id/notes/:note_id': changeNote,
  'DELETE /api/admin/conversations/:conversation_id/notes/:note_id': removeNote,
  'GET /api/admin/clients/:client_id/canned-replies': listCannedReplies,
  'POST /api/admin/clients/:client_id/canned-replies': createCannedReply,
  'PATCH /api/admin/clients/:client_id/canned-replies/:reply_id': changeCannedReply,
  'DELETE /api/admin/clients/:client_id/canned-replies/:reply_id': removeCannedReply,
  'GET /api/admin/audit-log': readAuditLog,
  'GET /api/admin/clients': listClients,
  'POST /api/admin/clients': createClient,
  'GET /api/admin/clients/:client_id': readClient,
  'PATCH /api/admin/clients/:client_id': changeClient,
  'POST /api/admin/clients/:client_id/activate': activateClient,
  'POST /api/admin/clients/:client_id/deactivate': deactivateClient,
  'POST /api/admin/clients/:client_id/rotate-key': rotateClientKey,
  ...SETTINGS_OPERATIONS,
  ...KNOWLEDGE_OPERATIONS,
  ...TEST_CHAT_OPERATIONS,
  'GET /api/admin/clients/:client_id/secret-keys': listSecretKeys,
  'POST /api/admin/clients/:client_id/secret-keys': createSecretKey,
  'POST /api/admin/clients/:client_id/secret-keys/:key_id/rotate': rotateSecretKey,
  'POST /api/admin/clients/:client_id/secret-keys/:key_id/revoke': revokeSecretKey,
  ...CLIENT_TOOL_OPERATIONS,
  ...CATALOGUE_OPERATIONS,
  ...INTEGRATION_OPERATIONS,
  ...MCP_OPERATIONS,
  'GET /api/admin/retention-runs': listRetentionRuns,
  'POST /api/admin/conversations/:conversation_id/hold': holdConversation,
  'GET /api/admin/holds': listHolds,
  'POST /api/admin/conversations/:conversation_id/release': releaseConversation,
  'POST /api/admin/clients/:client_id/visitors/:visitor_id/export': exportVisitor,
  'POST /api/admin/clients/:client_id/visitors/:visitor_id/erase': eraseVisitor,
  'GET /api/admin/privacy-receipts': listReceipts,
  'GET /api/admin/people': listPeople,
  'POST /api/admin/people': invitePerson,
  'PATCH /api/admin/people/:person_id': changePerson,
  'POST /api/admin/people/:person_id/disable': disablePerson,
  'POST /api/admin/people/:person_id/enable': enablePerson,
  'POST /api/admin/people/:person_id/unlock': unlockPerson,
  'POST /api/admin/people/:person_id/password': setPersonPassword,
  'POST /api/admin/people/:person_id/sign-out': signPersonOut,
  'POST /api/admin/sign-out': signOut,
} as const satisfies Record<OperationKey, Operation>
