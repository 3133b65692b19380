import type { Migration } from './migration.ts'

/**
 * What each model spent in a turn, since one turn may ask several; which tokens we counted ourselves, where a vendor
 * did not tell; answers that came from a cache; and up to which message a conversation is summed up.
 */
export const spending: Migration = {
  name: '008-spending',
  up: (run) =>
    run(`
      ALTER TABLE turns
        ADD COLUMN tokens_estimated int NOT NULL DEFAULT 0,
        ADD COLUMN spent jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN from_cache boolean NOT NULL DEFAULT false;
      ALTER TABLE conversations
        ADD COLUMN cost_total numeric(14, 6) NOT NULL DEFAULT 0,
        ADD COLUMN summary_seq int NOT NULL DEFAULT 0;
      ALTER TABLE api_usage ADD COLUMN tokens_estimated bigint NOT NULL DEFAULT 0;
      ALTER TABLE usage_by_model ADD COLUMN tokens_estimated bigint NOT NULL DEFAULT 0;
    `),
  down: (run) =>
    run(`
      ALTER TABLE usage_by_model DROP COLUMN tokens_estimated;
      ALTER TABLE api_usage DROP COLUMN tokens_estimated;
      ALTER TABLE conversations DROP COLUMN cost_total, DROP COLUMN summary_seq;
      ALTER TABLE turns DROP COLUMN tokens_estimated, DROP COLUMN spent, DROP COLUMN from_cache;
    `),
}
