import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { createClientDirectory } from '../../server/auth/client-directory.ts'
import { CutOffs, type CutOff, type Holder, type Speakers } from '../../server/auth/cut-offs.ts'
import { DatabaseUnavailable, type Database } from '../../server/infra/database.ts'
import { openTestDatabase, silentLog, type TestDatabase } from '../support/databases.ts'
import { makeClient } from '../support/factories.ts'
import { Inbox } from '../support/inbox.ts'
import { addPerson } from '../support/person.ts'

const DEACTIVATE = { name: 'test/deactivate', text: `UPDATE clients SET status = 'inactive' WHERE id = $1` }
const DISABLE = { name: 'test/disable', text: 'UPDATE admins SET disabled_at = now() WHERE id = $1' }
const REVOKE = {
  name: 'test/revoke',
  text: 'UPDATE admin_sessions SET revoked_at = now() WHERE family = $1',
}
const DELETE = { name: 'test/delete-client', text: 'DELETE FROM clients WHERE id = $1' }

/** Serves these, and remembers who was cut. */
class Serving implements Holder {
  readonly cuts = new Inbox<CutOff>('cut')
  readonly #speakers: Speakers

  constructor(speakers: Speakers) {
    this.#speakers = speakers
  }

  held(): Speakers {
    return this.#speakers
  }

  cut(off: CutOff): void {
    this.cuts.put(off)
  }
}

describe('Those who are shut out', () => {
  let place: TestDatabase
  let running: CutOffs | null = null

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  afterEach(async () => {
    await running?.stop()
    running = null
  })

  function look(holder: Holder, database: Pick<Database, 'run'> = place.database): CutOffs {
    running = new CutOffs({ database, log: silentLog, lookEvery: 10 })
    running.add(holder)
    running.start()
    return running
  }

  it('are found in Postgres, whoever has changed it: clients, people, sign-ins, and what is gone', async () => {
    const [client, gone] = [await makeClient(place.database), await makeClient(place.database)]
    const [dana, noa] = [
      await addPerson(place.database, { client }),
      await addPerson(place.database, { client }),
    ]
    const serving = new Serving({
      clients: [client.id, gone.id],
      admins: [dana.id, noa.id],
      families: [dana.family, noa.family],
    })
    look(serving)
    const cutNext = async (statement: { name: string; text: string }, id: string) => {
      await place.database.run(statement, [id])
      return serving.cuts.take((off) => off.id === id)
    }
    assert.equal((await cutNext(DISABLE, dana.id)).kind, 'admin')
    assert.equal((await cutNext(REVOKE, noa.family)).kind, 'family')
    assert.equal((await cutNext(DEACTIVATE, client.id)).kind, 'client')
    assert.equal((await cutNext(DELETE, gone.id)).kind, 'client')
    const cut = new Set(serving.cuts.all.map(({ id }) => id))
    assert.deepEqual(cut, new Set([dana.id, noa.family, client.id, gone.id]))
  })

  it('are not asked about where nobody speaks for anybody, and all are where many do', async () => {
    const asked: unknown[][] = []
    const database: Pick<Database, 'run'> = {
      run: (statement, values) => {
        asked.push([...values])
        return place.database.run(statement, values)
      },
    }
    const speakers: { clients: string[] } = { clients: [] }
    const offs = look(new Serving(speakers), database)
    await offs.among({})
    assert.deepEqual(asked, [])
    const client = await makeClient(place.database, { status: 'inactive' })
    speakers.clients = [...Array.from({ length: 6_000 }, () => randomUUID()), client.id]
    const found = await offs.among(speakers)
    assert.equal(found.length, 6_001)
  })

  it('are cut here at once by who says so, and told to other nodes', () => {
    const serving = new Serving({})
    const offs = new CutOffs({ database: place.database, log: silentLog })
    offs.add(serving)
    const told: CutOff[] = []
    offs.tellWith((off) => told.push(off))
    const off: CutOff = { kind: 'family', id: randomUUID() }
    offs.cut(off)
    offs.hear({ ...off, kind: 'admin' })
    assert.deepEqual(serving.cuts.all, [off, { ...off, kind: 'admin' }])
    assert.deepEqual(told, [off])
  })

  it('are looked for again once the database is back', async () => {
    const client = await makeClient(place.database, { status: 'inactive' })
    let away = 3
    const serving = new Serving({ clients: [client.id] })
    look(serving, {
      run: (statement, values) =>
        away-- > 0 ? Promise.reject(new DatabaseUnavailable('away')) : place.database.run(statement, values),
    })
    assert.equal((await serving.cuts.take()).id, client.id)
  })

  it('have keys that work no longer, although they were looked up a moment ago', async () => {
    const client = await makeClient(place.database)
    const directory = createClientDirectory(place.database)
    assert.ok(await directory.findByKey(client.api_key))
    assert.ok(await directory.findById(client.id))
    await place.database.run(DEACTIVATE, [client.id])
    assert.ok(await directory.findByKey(client.api_key))
    assert.deepEqual([...new Set(directory.held().clients)], [client.id])
    look(directory)
    const deadline = performance.now() + 5_000
    while ((await directory.findByKey(client.api_key)) !== null) {
      assert.ok(performance.now() < deadline)
      await new Promise(setImmediate)
    }
    assert.equal(await directory.findById(client.id), null)
    assert.deepEqual(directory.held(), { clients: [] })
  })
})
