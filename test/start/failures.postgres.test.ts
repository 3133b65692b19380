import assert from 'node:assert/strict'
import pg from 'pg'
import { createEmptyDatabase } from '../support/databases.ts'
import { runParlor } from '../support/parlor-process.ts'

describe('a start that fails on a real Postgres', function () {
  // Every test starts servers, some several times.
  this.timeout(90_000)
  let url: URL
  let drop: () => Promise<void>
  before(async () => {
    const database = await createEmptyDatabase()
    url = new URL(database.url)
    drop = database.drop
  })
  after(() => drop())

  it('names a database that does not exist', async () => {
    const other = new URL(url)
    other.pathname = '/nowhere'
    const line = await failureOf(other)
    assert.match(line, /has no database "nowhere"\. Create it, or correct DATABASE_URL\.$/)
  })

  it('names a user who may not come in', async () => {
    const other = new URL(url)
    other.username = 'nobody_we_know'
    other.password = 'hunter2'
    const line = await failureOf(other)
    assert.match(line, /(does not let|refused the password of) user "nobody_we_know"/)
    assert.ok(!line.includes('hunter2'))
  })

  it('refuses a schema that a newer Parlor made', async () => {
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query(
      'CREATE TABLE schema_migrations (name text PRIMARY KEY, applied_at timestamptz DEFAULT now())',
    )
    await client.query(`INSERT INTO schema_migrations VALUES ('777-tomorrow')`)
    await client.end()
    const line = await failureOf(url)
    assert.match(line, /was migrated by a newer Parlor \(777-tomorrow\), which this one does not know\./)
  })
})

async function failureOf(url: URL): Promise<string> {
  const { code, err } = await runParlor(['start'], { DATABASE_URL: url.href, PORT: '0' })
  assert.equal(code, 1)
  assert.match(err, /^Parlor cannot run: [^\n]+\n$/, 'it says exactly one line')
  return err.trimEnd()
}
