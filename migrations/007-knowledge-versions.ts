import type { Migration } from './migration.ts'

/** Counts the changes of a client's knowledge, so that whatever was said with an older one can be told apart. */
export const knowledgeVersions: Migration = {
  name: '007-knowledge-versions',
  up: (run) => run('ALTER TABLE clients ADD COLUMN knowledge_version int NOT NULL DEFAULT 0'),
  down: (run) => run('ALTER TABLE clients DROP COLUMN knowledge_version'),
}
