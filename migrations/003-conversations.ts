import type { Migration } from './migration.ts'

/**
 * The heart. A conversation's row is its only lock, and the only thing decisions are read from; docs/turns.md
 * tells the whole story. No table here has a foreign key to a conversation on the path of a message: it would
 * cost a look-up per row and buy what the statements of `server/conversation` guarantee already.
 */
export const conversations: Migration = {
  name: '003-conversations',
  up: (run) =>
    run(`
      CREATE TABLE nodes (
        id uuid PRIMARY KEY,
        host text NOT NULL,
        lease_until timestamptz NOT NULL,
        started_at timestamptz NOT NULL DEFAULT now()
      );

      CREATE TABLE conversations (
        id uuid PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
        user_identifier text,
        channel text NOT NULL DEFAULT 'web',
        external_id text,
        is_test boolean NOT NULL DEFAULT false,
        locale text,
        summary text,
        started_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        handoff text NOT NULL DEFAULT 'none' CHECK (handoff IN ('none', 'requested', 'with_agent')),

        state text NOT NULL DEFAULT 'ai' CHECK (state IN ('ai', 'agent', 'ended')),
        epoch int NOT NULL DEFAULT 0,                 -- raised whenever the hand changes: take over, hand back, end
        agent_id uuid,
        last_seq int NOT NULL DEFAULT 0,
        last_at timestamptz NOT NULL DEFAULT now(),   -- timestamp of last_seq; never goes back
        visitor_seq int NOT NULL DEFAULT 0,           -- seq of the last visitor message
        agent_seq int NOT NULL DEFAULT 0,             -- seq of the last agent message
        answered_seq int NOT NULL DEFAULT 0,          -- no AI answer is owed up to here
        turn int NOT NULL DEFAULT 1,                  -- number of the open turn, or of the next one
        turn_open boolean NOT NULL DEFAULT false,     -- queued or running; the next five mean something only while it is
        turn_seq int NOT NULL DEFAULT 0,              -- the message that opened it
        turn_epoch int NOT NULL DEFAULT 0,            -- the epoch it was opened in; lower than epoch: interrupted
        attempt int NOT NULL DEFAULT 0,               -- the fencing token, raised at each claim
        node uuid,                                    -- its owner; null: queued
        stop_turn int NOT NULL DEFAULT 0,             -- equal to turn: the visitor stopped it ...
        stop_seq int NOT NULL DEFAULT 0,              -- ... when this was the last visitor message
        message_count int NOT NULL DEFAULT 0,
        tokens_total bigint NOT NULL DEFAULT 0,
        CONSTRAINT nothing_waits_unseen CHECK (state <> 'ai' OR turn_open OR visitor_seq <= answered_seq),
        CONSTRAINT seq_bounds CHECK (answered_seq <= last_seq AND visitor_seq <= last_seq AND agent_seq <= last_seq)
      ) WITH (fillfactor = 70);                       -- no index on a column that moves: updates stay HOT
      CREATE UNIQUE INDEX conversations_open ON conversations (session_id) WHERE state <> 'ended';
      CREATE INDEX conversations_session ON conversations (session_id, started_at);
      CREATE INDEX conversations_client ON conversations (client_id, started_at);

      CREATE TABLE messages (
        id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        seq int NOT NULL,
        role text NOT NULL CHECK (role IN ('user', 'assistant', 'agent', 'system')),
        content text NOT NULL,
        "timestamp" timestamptz NOT NULL,
        tokens_used int NOT NULL DEFAULT 0,
        client_message_id text,
        author jsonb,
        turn int,
        answers_to int,
        status text CHECK (status IN ('complete', 'stopped', 'interrupted', 'failed')),
        sources jsonb,
        PRIMARY KEY (conversation_id, seq, "timestamp")
      ) PARTITION BY RANGE ("timestamp");

      CREATE TABLE message_receipts (
        session_id uuid NOT NULL,
        client_message_id text NOT NULL,
        conversation_id uuid NOT NULL,
        seq int NOT NULL,
        message_id uuid NOT NULL,
        text_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (session_id, client_message_id)
      );

      CREATE TABLE turns (
        conversation_id uuid NOT NULL,
        number int NOT NULL,
        attempt int NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'complete', 'stopped', 'interrupted', 'failed')),
        node uuid,
        epoch int NOT NULL,
        after_seq int NOT NULL,                       -- opened to answer visitor messages later than this
        answers_to int,
        message_seq int,
        provider text,
        model text,
        prompt_version text,
        variant text,
        tokens_input int NOT NULL DEFAULT 0,
        tokens_output int NOT NULL DEFAULT 0,
        tokens_cached int NOT NULL DEFAULT 0,
        cost numeric(14, 6) NOT NULL DEFAULT 0,
        first_token_ms int,
        total_ms int,
        error text,
        opened_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (conversation_id, number),
        CONSTRAINT one_message_row CHECK ((state IN ('queued', 'running')) = (message_seq IS NULL))
      ) WITH (fillfactor = 80);
      CREATE UNIQUE INDEX turns_open ON turns (conversation_id) WHERE state IN ('queued', 'running');
      CREATE INDEX turns_owner ON turns (node) WHERE state IN ('queued', 'running');

      CREATE TABLE turn_steps (
        conversation_id uuid NOT NULL,
        turn int NOT NULL,
        step int NOT NULL,
        attempt int NOT NULL,
        node uuid NOT NULL,
        answers_to int NOT NULL,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (conversation_id, turn, step)
      );

      CREATE TABLE contacts (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        visitor_id uuid NOT NULL REFERENCES visitors ON DELETE CASCADE,
        conversation_id uuid,
        email text NOT NULL,
        name text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX contacts_client ON contacts (client_id, created_at);

      CREATE TABLE ratings (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        conversation_id uuid NOT NULL,
        subject text NOT NULL CHECK (subject IN ('ai', 'agent')),
        score smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
        comment text,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX ratings_client ON ratings (client_id, created_at);
      CREATE INDEX ratings_conversation ON ratings (conversation_id);
    `),
  down: (run) =>
    run('DROP TABLE ratings, contacts, turn_steps, turns, message_receipts, messages, conversations, nodes'),
}
