import type { Migration } from './migration.ts'

/** What the agent may do and reach: one catalogue of tools, what each client enables, what was called. */
export const tools: Migration = {
  name: '004-tools',
  up: (run) =>
    run(`
      CREATE TABLE tools (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        tool_name text NOT NULL UNIQUE,
        description text NOT NULL,
        parameters_schema jsonb NOT NULL,
        category text NOT NULL DEFAULT 'general',
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE client_tools (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        tool_id uuid NOT NULL REFERENCES tools ON DELETE CASCADE,
        enabled boolean NOT NULL DEFAULT true,
        n8n_webhook_url text,
        custom_config jsonb NOT NULL DEFAULT '{}',
        policy text NOT NULL DEFAULT 'read' CHECK (policy IN ('read', 'write', 'confirm')),
        idempotent boolean NOT NULL DEFAULT false,
        UNIQUE (client_id, tool_id)
      );
      CREATE TABLE client_integrations (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        integration_type text NOT NULL CHECK (integration_type IN ('shopify', 'woocommerce', 'custom_api', 'database')),
        connection_config jsonb NOT NULL DEFAULT '{}',
        enabled boolean NOT NULL DEFAULT true,
        last_sync_test timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX client_integrations_client ON client_integrations (client_id);
      CREATE TABLE integration_endpoints (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        integration_id uuid NOT NULL REFERENCES client_integrations ON DELETE CASCADE,
        endpoint_name text NOT NULL,
        endpoint_url text NOT NULL,
        method text NOT NULL DEFAULT 'GET' CHECK (method IN ('GET', 'POST', 'PUT', 'PATCH', 'DELETE')),
        description text,
        UNIQUE (integration_id, endpoint_name)
      );
      CREATE TABLE tool_executions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL,
        conversation_id uuid NOT NULL,
        turn int NOT NULL,
        step int NOT NULL,
        call_id text NOT NULL,
        tool_name text NOT NULL,
        parameters jsonb NOT NULL DEFAULT '{}',
        n8n_response jsonb,
        success boolean,                               -- null: begun, and its outcome is not known
        execution_time_ms int,
        "timestamp" timestamptz NOT NULL DEFAULT clock_timestamp(),
        UNIQUE (conversation_id, turn, step, call_id)
      );
      CREATE INDEX tool_executions_client ON tool_executions (client_id, "timestamp");
    `),
  down: (run) =>
    run('DROP TABLE tool_executions, integration_endpoints, client_integrations, client_tools, tools'),
}
