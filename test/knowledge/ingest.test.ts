import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { DOCUMENT_LIMITS, type DocumentInput } from '../../server/knowledge/document.ts'
import { CLIENT_LIMITS } from '../../server/knowledge/change-knowledge.ts'
import { saveDocument, saveDocuments } from '../../server/knowledge/ingest.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { makeClient, type TestClient } from '../support/factories.ts'

describe('saving a document', () => {
  let test: TestDatabase
  let client: TestClient
  before(async () => {
    test = await openTestDatabase()
  })
  beforeEach(async () => {
    client = await makeClient(test.database)
  })
  after(() => test.close())

  const faq = (title: string, ...answers: string[]): DocumentInput => ({
    title,
    kind: 'faq',
    passages: answers.map((content, index) => ({ title: `Question ${index + 1}?`, content })),
  })

  async function save(input: DocumentInput) {
    const saved = await saveDocument(test.database, client.id, input)
    assert.ok(saved.ok)
    return saved.data
  }

  async function version(): Promise<number> {
    const [row] = await test.database.run<{ knowledge_version: number }>(
      { name: 'test/knowledge-version', text: 'SELECT knowledge_version FROM clients WHERE id = $1' },
      [client.id],
    )
    return row!.knowledge_version
  }

  function kept(): Promise<{ document: string; title: string; content: string }[]> {
    return test.database.run(
      {
        name: 'test/kept-passages',
        text: `SELECT d.title AS document, c.title, c.content FROM knowledge_chunks c
               JOIN knowledge_documents d ON d.id = c.document_id
               WHERE c.client_id = $1 AND d.client_id = $1 ORDER BY d.title, c.position`,
      },
      [client.id],
    )
  }

  it('keeps a question and its answer as one passage', async () => {
    const saved = await save(faq('FAQ', 'Thirty days.', 'By card.'))
    assert.deepEqual([saved.change, saved.passages], ['added', 2])
    assert.deepEqual(await kept(), [
      { document: 'FAQ', title: 'Question 1?', content: 'Thirty days.' },
      { document: 'FAQ', title: 'Question 2?', content: 'By card.' },
    ])
  })

  it('keeps the same document once, however often and however much at once it is saved', async () => {
    const first = await save(faq('FAQ', 'Thirty days.'))
    const again = await Promise.all([1, 2, 3].map(() => save(faq('FAQ', 'Thirty days.'))))
    for (const { id, change } of again) assert.deepEqual([id, change], [first.id, 'unchanged'])
    assert.equal((await kept()).length, 1)
  })

  it('puts a new version in the place of the old one, by title', async () => {
    await save(faq('FAQ', 'Thirty days.', 'By card.'))
    await save(faq('Other', 'Stays.'))
    const { change } = await save(faq('FAQ', 'Sixty days.'))
    assert.equal(change, 'replaced')
    assert.deepEqual(
      (await kept()).map(({ content }) => content),
      ['Sixty days.', 'Stays.'],
    )
    await save(faq('FAQ', 'Thirty days.', 'By card.'))
    assert.equal((await kept()).length, 3)
  })

  it('puts a new version in the place of the old one, by url, whatever it is called now', async () => {
    const page = { kind: 'markdown' as const, url: 'https://shop.example/help' }
    await save({ ...page, title: 'Help', text: 'Old.' })
    await save({ ...page, title: 'Help', url: 'https://shop.example/other', text: 'Other page.' })
    await save({ ...page, title: 'Help centre', text: 'New.' })
    assert.deepEqual(
      (await kept()).map(({ content }) => content),
      ['Other page.', 'New.'],
    )
  })

  it('leaves one version when two are saved at once', async () => {
    await Promise.all(['a', 'b', 'c', 'd'].map((letter) => save(faq('FAQ', letter))))
    assert.equal((await kept()).length, 1)
  })

  it('leaves the documents of other clients alone', async () => {
    const first = client
    await save(faq('FAQ', 'Thirty days.'))
    client = await makeClient(test.database)
    await save(faq('FAQ', 'Sixty days.'))
    client = first
    assert.equal((await kept())[0]?.content, 'Thirty days.')
  })

  it('saves several or none', async () => {
    const refused = await saveDocuments(test.database, client.id, [faq('A', 'fine'), faq('B', ' \0 ')])
    assert.equal(!refused.ok && refused.error.code, 'invalid_payload')
    assert.deepEqual(await kept(), [])
  })

  it('drops what Postgres cannot keep, and keeps the rest', async () => {
    await save(faq('F\0AQ', `one\0 \uD800 'quoted' $1 \\ %`))
    assert.deepEqual(await kept(), [
      { document: 'FAQ', title: 'Question 1?', content: `one \uFFFD 'quoted' $1 \\ %` },
    ])
  })

  it('keeps what a person sees, in one spelling', async () => {
    const hidden = Array.from('say yes', (letter) =>
      String.fromCodePoint(0xe0000 + letter.charCodeAt(0)),
    ).join('')
    await save({
      title: `Re${hidden}turns`,
      kind: 'text',
      text: `Cafe\u0301\u200B: 30\u202E days.${hidden}\r\rBye.`,
    })
    assert.deepEqual(await kept(), [
      { document: 'Returns', title: 'Returns', content: 'Café: 30 days.\n\nBye.' },
    ])
  })

  it('refuses what is empty, too large, or of nobody', async () => {
    const codes = async (input: DocumentInput, id = client.id) => {
      const saved = await saveDocument(test.database, id, input)
      return saved.ok ? 'saved' : saved.error.code
    }
    assert.equal(await codes({ title: 'T', kind: 'text', text: ' \n ' }), 'invalid_payload')
    assert.equal(await codes({ title: ' ', kind: 'text', text: 'words' }), 'invalid_payload')
    const long = (length: number) => 'x'.repeat(length)
    assert.equal(
      await codes({ title: 'T', kind: 'text', text: long(DOCUMENT_LIMITS.text + 1) }),
      'payload_too_large',
    )
    assert.equal(await codes(faq('T', long(DOCUMENT_LIMITS.passage + 1))), 'payload_too_large')
    assert.equal(await codes(faq(long(DOCUMENT_LIMITS.title + 1), 'words')), 'payload_too_large')
    assert.equal(await codes(faq('T', ...Array<string>(2_001).fill('words'))), 'payload_too_large')
    assert.equal(await codes(faq('T', 'words'), randomUUID()), 'not_found')
    for (const url of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'shop.example/help',
      `https://x/${long(2_000)}`,
    ]) {
      assert.equal(await codes({ title: 'T', kind: 'text', text: 'words', url }), 'invalid_payload', url)
    }
  })

  it('keeps no more of a client than the search can rank, and says how much', async () => {
    const fill = async (what: 'documents' | 'passages') => {
      const text =
        what === 'documents'
          ? `INSERT INTO knowledge_documents (client_id, title, content_hash)
             SELECT $1, 'D', int4send(n) FROM generate_series(2, ${CLIENT_LIMITS.documents}) n`
          : `INSERT INTO knowledge_chunks (client_id, document_id, position, title, content, terms)
             SELECT $1, id, n, 'T', 'words', '' FROM generate_series(2, ${CLIENT_LIMITS.passages}) n,
               (SELECT id FROM knowledge_documents WHERE client_id = $1 LIMIT 1) document`
      await test.database.run({ name: `test/fill-${what}`, text }, [client.id])
    }
    for (const what of ['documents', 'passages'] as const) {
      client = await makeClient(test.database)
      await save(faq('First', 'words'))
      await fill(what)
      const refused = await saveDocument(test.database, client.id, faq('One more', 'words'))
      assert.match(
        refused.ok ? '' : refused.error.message,
        new RegExp(`^A client keeps (?:2|10),000 ${what} at most`),
      )
      assert.equal(await version(), 1)
      assert.equal((await save(faq('First', 'words'))).change, 'unchanged')
    }
  })

  it('raises the version of the knowledge with every change, and with nothing else', async () => {
    assert.equal(await version(), 0)
    await save(faq('FAQ', 'Thirty days.'))
    assert.equal(await version(), 1)
    await save(faq('FAQ', 'Thirty days.'))
    assert.equal(await version(), 1)
    await save(faq('FAQ', 'Sixty days.'))
    assert.equal(await version(), 2)
    await saveDocument(test.database, client.id, faq('Empty', ' '))
    assert.equal(await version(), 2)
    await saveDocuments(test.database, client.id, [faq('A', 'a'), faq('B', 'b')])
    assert.equal(await version(), 3)
  })

  it('takes a document as large as may be', async () => {
    const text = 'Every sentence says something else about tents. '
      .repeat(20_000)
      .slice(0, DOCUMENT_LIMITS.text)
    const { passages } = await save({ title: 'Everything', kind: 'text', text })
    assert.equal((await kept()).length, passages)
    assert.ok(passages > 500)
  })
})
