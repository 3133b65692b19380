import type { Migration } from './migration.ts'

/** Servers of the Model Context Protocol that clients connected, and what of their tools a person approved. */
export const mcp: Migration = {
  name: '017-mcp',
  up: (run) =>
    run(`
      CREATE TABLE mcp_servers (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        name text NOT NULL,
        url text NOT NULL,
        credential_header text,                        -- null: it needs none
        credential text,                               -- sealed: the header's value
        tells_visitor boolean NOT NULL DEFAULT false,
        enabled boolean NOT NULL DEFAULT true,
        revision text,                                 -- of the protocol, as it was settled last
        looked_at timestamptz,                         -- last tried to list
        listed_at timestamptz,                         -- last listed
        fault text,                                    -- why the last look failed
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (client_id, name)
      );
      CREATE TABLE mcp_tools (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        server_id uuid NOT NULL REFERENCES mcp_servers ON DELETE CASCADE,
        name text NOT NULL,
        description text NOT NULL,
        input_schema jsonb NOT NULL,
        annotations jsonb NOT NULL DEFAULT '{}',
        hash text NOT NULL,                            -- of the four above, as they were listed last
        listed boolean NOT NULL DEFAULT true,          -- false: the last listing had it no more
        approved jsonb,                                -- the four above, as they were approved
        approved_hash text,
        approved_by text,
        approved_at timestamptz,
        policy text NOT NULL DEFAULT 'confirm' CHECK (policy IN ('read', 'write', 'confirm')),
        idempotent boolean NOT NULL DEFAULT false,
        label text,
        enabled boolean NOT NULL DEFAULT true,
        UNIQUE (server_id, name)
      );
    `),
  down: (run) => run('DROP TABLE mcp_tools, mcp_servers'),
}
