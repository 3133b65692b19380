import type { Migration } from './migration.ts'

/** What visitors were asked before a call was made for them, and what they answered. */
export const confirmations: Migration = {
  name: '014-confirmations',
  up: (run) =>
    run(`
      CREATE TABLE tool_confirmations (
        call_id text PRIMARY KEY,                      -- conversation.turn.step.place: it names one call, for ever
        conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
        turn int NOT NULL,
        step int NOT NULL,
        attempt int NOT NULL,                          -- the last attempt of the turn that came to this question
        answers_to int NOT NULL,                       -- what the visitor wrote later is another answer than yes
        tool_name text NOT NULL,
        label text NOT NULL,
        arguments jsonb NOT NULL,                      -- as the visitor is shown them
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        decided_at timestamptz,
        approved boolean,
        how text CHECK (how IN ('visitor', 'message', 'expired')),
        CONSTRAINT decided_whole CHECK (
          (decided_at IS NULL) = (approved IS NULL) AND (decided_at IS NULL) = (how IS NULL)
        ),
        CONSTRAINT only_visitors_approve CHECK (NOT approved OR how = 'visitor')
      );
      CREATE INDEX tool_confirmations_turn ON tool_confirmations (conversation_id, turn);
    `),
  down: (run) => run('DROP TABLE tool_confirmations'),
}
