import type { Migration } from './migration.ts'

/**
 * What usage is computed anew from, and up to when it can be: how many calls a turn made, what erased conversations had
 * used, what each tool did on a day, and before which UTC day a client's usage is written for good.
 */
export const usageSources: Migration = {
  name: '020-usage-sources',
  up: (run) =>
    run(`
      ALTER TABLE turns ADD COLUMN tool_calls int NOT NULL DEFAULT 0;
      UPDATE turns t SET tool_calls = s.calls FROM (
        SELECT conversation_id, turn, sum(jsonb_array_length(body -> 'calls'))::int AS calls
        FROM turn_steps GROUP BY 1, 2
      ) s WHERE s.conversation_id = t.conversation_id AND s.turn = t.number AND t.message_seq IS NOT NULL AND s.calls > 0;

      ALTER TABLE clients ADD COLUMN usage_closed_before date;   -- null: none of its days was closed yet

      CREATE TABLE usage_by_tool (
        client_id uuid NOT NULL,
        date date NOT NULL,
        tool_name text NOT NULL,
        calls bigint NOT NULL DEFAULT 0,
        succeeded bigint NOT NULL DEFAULT 0,
        failed bigint NOT NULL DEFAULT 0,                        -- of the rest the outcome is not known
        time_ms bigint NOT NULL DEFAULT 0,
        longest_ms int NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, date, tool_name)
      );
      CREATE TABLE erased_usage (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        date date NOT NULL,
        conversation_count bigint NOT NULL DEFAULT 0,
        message_count bigint NOT NULL DEFAULT 0,
        tokens_input bigint NOT NULL DEFAULT 0,
        tokens_output bigint NOT NULL DEFAULT 0,
        tokens_estimated bigint NOT NULL DEFAULT 0,
        tool_calls_count bigint NOT NULL DEFAULT 0,
        cost_estimate numeric(18, 6) NOT NULL DEFAULT 0,
        spent jsonb NOT NULL DEFAULT '[]',                       -- as of turns, one after the other
        tools jsonb NOT NULL DEFAULT '[]'                        -- rows of usage_by_tool
      );
      CREATE INDEX erased_usage_client ON erased_usage (client_id, date);
    `),
  down: (run) =>
    run(`
      DROP TABLE erased_usage, usage_by_tool;
      ALTER TABLE clients DROP COLUMN usage_closed_before;
      ALTER TABLE turns DROP COLUMN tool_calls;
    `),
}
