import type { Migration } from './migration.ts'

/**
 * Sessions in which people of the business try an AI, and what its models were asked there. Their conversations are
 * `is_test` from the first row on: see `server/conversation/current.ts`.
 */
export const testChats: Migration = {
  name: '025-test-chats',
  up: (run) =>
    run(`
      CREATE TABLE test_chats (
        session_id uuid PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        admin_id uuid REFERENCES admins ON DELETE SET NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX test_chats_client ON test_chats (client_id, created_at);

      CREATE TABLE model_calls (
        conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
        number int NOT NULL,
        turn int NOT NULL,
        attempt int NOT NULL,
        provider text NOT NULL,
        model text NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        request jsonb NOT NULL,
        answer jsonb,
        fault text,
        wire jsonb NOT NULL,
        tokens_input int NOT NULL,
        tokens_output int NOT NULL,
        tokens_cached int NOT NULL,
        estimated boolean NOT NULL,
        cost numeric(14, 6) NOT NULL,
        first_word_ms int,
        total_ms int NOT NULL,
        PRIMARY KEY (conversation_id, number)
      );
    `),
  down: (run) => run('DROP TABLE model_calls, test_chats'),
}
