import {
  ReceiptsPage,
  ReceiptsQuery,
  VisitorErased,
  type KeptReceipt,
  type PrivacyReceipt,
} from '../../privacy.ts'
import {
  HoldBody,
  HoldReleased,
  HoldsPage,
  HoldsQuery,
  HoldTold,
  RetentionRunsPage,
  RetentionRunsQuery,
  type LegalHold,
  type RetentionRun,
} from '../../retention.ts'
import Type from 'typebox'
import { CLIENT_ID } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

/** What is removed and kept: passes of retention, legal holds, erasing and exporting a visitor. */

const AT = '2026-11-23T03:00:00.000Z'
const CONVERSATION_ID = '5b0f7c1e-3a52-4d88-9a0b-2f6f1f1f7d31'

const RUN: RetentionRun = {
  ...{ id: '1f0d8a52-7c41-4c6e-8f7e-5a1b2c3d4e5f', state: 'done', dry_run: false, host: 'retention-1' },
  ...{ started_at: AT, finished_at: '2026-11-23T03:00:04.000Z', fault: null },
  ...{ counts: [{ what: 'messages', count: 83_214 }], partitions: ['2026-10-23'] },
}

const HOLD: LegalHold = {
  ...{ conversation_id: CONVERSATION_ID, client_id: CLIENT_ID, reason: 'Claim 2026-117', held_at: AT },
  ...{ actor: 'admin', actor_id: '7c1d3b0e-52a4-4b1c-9c33-0d5a8f6e2b41' },
}

const RECEIPT: PrivacyReceipt = {
  ...{ id: 'c2a9e1f4-6b7d-4e0a-9d55-3f1b8a7c6d20', kind: 'erasure', at: AT },
  visitor_id: '8e4b6a2d-1f3c-4a5e-b7d9-0c2e4f6a8b1d',
  ...{ counts: [{ what: 'messages', count: 12 }], cached_until: '2026-11-23T03:05:00.000Z' },
}

const KEPT: KeptReceipt = {
  ...{ id: RECEIPT.id, client_id: CLIENT_ID, kind: 'erasure', at: AT, counts: RECEIPT.counts },
  visitor_sha256: '3d4b1f0c5a6e7d8291b0c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718',
  ...{ actor: 'admin', actor_id: '7c1d3b0e-52a4-4b1c-9c33-0d5a8f6e2b41', actor_name: 'Dana' },
}

export const listRetentionRuns = {
  id: 'listRetentionRuns',
  summary: 'List the passes of retention',
  description: 'The newest first; for the next page, give the last `id` as `after`.',
  ...forPeople('admin', 'installation'),
  query: { schema: RetentionRunsQuery, example: { limit: 20 } },
  success: {
    ...{ status: 200, description: 'A page of passes.', schema: RetentionRunsPage },
    example: { runs: [RUN], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const listHolds = {
  id: 'listHolds',
  summary: 'List the conversations under legal hold',
  description:
    'The newest hold first; for the next page, give the last `conversation_id` as `after`. A client’s people see their own.',
  ...forPeople('analyst', 'anyone'),
  query: { schema: HoldsQuery, example: { limit: 20 } },
  success: {
    ...{ status: 200, description: 'A page of holds.', schema: HoldsPage },
    example: { holds: [HOLD], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const holdConversation = {
  id: 'holdConversation',
  summary: 'Put a conversation under legal hold',
  description: 'Nothing of it is removed until it is released. Again, it gives the hold another reason.',
  ...forPeople('admin', 'anyone'),
  body: { schema: HoldBody, example: { reason: 'Claim 2026-117' } },
  success: { status: 200, description: 'The hold.', schema: HoldTold, example: { hold: HOLD } },
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const releaseConversation = {
  id: 'releaseConversation',
  summary: 'Release a conversation from legal hold',
  description: 'What is due of it goes with the next pass.',
  ...forPeople('admin', 'anyone'),
  success: {
    ...{ status: 200, description: 'It was under hold, and is not any more.', schema: HoldReleased },
    example: { conversation_id: CONVERSATION_ID },
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const exportVisitor = {
  id: 'exportVisitor',
  summary: 'Export all that is kept of a visitor',
  description:
    'A file of lines, each `{"table", "row"}`, from the database and the archive; the last is `{"receipt"}`.',
  ...forPeople('admin', 'client'),
  success: {
    ...{ status: 200, description: 'The rows.', type: 'application/x-ndjson', schema: Type.String() },
    example: '{"table":"visitors","row":{"id":"8e4b6a2d-1f3c-4a5e-b7d9-0c2e4f6a8b1d"}}\n',
  },
  errors: ['not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const listReceipts = {
  id: 'listReceipts',
  summary: 'List the receipts of erasures and exports',
  description:
    'The newest first; for the next page, give the last `id` as `after`. With `visitor_id`, those of that visitor, also when it is erased. A client’s people see their own.',
  ...forPeople('admin', 'anyone'),
  query: { schema: ReceiptsQuery, example: { limit: 20 } },
  success: {
    ...{ status: 200, description: 'A page of receipts.', schema: ReceiptsPage },
    example: { receipts: [KEPT], has_more: false },
  },
  errors: ['invalid_payload', ...PEOPLE_ERRORS],
} as const satisfies Operation

export const eraseVisitor = {
  id: 'eraseVisitor',
  summary: 'Erase a visitor',
  description:
    'Rows, caches and the key of the archives. `conversation_held` says why where one of its conversations is under legal hold.',
  ...forPeople('admin', 'client'),
  success: { status: 200, description: 'The receipt.', schema: VisitorErased, example: { receipt: RECEIPT } },
  errors: ['not_found', 'conversation_held', ...PEOPLE_ERRORS],
} as const satisfies Operation
