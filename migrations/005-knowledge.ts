import type { Migration } from './migration.ts'

/**
 * What the agent may quote. `terms` is made by `server/knowledge` when a passage is saved: English is stemmed by
 * Postgres, Hebrew comes as words with and without their glued prefixes, which no dictionary of Postgres knows.
 */
export const knowledge: Migration = {
  name: '005-knowledge',
  up: (run) =>
    run(`
      CREATE TABLE knowledge_documents (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        title text NOT NULL,
        kind text NOT NULL DEFAULT 'faq' CHECK (kind IN ('faq', 'text', 'markdown', 'html', 'pdf')),
        url text,
        content_hash bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (client_id, content_hash)
      );
      CREATE TABLE knowledge_chunks (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        client_id uuid NOT NULL REFERENCES clients ON DELETE CASCADE,
        document_id uuid NOT NULL REFERENCES knowledge_documents ON DELETE CASCADE,
        position int NOT NULL,
        title text NOT NULL,
        content text NOT NULL,
        terms tsvector NOT NULL,
        UNIQUE (document_id, position)
      );
      CREATE INDEX knowledge_chunks_client ON knowledge_chunks (client_id);
      CREATE INDEX knowledge_chunks_terms ON knowledge_chunks USING gin (terms);
    `),
  down: (run) => run('DROP TABLE knowledge_chunks, knowledge_documents'),
}
