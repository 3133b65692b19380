import type { Migration } from './migration.ts'

/** What integrations need to be asked: names, sealed credentials, functions, and a record of recent calls. */
export const integrations: Migration = {
  name: '016-integrations',
  up: (run) =>
    run(`
      ALTER TABLE client_integrations
        ADD COLUMN name text,
        ADD COLUMN credentials text,                    -- sealed
        ADD COLUMN version int NOT NULL DEFAULT 1,
        ADD COLUMN last_verdict jsonb;
      UPDATE client_integrations SET name = integration_type || '_' || left(id::text, 8);
      ALTER TABLE client_integrations ALTER COLUMN name SET NOT NULL;
      DROP INDEX client_integrations_client;
      CREATE UNIQUE INDEX client_integrations_name ON client_integrations (client_id, name);

      ALTER TABLE integration_endpoints
        ADD COLUMN parameters_schema jsonb NOT NULL DEFAULT '{"type": "object"}',
        ADD COLUMN request jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN policy text NOT NULL DEFAULT 'read' CHECK (policy IN ('read', 'write', 'confirm')),
        ADD COLUMN personal boolean NOT NULL DEFAULT false,
        ADD COLUMN user_generated boolean NOT NULL DEFAULT false,
        ADD COLUMN cache_seconds int NOT NULL DEFAULT 0,
        ADD COLUMN label text;

      CREATE TABLE integration_calls (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        integration_id uuid NOT NULL REFERENCES client_integrations ON DELETE CASCADE,
        function_name text NOT NULL,
        problem text,                                   -- null: it went well
        message text,
        cached boolean NOT NULL DEFAULT false,
        execution_time_ms int NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX integration_calls_recent ON integration_calls (integration_id, (problem IS NULL), id);
    `),
  down: (run) =>
    run(`
      DROP TABLE integration_calls;
      ALTER TABLE integration_endpoints
        DROP COLUMN label, DROP COLUMN cache_seconds, DROP COLUMN user_generated, DROP COLUMN personal,
        DROP COLUMN policy, DROP COLUMN request, DROP COLUMN parameters_schema;
      DROP INDEX client_integrations_name;
      CREATE INDEX client_integrations_client ON client_integrations (client_id);
      ALTER TABLE client_integrations
        DROP COLUMN last_verdict, DROP COLUMN version, DROP COLUMN credentials, DROP COLUMN name;
    `),
}
