import type { Migration } from './migration.ts'

/** With what calls of a client's workflows are signed, and what a visitor is told while one works. */
export const webhooks: Migration = {
  name: '012-webhooks',
  up: (run) =>
    run(`
      ALTER TABLE clients ADD COLUMN webhook_secret text;  -- sealed
      ALTER TABLE client_tools ADD COLUMN label text;
    `),
  down: (run) =>
    run(`
      ALTER TABLE client_tools DROP COLUMN label;
      ALTER TABLE clients DROP COLUMN webhook_secret;
    `),
}
