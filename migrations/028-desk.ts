import type { Migration } from './migration.ts'

/**
 * What the people of the business keep beside conversations, and what their lists are read by: conversations of all
 * clients, begun last first; the audit log of one client; turns by their time. None of these columns moves.
 */
export const desk: Migration = {
  name: '028-desk',
  up: (run) =>
    run(`
      CREATE TABLE conversation_notes (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
        admin_id uuid NOT NULL,                       -- who wrote it, also when that person is gone
        author jsonb NOT NULL,                        -- as that person was called then
        text text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        changed_at timestamptz
      );
      CREATE INDEX conversation_notes_conversation ON conversation_notes (conversation_id, created_at, id);

      CREATE TABLE canned_replies (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        shortcut text NOT NULL,
        text text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        changed_at timestamptz
      );
      CREATE UNIQUE INDEX canned_replies_shortcut ON canned_replies (client_id, lower(shortcut));

      CREATE INDEX conversations_newest ON conversations (started_at DESC, id DESC);
      CREATE INDEX audit_log_of_client ON audit_log (client_id, id);
      CREATE INDEX turns_time ON turns USING brin (opened_at);
    `),
  down: (run) =>
    run(`
      DROP INDEX turns_time, audit_log_of_client, conversations_newest;
      DROP TABLE canned_replies, conversation_notes;
    `),
}
