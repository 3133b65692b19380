import type { Migration } from './migration.ts'

/**
 * Results that come after their call was answered, and the secret that a newer one has replaced. What such a message
 * says lies apart from `content`, which visitors read.
 */
export const callbacks: Migration = {
  name: '015-callbacks',
  up: (run) =>
    run(`
      ALTER TABLE messages DROP CONSTRAINT messages_role_check;
      ALTER TABLE messages
        ADD COLUMN result jsonb,                                 -- of a tool: its name, arguments, and what it brought
        ADD CONSTRAINT messages_role_check CHECK (role IN ('user', 'assistant', 'agent', 'system', 'tool')),
        ADD CONSTRAINT results_apart
          CHECK (CASE role WHEN 'tool' THEN content = '' AND result IS NOT NULL ELSE result IS NULL END);
      ALTER TABLE tool_executions
        ADD COLUMN late_response jsonb,
        ADD COLUMN late_at timestamptz;
      ALTER TABLE clients
        ADD COLUMN webhook_secret_previous text,                 -- sealed
        ADD COLUMN webhook_secret_previous_until timestamptz;
    `),
  down: (run) =>
    run(`
      ALTER TABLE clients DROP COLUMN webhook_secret_previous_until, DROP COLUMN webhook_secret_previous;
      ALTER TABLE tool_executions DROP COLUMN late_at, DROP COLUMN late_response;
      ALTER TABLE messages DROP CONSTRAINT results_apart, DROP CONSTRAINT messages_role_check, DROP COLUMN result;
      UPDATE messages SET role = 'system' WHERE role = 'tool';
      ALTER TABLE messages
        ADD CONSTRAINT messages_role_check CHECK (role IN ('user', 'assistant', 'agent', 'system'));
    `),
}
