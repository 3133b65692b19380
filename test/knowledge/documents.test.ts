import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { listDocuments, removeDocument } from '../../server/knowledge/documents.ts'
import { saveDocument } from '../../server/knowledge/ingest.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('The documents of a client', () => {
  let test: TestDatabase
  let client: TestClient
  before(async () => {
    test = await openTestDatabase()
  })
  beforeEach(async () => {
    client = await makeClient(test.database)
  })
  after(() => test.close())

  async function save(title: string, url?: string): Promise<string> {
    const text = `# One\nAbout ${title}.\n\n# Two\nMore.`
    const document = { title, kind: 'markdown' as const, text, ...(url === undefined ? {} : { url }) }
    const saved = await saveDocument(test.database, client.id, document)
    assert.ok(saved.ok)
    return saved.data.id
  }

  const list = async () => (await listDocuments(test.database, client.id)).documents
  const remove = (id: string) => removeDocument(test.database, client.id, id)

  async function version(): Promise<number> {
    const [row] = await test.database.run<{ knowledge_version: number }>(
      { name: 'test/version-of-documents', text: 'SELECT knowledge_version FROM clients WHERE id = $1' },
      [client.id],
    )
    return row!.knowledge_version
  }

  it('are listed, the newest first, with what they hold', async () => {
    const first = await save('Help', 'https://shop.example/help')
    const second = await save('Returns')
    const documents = await list()
    assert.deepEqual(
      documents.map(({ id, title, kind, url, passages }) => ({ id, title, kind, url, passages })),
      [
        { id: second, title: 'Returns', kind: 'markdown', url: null, passages: 2 },
        { id: first, title: 'Help', kind: 'markdown', url: 'https://shop.example/help', passages: 2 },
      ],
    )
    assert.ok(documents.every(({ created_at }) => created_at instanceof Date))
  })

  it('are removed once, with their passages, and the version rises', async () => {
    const id = await save('Help')
    const before = await version()
    const twice = await Promise.all([remove(id), remove(id.toUpperCase())])
    assert.deepEqual(twice.map(({ ok }) => ok).sort(), [false, true])
    assert.deepEqual(await list(), [])
    assert.ok((await version()) > before)
    const again = await version()
    const refused = await remove(id)
    assert.equal(!refused.ok && refused.error.code, 'not_found')
    assert.equal(await version(), again)
  })

  it('are removed by nobody else, and by nothing that is no id', async () => {
    const id = await save('Help')
    const other = await makeClient(test.database)
    for (const refused of [
      await removeDocument(test.database, other.id, id),
      await remove(randomUUID()),
      await remove('%'),
    ]) {
      assert.equal(!refused.ok && refused.error.code, 'not_found')
    }
    assert.equal((await list()).length, 1)
  })

  it('can be saved and removed at once by many, without one waiting for the other for ever', async () => {
    await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        await remove(await save(`Help ${index % 3}`))
      }),
    )
    assert.deepEqual(await list(), [])
  })
})
