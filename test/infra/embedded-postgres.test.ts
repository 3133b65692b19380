import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { openDatabase } from '../../server/infra/open-database.ts'
import { StartError } from '../../server/infra/start-error.ts'
import { makeDataFolder, silentLog } from '../support/databases.ts'

const NUMBER = { name: 'test/number', text: 'SELECT $1::int AS number' }

describe('embedded Postgres', function () {
  // To make one from nothing takes six seconds of a core.
  this.timeout(90_000)
  let dir: string
  let remove: () => Promise<void>
  let losses: StartError[]
  let onLoss: () => void
  beforeEach(async () => {
    ;({ dir, remove } = await makeDataFolder())
    losses = []
    onLoss = () => assert.fail('the database was lost')
  })
  afterEach(() => remove())

  describe('that runs', () => {
    let database: Database
    let place: Awaited<ReturnType<typeof makeDataFolder>>
    before(async () => {
      place = await makeDataFolder()
      database = await open(place.dir)
    })
    after(async () => {
      await database.close()
      await place.remove()
    })

    it('has exactly one connection, which everything uses', async () => {
      await database.run({ name: 'test/mark', text: `SELECT set_config('test.mark', 'mine', false)` }, [])
      const read = { name: 'test/read', text: `SELECT current_setting('test.mark', true) AS mark` }
      const marks = await Promise.all(Array.from({ length: 30 }, () => database.run(read, [])))
      assert.deepEqual(
        marks.flat(),
        Array.from({ length: 30 }, () => ({ mark: 'mine' })),
      )
    })

    it('says that nobody else can reach its data', async () => {
      assert.equal(database.exclusive, true)
      await assert.rejects(open(place.dir), /Another Parlor \(process \d+\) is running on the data directory/)
    })

    it('keeps long values apart', async () => {
      const echo = { name: 'test/echo', text: 'SELECT $1::text AS text' }
      const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(150_000))
      const rows = await Promise.all(texts.map((text) => database.run<{ text: string }>(echo, [text])))
      assert.ok(rows.flat().every(({ text }, index) => text === texts[index]))
    })
  })

  it('keeps what was written when it is closed and opened again, and lets its folder go', async () => {
    const first = await open()
    await first.sequelize.query('CREATE TABLE kept AS SELECT 42 AS number')
    await first.close()
    assert.deepEqual(await readdir(join(dir, 'lock')), [])
    const second = await open()
    const rows = await second.run({ name: 'test/kept', text: 'SELECT number FROM kept' }, [])
    assert.deepEqual(rows, [{ number: 42 }])
    await second.close()
    assert.deepEqual(losses, [])
  })

  it('makes anew what was being made when its process was killed', async () => {
    const fresh = await mkdtemp(join(tmpdir(), 'parlor-test-'))
    await mkdir(join(fresh, 'postgres', 'global'), { recursive: true })
    await writeFile(join(fresh, 'postgres', 'PG_VERSION'), '18\n')
    await writeFile(join(fresh, 'postgres.unfinished'), '')
    const database = await open(fresh)
    assert.deepEqual(await database.run(NUMBER, [1]), [{ number: 1 }])
    await database.close()
    assert.deepEqual((await readdir(fresh)).sort(), ['lock', 'postgres'])
    await rm(fresh, { recursive: true })
  })

  it('says in one line that a damaged database cannot be opened, and lets its folder go', async () => {
    await rm(join(dir, 'postgres', 'global'), { recursive: true })
    await assert.rejects(open(), (error: Error) => {
      assert.ok(error instanceof StartError)
      assert.match(error.message, /cannot be opened: [^\n]+\. Restore the folder from a backup[^\n]+$/)
      return true
    })
    assert.deepEqual(await readdir(join(dir, 'lock')), [])
  })

  it('is unavailable at once, and says so, when it breaks', async () => {
    const lost = new Promise<void>((resolve) => (onLoss = resolve))
    const database = await open()
    const recursion =
      'CREATE FUNCTION deep(i int) RETURNS int LANGUAGE plpgsql AS $$BEGIN RETURN deep(i + 1); END$$'
    await database.sequelize.query(recursion)
    await assert.rejects(database.run({ name: 'test/deep', text: 'SELECT deep(1)' }, []), DatabaseUnavailable)
    await assert.rejects(database.run(NUMBER, [1]), DatabaseUnavailable)
    await lost
    assert.match(
      losses[0]?.message ?? '',
      /^The embedded database stopped: it does not answer any more\. Start/,
    )
    await database.close()
  })

  function open(folder = dir): Promise<Database> {
    return openDatabase({ url: null, dir: folder, pool: 1 }, silentLog, (error) => {
      losses.push(error)
      onLoss()
    })
  }
})
