import type { Migration } from './migration.ts'

/** The keys of what is archived, one for each visitor; and proof of what was erased and exported, which names nobody. */
export const privacy: Migration = {
  name: '023-privacy',
  up: (run) =>
    run(`
      CREATE TABLE archive_keys (
        id uuid PRIMARY KEY,                           -- the visitor's; it outlives the visitor's row
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        key text NOT NULL,                             -- sealed; without it, nothing of the visitor can be read
        days date[] NOT NULL DEFAULT '{}',             -- whose archives have something of the visitor
        created_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX archive_keys_client ON archive_keys (client_id);
      CREATE TABLE privacy_receipts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind IN ('erasure', 'export')),
        visitor_hash bytea NOT NULL,                   -- SHA-256 of the visitor's id
        actor text NOT NULL CHECK (actor IN ('admin', 'system')),
        actor_id uuid,
        counts jsonb NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX privacy_receipts_client ON privacy_receipts (client_id, at DESC, id DESC);
    `),
  down: (run) => run('DROP TABLE privacy_receipts, archive_keys'),
}
