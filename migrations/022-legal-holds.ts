import type { Migration } from './migration.ts'

/**
 * Conversations of which nothing may be removed. Their messages move here when the partition that they lie in is dropped;
 * transcripts read both. A column that `messages` gets later, `messages_held` gets too, and the view is made anew.
 */
export const legalHolds: Migration = {
  name: '022-legal-holds',
  up: (run) =>
    run(`
      CREATE TABLE legal_holds (
        conversation_id uuid PRIMARY KEY REFERENCES conversations,   -- no cascade: what is held cannot be deleted
        client_id uuid NOT NULL REFERENCES clients,
        reason text NOT NULL,
        actor text NOT NULL CHECK (actor IN ('admin', 'system')),
        actor_id uuid,
        held_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX legal_holds_client ON legal_holds (client_id, held_at);
      CREATE TABLE messages_held (
        LIKE messages INCLUDING DEFAULTS INCLUDING CONSTRAINTS,
        PRIMARY KEY (conversation_id, seq),
        FOREIGN KEY (conversation_id) REFERENCES conversations ON DELETE CASCADE
      );
      CREATE VIEW all_messages AS SELECT * FROM messages UNION ALL SELECT * FROM messages_held;
    `),
  down: (run) =>
    run(`
      DROP VIEW all_messages;
      DROP TABLE messages_held, legal_holds;
    `),
}
