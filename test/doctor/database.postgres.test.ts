import assert from 'node:assert/strict'
import pg from 'pg'
import { after, before, describe, it } from 'mocha'
import { migrations } from '../../migrations/index.ts'
import { readConfig } from '../../server/config/config.ts'
import { examineDatabase } from '../../server/doctor/database.ts'
import { createMigrator } from '../../server/infra/migrator.ts'
import { ensureMessagePartitions } from '../../server/infra/message-partitions.ts'
import { createEmptyDatabase, openAgain } from '../support/databases.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

describe('The doctor, asked about a real Postgres', () => {
  let url: string
  let drop: () => Promise<void>
  before(async () => ({ url, drop } = await createEmptyDatabase()))
  after(() => drop())

  async function findings(change: (url: URL) => void = () => undefined, env: Record<string, string> = {}) {
    const other = new URL(url)
    change(other)
    const told: string[] = []
    for await (const { state, text } of examineDatabase(
      readConfig({ ...SHARED_SECRETS, DATABASE_URL: other.href, ...env }),
    ))
      told.push(`${state}: ${text}`)
    return told
  }

  async function query(sql: string): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return await client.query(sql)
    } finally {
      await client.end()
    }
  }

  it('says that an empty one waits for its migrations, and changes nothing', async () => {
    const told = (await findings()).join('\n')
    assert.match(told, /^ok: Postgres \d+.* answers\.$/m)
    assert.match(told, /^ok: agrees with the database’s$/m)
    assert.match(told, /^warning: (\d+) of \1 migrations wait/m)
    const { rows } = await query(`SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`)
    assert.deepEqual(rows, [{ tables: 0 }])
  })

  it('names a user who may not make tables, and what to grant', async () => {
    const name = `doctor_${crypto.randomUUID().slice(0, 8)}`
    await query(`CREATE ROLE ${name} LOGIN; REVOKE CREATE ON SCHEMA public FROM public`)
    const told = (await findings((other) => (other.username = name))).join('\n')
    assert.match(
      told,
      new RegExp(`^problem: The user ${name} may not .* GRANT CREATE ON SCHEMA public TO "${name}"\\.$`, 'm'),
    )
    await query(`DROP ROLE ${name}`)
  })

  it('warns of a pool that the server cannot serve', async () => {
    const told = (await findings(undefined, { DATABASE_POOL: '500' })).join('\n')
    assert.match(told, /^warning: DATABASE_POOL is 500, but the server has \d+ connections\./m)
  })

  it('finds a schema that is up to date, and warns of days without a partition', async () => {
    const database = await openAgain({ url }, 1)
    await createMigrator(database, migrations).migrate()
    const waiting = (await findings()).join('\n')
    assert.match(waiting, /^warning: The partitions messages_\d{8}, .* are missing/m)
    await ensureMessagePartitions(database)
    await database.close()
    const told = await findings()
    assert.deepEqual([...new Set(told.map((line) => line.split(':')[0]))], ['ok'], told.join('\n'))
  })

  it('names a schema that a newer Parlor made', async () => {
    await query(`INSERT INTO schema_migrations (name) VALUES ('777-tomorrow')`)
    assert.match((await findings()).join('\n'), /^problem: .*newer Parlor \(777-tomorrow\)/m)
    await query(`DELETE FROM schema_migrations WHERE name = '777-tomorrow'`)
  })

  it('names what cannot be reached, in one line and without the password', async () => {
    const nowhere = await findings((other) => (other.pathname = '/nowhere'))
    assert.match(nowhere.join(), /^problem: .*has no database "nowhere"\. Create it/)
    const closed = await findings((other) => {
      other.port = '9'
      other.password = 'hunter2'
    })
    assert.match(closed.join(), /^problem: No database is listening at 127\.0\.0\.1:9\./)
    assert.doesNotMatch(closed.join(), /hunter2/)
  })
})
