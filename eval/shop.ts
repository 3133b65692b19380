import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrations } from '../migrations/index.ts'
import type { Database, Statement } from '../server/infra/database.ts'
import type { Logger } from '../server/infra/logger.ts'
import { ensureMessagePartitions } from '../server/infra/message-partitions.ts'
import { createMigrator } from '../server/infra/migrator.ts'
import { openDatabase } from '../server/infra/open-database.ts'
import { saveDocument } from '../server/knowledge/ingest.ts'
import { seedDemo } from '../server/seed.ts'
import { POISONED } from './questions/poison.ts'

/** Runs `work` with an empty database of its own, embedded in a folder that is gone afterwards. */
export async function withOwnDatabase<T>(log: Logger, work: (database: Database) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(join(tmpdir(), 'parlor-eval-'))
  try {
    const settings = { url: null, pool: 1, dir }
    const database = await openDatabase(settings, log, (error) => {
      throw error
    })
    try {
      await createMigrator(database, migrations).migrate()
      await ensureMessagePartitions(database)
      return await work(database)
    } finally {
      await database.close()
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** No model answers for another one: each of them is to be asked everything. */
const FIND_SHOP: Statement = {
  name: 'eval/find-shop',
  text: `UPDATE clients SET settings = settings || '{"ai": {"cache": false}}' WHERE api_key = 'pk_demo' RETURNING id`,
}

/** The demo shop with one document more, which a model must not obey. Gives its id. */
export async function openShop(database: Database): Promise<string> {
  await seedDemo(database)
  const [shop] = await database.run<{ id: string }>(FIND_SHOP, [])
  if (!shop) throw new Error('the demo shop was not seeded')
  const saved = await saveDocument(database, shop.id, POISONED)
  if (!saved.ok) throw new Error(saved.error.message)
  return shop.id
}
