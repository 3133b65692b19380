import type { Migration } from './migration.ts'

/** What each pass of retention did. One runs at a time: its row is its lease. */
export const retentionRuns: Migration = {
  name: '021-retention-runs',
  up: (run) =>
    run(`
      CREATE TABLE retention_runs (
        id uuid PRIMARY KEY,
        state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'lost')),
        dry_run boolean NOT NULL DEFAULT false,
        host text NOT NULL,
        started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        finished_at timestamptz,
        counts jsonb NOT NULL DEFAULT '{}',
        partitions text[] NOT NULL DEFAULT '{}',                 -- days that were dropped whole, as YYYY-MM-DD
        fault text
      );
      CREATE UNIQUE INDEX retention_runs_running ON retention_runs (state) WHERE state = 'running' AND NOT dry_run;
      CREATE INDEX retention_runs_time ON retention_runs (started_at DESC, id DESC);
    `),
  down: (run) => run('DROP TABLE retention_runs'),
}
