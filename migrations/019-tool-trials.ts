import type { Migration } from './migration.ts'

/** What people have tried of a client's tools; and the log of one tool's calls, found at once. */
export const toolTrials: Migration = {
  name: '019-tool-trials',
  up: (run) =>
    run(`
      CREATE TABLE tool_trials (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        tool_id uuid NOT NULL REFERENCES tools ON DELETE CASCADE,
        admin_id uuid REFERENCES admins ON DELETE SET NULL,  -- null: whoever commands the machine, or somebody gone
        parameters jsonb NOT NULL,
        outcome jsonb NOT NULL,
        success boolean NOT NULL,
        content text NOT NULL,                               -- what a model would read
        execution_time_ms int NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX tool_trials_newest ON tool_trials (client_id, tool_id, at);
      CREATE INDEX tool_executions_tool ON tool_executions (client_id, tool_name, "timestamp");
    `),
  down: (run) =>
    run(`
      DROP INDEX tool_executions_tool;
      DROP TABLE tool_trials;
    `),
}
