import type { Migration } from './migration.ts'

/**
 * What the inbox is read by: open conversations, begun last first, of one client or of all; and what was said, or done,
 * a moment ago. None of these columns moves while a conversation is talked in, so its updates stay HOT.
 */
export const inbox: Migration = {
  name: '011-inbox',
  up: (run) =>
    run(`
      CREATE INDEX conversations_inbox ON conversations (client_id, started_at DESC, id DESC) WHERE state <> 'ended';
      CREATE INDEX conversations_inbox_of_all ON conversations (started_at DESC, id DESC) WHERE state <> 'ended';
      CREATE INDEX messages_time ON messages USING brin ("timestamp");
      CREATE INDEX audit_log_time ON audit_log USING brin (at);
    `),
  down: (run) =>
    run('DROP INDEX audit_log_time, messages_time, conversations_inbox_of_all, conversations_inbox'),
}
