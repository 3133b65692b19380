import type { Actor } from '../../models/actor.ts'
import type { HoldsPage, HoldsQuery, LegalHold } from '../../protocol/retention.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { WatchedPlace } from '../conversation/find-conversation.ts'
import type { Database, Statement } from '../infra/database.ts'

/** Conversations of which nothing may be removed, found through who may see them. Each deed is told in the audit log. */
export interface LegalHolds {
  /** The newest first; of one client, or of all where `only` is null. */
  list(only: string | null, query: HoldsQuery): Promise<HoldsPage>
  /** `not_found`: this client has no such conversation. */
  hold(place: WatchedPlace, reason: string, by: Actor): Promise<Result<{ hold: LegalHold }>>
  /** `not_found`: it is under no hold. */
  release(place: WatchedPlace, by: Actor): Promise<Result<{ conversation_id: string }>>
}

export function createLegalHolds(database: Pick<Database, 'run'>): LegalHolds {
  return {
    async list(only, { client_id, after, limit = PAGE }) {
      const rows = await database.run<HoldRow>(LIST, [only, client_id ?? null, after ?? null, limit + 1])
      return { holds: rows.slice(0, limit).map(present), has_more: rows.length > limit }
    },
    async hold({ client_id, conversation_id }, reason, by) {
      const values = [conversation_id, client_id, reason, by.actor, actorId(by)]
      const [row] = await database.run<HoldRow>(HOLD, values)
      return row ? succeed({ hold: present(row) }) : refuse('not_found')
    },
    async release({ client_id, conversation_id }, by) {
      const values = [conversation_id, client_id, by.actor, actorId(by)]
      const [row] = await database.run<{ conversation_id: string }>(RELEASE, values)
      return row ? succeed(row) : refuse('not_found')
    },
  }
}

type HoldRow = Omit<LegalHold, 'held_at'> & { held_at: Date }

const PAGE = 50
const COLUMNS = 'conversation_id, client_id, reason, held_at, actor, actor_id'

/** $1 the only client that may be seen, or null $2 the client that is asked about, or null $3 the last of the page before $4 how many */
const LIST: Statement = {
  name: 'jobs/list-holds',
  text: `
    SELECT ${COLUMNS} FROM legal_holds
    WHERE ($1::uuid IS NULL OR client_id = $1) AND ($2::uuid IS NULL OR client_id = $2)
      AND ($3::uuid IS NULL
        OR (held_at, conversation_id) < (SELECT held_at, conversation_id FROM legal_holds WHERE conversation_id = $3))
    ORDER BY held_at DESC, conversation_id DESC LIMIT $4::int`,
}

/** $1 conversation $2 client, or null for any $3 reason $4 actor $5 whose id */
const HOLD: Statement = {
  name: 'jobs/hold',
  text: `
    WITH h AS (
      INSERT INTO legal_holds AS k (conversation_id, client_id, reason, actor, actor_id)
      SELECT id, client_id, $3::text, $4::text, $5::uuid FROM conversations
      WHERE id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2)
      ON CONFLICT (conversation_id) DO UPDATE SET reason = EXCLUDED.reason
      RETURNING ${COLUMNS}
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, actor_id, action, details)
      SELECT client_id, conversation_id, $4::text, $5::uuid, 'conversation.held', jsonb_build_object('reason', reason) FROM h
    )
    SELECT * FROM h`,
}

/** $1 conversation $2 client, or null for any $3 actor $4 whose id */
const RELEASE: Statement = {
  name: 'jobs/release',
  text: `
    WITH h AS (
      DELETE FROM legal_holds WHERE conversation_id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2)
      RETURNING conversation_id, client_id
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, actor_id, action)
      SELECT client_id, conversation_id, $3::text, $4::uuid, 'conversation.released' FROM h
    )
    SELECT conversation_id FROM h`,
}

function actorId(by: Actor): string | null {
  return by.actor === 'admin' ? by.actor_id : null
}

function present(row: HoldRow): LegalHold {
  return { ...row, held_at: row.held_at.toISOString() }
}
