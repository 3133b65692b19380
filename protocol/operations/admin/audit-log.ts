import { AuditLogPage, AuditLogQuery } from '../../audit-log.ts'
import { ADMIN, CLIENT_ID } from '../examples.ts'
import { forPeople, PEOPLE_ERRORS } from './for-people.ts'
import type { Operation } from '../operation.ts'

export const readAuditLog = {
  ...forPeople('admin', 'anyone'),
  id: 'readAuditLog',
  summary: 'Read what was done, and by whom',
  description:
    'The last first; for the next page, give the last `id` as `after`. A client’s people see what concerns their client.',
  query: { schema: AuditLogQuery, example: { action: 'client.', limit: 50 } },
  success: {
    status: 200,
    description: 'A page of the audit log.',
    schema: AuditLogPage,
    example: {
      entries: [
        {
          ...{
            id: '4711',
            at: '2026-11-23T09:30:00.000Z',
            action: 'client.key_rotated',
            client_id: CLIENT_ID,
          },
          ...{ actor: 'admin', actor_id: ADMIN.id, actor_name: ADMIN.name, details: {} },
        },
      ],
      has_more: false,
    },
  },
  errors: ['invalid_payload', 'not_found', ...PEOPLE_ERRORS],
} as const satisfies Operation
