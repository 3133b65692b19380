import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrations } from '../../migrations/index.ts'
import type { Database } from '../../server/infra/database.ts'
import { createLogger } from '../../server/infra/logger.ts'
import { ensureMessagePartitions } from '../../server/infra/message-partitions.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { openDatabase } from '../../server/infra/open-database.ts'
import { takeEmbedded } from './embedded-databases.ts'

export interface TestDatabase {
  database: Database
  /** Where it is; undefined when embedded. */
  url?: string
  close(): Promise<void>
}

export const silentLog = createLogger({ level: 'silent', pretty: false })

/** What the suite runs on: `TEST_DATABASE`, else a real Postgres where there is a `TEST_DATABASE_URL`. */
export function testDatabaseKind(): 'postgres' | 'pglite' {
  const kind = process.env['TEST_DATABASE'] ?? (process.env['TEST_DATABASE_URL'] ? 'postgres' : 'pglite')
  if (kind !== 'postgres' && kind !== 'pglite')
    throw new Error(`TEST_DATABASE is neither postgres nor pglite: ${kind}`)
  return kind
}

/** A migrated, empty database of its own. Closing it leaves nothing behind. */
export async function openTestDatabase(settings: { pool?: number } = {}): Promise<TestDatabase> {
  return testDatabaseKind() === 'postgres' ? openOnPostgres(settings.pool ?? 8) : openEmbedded()
}

/** Opens a database by its URL, or an embedded one by its folder, for tests of several processes on one. */
export function openAgain(place: { url?: string; dir?: string }, pool = 8): Promise<Database> {
  return openDatabase({ url: place.url ?? null, dir: place.dir ?? '', pool }, silentLog, (error) => {
    throw error
  })
}

/** A database without any table, on the Postgres of `TEST_DATABASE_URL`. */
export async function createEmptyDatabase(
  template?: string,
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `parlor_test_${crypto.randomUUID().replaceAll('-', '')}`
  await onServer((client) =>
    client.query(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${template}` : ''}`),
  )
  return {
    url: urlOf(name),
    drop: () =>
      onServer(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      }),
  }
}

async function openOnPostgres(pool: number): Promise<TestDatabase> {
  const { url, drop } = await createEmptyDatabase(await ensureTemplateDatabase())
  const database = await openAgain({ url }, pool)
  await ensureMessagePartitions(database)
  return {
    database,
    url,
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

/** The migrated database that others are copied from. Made once per server; an advisory lock makes one of us do it. */
async function ensureTemplateDatabase(): Promise<string> {
  const name = `parlor_template_${await schemaHash()}`
  await onServer(async (client) => {
    await client.query(`SELECT pg_advisory_lock(hashtext('parlor test template'))`)
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [name])
    if (found.rowCount !== 0) return
    await client.query(`DROP DATABASE IF EXISTS ${name}_making`)
    await client.query(`CREATE DATABASE ${name}_making`)
    await migrate({ url: urlOf(`${name}_making`) })
    await client.query(`ALTER DATABASE ${name}_making RENAME TO ${name}`)
  })
  return name
}

/** A data folder with a migrated embedded database in it, for whoever starts on it. */
export async function makeDataFolder(): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), 'parlor-test-'))
  await cp(await ensureTemplateFolder(), dir, { recursive: true })
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) }
}

async function openEmbedded(): Promise<TestDatabase> {
  const embedded = await takeEmbedded(makeDataFolder)
  await ensureMessagePartitions(embedded.database)
  return embedded
}

/** The migrated data folder that others are copied from. It is renamed when whole, so of several makers one wins. */
async function ensureTemplateFolder(): Promise<string> {
  const folder = join(tmpdir(), `parlor-template-${await schemaHash()}`)
  if (await exists(folder)) return folder
  const making = await mkdtemp(`${folder}-`)
  await migrate({ dir: making })
  try {
    await rename(making, folder)
  } catch (error) {
    if (!(await exists(folder))) throw error
    await rm(making, { recursive: true, force: true })
  }
  return folder
}

async function migrate(place: { url?: string; dir?: string }): Promise<void> {
  const database = await openAgain(place, 1)
  try {
    await createMigrator(database, migrations).migrate()
    await ensureMessagePartitions(database)
  } finally {
    await database.close()
  }
}

/** Names the schema by what makes it: a template of another one is never used. */
async function schemaHash(): Promise<string> {
  const folder = join(import.meta.dirname, '../../migrations')
  const hash = createHash('sha256')
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.ts')).sort()) {
    hash.update(name).update(await readFile(join(folder, name)))
  }
  hash.update(await readFile(join(import.meta.dirname, '../../server/infra/message-partitions.ts')))
  hash.update(
    await readFile(join(import.meta.dirname, '../../node_modules/@electric-sql/pglite/package.json')),
  )
  return hash.digest('hex').slice(0, 16)
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl() })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function urlOf(database: string): string {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

function serverUrl(): string {
  const url = process.env['TEST_DATABASE_URL']
  if (!url) throw new Error('TEST_DATABASE=postgres needs TEST_DATABASE_URL')
  return url
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
