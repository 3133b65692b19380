import type { Migration } from './migration.ts'

/**
 * Who waits for a person, since when, until when, and why; and when each person of the business was last seen. The
 * columns of a request mean something only while `handoff` is 'requested', but for the last two: they outlast it.
 */
export const handoff: Migration = {
  name: '009-handoff',
  up: (run) =>
    run(`
      UPDATE conversations SET handoff = 'none' WHERE handoff = 'requested';
      ALTER TABLE conversations
        ADD COLUMN handoff_requested_at timestamptz,        -- the place in the client's queue
        ADD COLUMN handoff_until timestamptz,               -- nobody has come by then: back to 'none'
        ADD COLUMN handoff_by text CHECK (handoff_by IN ('visitor', 'ai', 'rule')),
        ADD COLUMN handoff_reason text,
        ADD COLUMN handoff_turn int NOT NULL DEFAULT 0,     -- conversations.turn when it was last requested
        ADD COLUMN handoff_key text;                        -- what a turn last requested it under: turn.step.call
      CREATE INDEX conversations_waiting ON conversations (client_id, handoff_requested_at, id)
        WHERE handoff = 'requested';
      CREATE INDEX conversations_with_agent ON conversations (client_id) WHERE handoff = 'with_agent';
      ALTER TABLE admins ADD COLUMN last_seen_at timestamptz;
    `),
  down: (run) =>
    run(`
      ALTER TABLE admins DROP COLUMN last_seen_at;
      DROP INDEX conversations_with_agent, conversations_waiting;
      ALTER TABLE conversations DROP COLUMN handoff_requested_at, DROP COLUMN handoff_until, DROP COLUMN handoff_by,
        DROP COLUMN handoff_reason, DROP COLUMN handoff_turn, DROP COLUMN handoff_key;
    `),
}
