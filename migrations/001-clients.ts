import type { Migration } from './migration.ts'

/** The tenants, and the keys with which their own servers speak. */
export const clients: Migration = {
  name: '001-clients',
  up: (run) =>
    run(`
      CREATE TABLE clients (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        name text NOT NULL,
        domain text,
        api_key text NOT NULL UNIQUE,
        plan_type text NOT NULL DEFAULT 'free',
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
        business_info jsonb NOT NULL DEFAULT '{}',
        branding jsonb NOT NULL DEFAULT '{}',
        billing_plan jsonb NOT NULL DEFAULT '{}',
        allowed_origins text[] NOT NULL DEFAULT '{}',
        identity_secret text,
        identity_required boolean NOT NULL DEFAULT false,
        provider text,
        model text,
        locale text,
        settings jsonb NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE TABLE secret_keys (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        name text NOT NULL,
        prefix text NOT NULL,
        key_hash bytea NOT NULL UNIQUE,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        revoked_at timestamptz
      );
      CREATE INDEX secret_keys_client ON secret_keys (client_id);
    `),
  down: (run) => run('DROP TABLE secret_keys, clients'),
}
