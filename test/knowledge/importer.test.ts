import assert from 'node:assert/strict'
import { createImporter } from '../../server/knowledge/importer.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('Importing files from outside', () => {
  let test: TestDatabase
  let client: TestClient
  before(async () => {
    test = await openTestDatabase()
    client = await makeClient(test.database)
  })
  after(() => test.close())

  const file = (number: number, text = 'Text.') => ({ bytes: Buffer.from(text), name: `file ${number}.txt` })

  it('takes one after the other, and refuses more than can wait', async () => {
    const importer = createImporter(test.database)
    const sent = Array.from({ length: 12 }, (_, number) => importer.import(client.id, file(number)))
    const codes = (await Promise.all(sent)).map((result) =>
      result.ok ? result.data.change : result.error.code,
    )
    assert.deepEqual(codes, [...Array<string>(8).fill('added'), ...Array<string>(4).fill('rate_limited')])
    const [refused] = (await Promise.all(sent)).flatMap((result) => (result.ok ? [] : [result.error]))
    assert.equal(refused?.retry_after_ms, 5_000)
    const again = await importer.import(client.id, file(20))
    assert.ok(again.ok)
  })

  it('goes on after a file that was refused', async () => {
    const importer = createImporter(test.database)
    const [empty, fine] = await Promise.all([
      importer.import(client.id, file(30, ' ')),
      importer.import(client.id, file(31)),
    ])
    assert.deepEqual([empty.ok, fine.ok], [false, true])
  })
})
