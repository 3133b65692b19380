import type { Migration } from './migration.ts'

/** Who speaks: visitors and their sessions, the people of the business, and what the latter did. */
export const people: Migration = {
  name: '002-people',
  up: (run) =>
    run(`
      CREATE TABLE visitors (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        user_identifier text,
        name text,
        email text,
        attributes jsonb NOT NULL DEFAULT '{}',
        locale text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX visitors_identifier ON visitors (client_id, user_identifier) WHERE user_identifier IS NOT NULL;

      CREATE TABLE sessions (
        id uuid PRIMARY KEY,
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        visitor_id uuid NOT NULL REFERENCES visitors ON DELETE CASCADE,
        token_hash bytea NOT NULL,
        locale text,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE INDEX sessions_visitor ON sessions (visitor_id);
      CREATE INDEX sessions_client ON sessions (client_id);

      CREATE TABLE admins (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid REFERENCES clients ON DELETE CASCADE,
        email text NOT NULL,
        name text NOT NULL,
        avatar_url text,
        password_hash text NOT NULL,
        role text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'analyst')),
        totp_secret text,
        failed_sign_ins int NOT NULL DEFAULT 0,
        locked_until timestamptz,
        disabled_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
      );
      CREATE UNIQUE INDEX admins_email ON admins (lower(email));

      CREATE TABLE admin_sessions (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        admin_id uuid NOT NULL REFERENCES admins ON DELETE CASCADE,
        family uuid NOT NULL,
        refresh_hash bytea NOT NULL UNIQUE,
        user_agent text,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz
      );
      CREATE INDEX admin_sessions_admin ON admin_sessions (admin_id);
      CREATE INDEX admin_sessions_family ON admin_sessions (family);

      CREATE TABLE audit_log (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        client_id uuid,
        conversation_id uuid,
        actor text NOT NULL CHECK (actor IN ('visitor', 'admin', 'system')),
        actor_id uuid,
        action text NOT NULL,
        details jsonb NOT NULL DEFAULT '{}',
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE INDEX audit_log_client ON audit_log (client_id, at);
      CREATE INDEX audit_log_conversation ON audit_log (conversation_id) WHERE conversation_id IS NOT NULL;
    `),
  down: (run) => run('DROP TABLE audit_log, admin_sessions, admins, sessions, visitors'),
}
