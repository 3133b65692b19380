import type { Database } from '../../server/infra/database.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../server/infra/embedded-postgres/index.ts'
import { createPostgres } from '../../server/infra/postgres.ts'

interface Running {
  server: EmbeddedPostgres
  remove: () => Promise<void>
}

/** Emptied, for the next suite: to start one costs two seconds of a core, and there are more than a hundred suites. */
const left: Running[] = []

/** A process that a suite has started for itself ends what it began; nobody comes after it. */
let isFollowed = 'after' in globalThis
if (isFollowed)
  after(async () => {
    isFollowed = false
    for (const running of left.splice(0)) await end(running)
  })

/**
 * An empty embedded database in a data folder as `makeFolder` makes it, or one that another suite has left; the tables
 * must be as they were. Closing leaves it to the next one.
 */
export async function takeEmbedded(
  makeFolder: () => Promise<{ dir: string; remove: () => Promise<void> }>,
): Promise<{ database: Database; close: () => Promise<void> }> {
  const running = left.pop() ?? (await start(makeFolder))
  const database = connect(running)
  return {
    database,
    close: async () => {
      await database.close()
      const isFit = isFollowed && (await empty(running))
      if (isFit && isFollowed) left.push(running)
      else await end(running)
    },
  }
}

async function start(makeFolder: Parameters<typeof takeEmbedded>[0]): Promise<Running> {
  const { dir, remove } = await makeFolder()
  const onLost = (error: Error) => {
    throw error
  }
  return { server: await startEmbeddedPostgres({ dir, onMaking: () => undefined, onLost }), remove }
}

async function end({ server, remove }: Running): Promise<void> {
  await server.close()
  await remove()
}

function connect({ server: { host, port } }: Running): Database {
  const address = { host, port, database: 'postgres', username: 'postgres', tls: false as const }
  return createPostgres({ address, pool: 1, keepsOpen: true, exclusive: true })
}

/** Only what holds something is emptied. Statements and settings are the session's, which outlives its connections. */
const EMPTY = `
  DO $$ DECLARE name text; filled boolean; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN
      SELECT c.oid::regclass::text FROM pg_class c
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
        AND c.relname <> 'schema_migrations'
    LOOP
      EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO filled;
      IF filled THEN EXECUTE 'DELETE FROM ' || name; END IF;
    END LOOP;
  END $$`

/** False: it is broken. */
async function empty(running: Running): Promise<boolean> {
  const database = connect(running)
  try {
    await database.sequelize.query('DISCARD ALL')
    await database.sequelize.query(EMPTY)
    return true
  } catch {
    return false
  } finally {
    await database.close()
  }
}
