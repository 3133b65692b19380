import type { Migration } from './migration.ts'

/**
 * What visitors, and the pages that they are on, tell beside their messages. What nobody has proved is kept with the
 * session, not the visitor: who claims to be somebody else shares that visitor's row, and is told nothing of it.
 */
export const telling: Migration = {
  name: '018-telling',
  up: (run) =>
    run(`
      ALTER TABLE sessions
        ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}',        -- of the visitor
        ADD COLUMN next_attributes jsonb NOT NULL DEFAULT '{}';   -- of the conversation that is opened next
      ALTER TABLE conversations
        ADD COLUMN attributes jsonb NOT NULL DEFAULT '{}',
        ADD COLUMN rating smallint;                               -- the score that was given last

      DELETE FROM ratings r USING ratings later
        WHERE later.conversation_id = r.conversation_id AND later.subject = r.subject
          AND (later.created_at, later.id) > (r.created_at, r.id);
      DROP INDEX ratings_conversation;
      CREATE UNIQUE INDEX ratings_conversation ON ratings (conversation_id, subject);

      DELETE FROM contacts k USING contacts later
        WHERE later.conversation_id = k.conversation_id AND (later.created_at, later.id) > (k.created_at, k.id);
      CREATE UNIQUE INDEX contacts_conversation ON contacts (conversation_id) WHERE conversation_id IS NOT NULL;
      CREATE INDEX contacts_visitor ON contacts (visitor_id);
    `),
  down: (run) =>
    run(`
      DROP INDEX contacts_visitor, contacts_conversation, ratings_conversation;
      CREATE INDEX ratings_conversation ON ratings (conversation_id);
      ALTER TABLE conversations DROP COLUMN attributes, DROP COLUMN rating;
      ALTER TABLE sessions DROP COLUMN attributes, DROP COLUMN next_attributes;
    `),
}
