import type { Actor } from '../../../models/actor.ts'
import type { ExportQuery } from '../../../protocol/conversations.ts'
import type { Database, Statement } from '../../infra/database.ts'

/** $1 client, or null for all $2 who $3 id of who $4 what was asked */
const RECORD: Statement = {
  name: 'desk/record-export',
  text: `
    INSERT INTO audit_log (client_id, actor, actor_id, action, details)
    VALUES ($1::uuid, $2, $3::uuid, 'conversations.exported', $4::jsonb)`,
}

/** Tells the audit log who takes which conversations along. */
export async function recordExport(
  database: Pick<Database, 'run'>,
  scope: string | null,
  query: ExportQuery,
  by: Actor,
): Promise<void> {
  await database.run(RECORD, [scope, by.actor, 'actor_id' in by ? by.actor_id : null, JSON.stringify(query)])
}
