import type { Migration } from './migration.ts'

/** What was used, per client and UTC day. Kept for ever; written inside the statement that ends a turn. */
export const usage: Migration = {
  name: '006-usage',
  up: (run) =>
    run(`
      CREATE TABLE api_usage (
        id uuid NOT NULL DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL,
        date date NOT NULL,
        conversation_count bigint NOT NULL DEFAULT 0,
        message_count bigint NOT NULL DEFAULT 0,
        tokens_input bigint NOT NULL DEFAULT 0,
        tokens_output bigint NOT NULL DEFAULT 0,
        tool_calls_count bigint NOT NULL DEFAULT 0,
        cost_estimate numeric(18, 6) NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, date)
      ) WITH (fillfactor = 50);
      CREATE TABLE usage_by_model (
        client_id uuid NOT NULL,
        date date NOT NULL,
        provider text NOT NULL,
        model text NOT NULL,
        turns bigint NOT NULL DEFAULT 0,
        tokens_input bigint NOT NULL DEFAULT 0,
        tokens_output bigint NOT NULL DEFAULT 0,
        tokens_cached bigint NOT NULL DEFAULT 0,
        cost_estimate numeric(18, 6) NOT NULL DEFAULT 0,
        PRIMARY KEY (client_id, date, provider, model)
      ) WITH (fillfactor = 50);
    `),
  down: (run) => run('DROP TABLE usage_by_model, api_usage'),
}
