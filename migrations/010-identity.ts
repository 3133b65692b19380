import type { Migration } from './migration.ts'

/**
 * Whether a visitor is who it says. Who only claims to be somebody, and who has proved it, are two visitors: nothing
 * that is known of the one is told to the other.
 */
export const identity: Migration = {
  name: '010-identity',
  up: (run) =>
    run(`
      ALTER TABLE visitors ADD COLUMN proven boolean NOT NULL DEFAULT false;
      DROP INDEX visitors_identifier;
      CREATE UNIQUE INDEX visitors_identifier ON visitors (client_id, user_identifier, proven)
        WHERE user_identifier IS NOT NULL;
    `),
  down: (run) =>
    run(`
      DROP INDEX visitors_identifier;
      UPDATE visitors claimed SET user_identifier = NULL WHERE NOT claimed.proven AND EXISTS (
        SELECT FROM visitors v
        WHERE v.proven AND v.client_id = claimed.client_id AND v.user_identifier = claimed.user_identifier);
      CREATE UNIQUE INDEX visitors_identifier ON visitors (client_id, user_identifier) WHERE user_identifier IS NOT NULL;
      ALTER TABLE visitors DROP COLUMN proven;
    `),
}
