import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { defineModels } from '../../models/index.ts'
import {
  DOCUMENT_BYTES,
  DocumentImported,
  DocumentsPage,
  type KnowledgeDocument,
} from '../../protocol/knowledge.ts'
import { RATES } from '../../protocol/limits.ts'
import { createSecretKeys } from '../../server/auth/secret-keys.ts'
import { createRateLimits } from '../../server/infra/rate-limit.ts'
import { createSchemaCompiler } from '../../server/infra/validate.ts'
import { createImporter } from '../../server/knowledge/importer.ts'
import { createSearch } from '../../server/knowledge/search.ts'
import { makePdf } from '../knowledge/import/make-pdf.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

const compile = createSchemaCompiler()
const [isImported, isPage] = [compile(DocumentImported), compile(DocumentsPage)]

interface Said {
  change?: string
  document?: KnowledgeDocument
  documents?: KnowledgeDocument[]
  has_more?: boolean
  id?: string
  code?: string
  message?: string
}

describe('The documents of a client, over HTTP', () => {
  let app: AppUnderTest
  let client: TestClient
  let key: string
  before(async () => {
    app = await startApp()
  })
  after(() => app.close())
  beforeEach(async () => {
    client = await makeClient(app.held.database)
    key = await keyOf(client)
  })

  async function keyOf({ api_key }: TestClient): Promise<string> {
    const { database } = app.held
    const made = await createSecretKeys(database, defineModels(database.sequelize)).create(
      { api_key },
      'backend',
    )
    assert.ok(made.ok)
    return made.data.key
  }

  async function ask(method: string, path = '', more: RequestInit = {}, shown: string | null = key) {
    const headers = {
      ...(shown !== null && { authorization: `Bearer ${shown}` }),
      ...(more.headers as object),
    }
    const url = `http://127.0.0.1:${app.port}/api/v1/knowledge/documents${path}`
    const answered = await fetch(url, { ...more, method, headers })
    return { status: answered.status, body: (await answered.json()) as Said, headers: answered.headers }
  }
  const send = (body: string | Buffer, type: string, query = '') =>
    ask('POST', query, { body: body as string, headers: { 'content-type': type } })

  it('are imported, listed and removed', async () => {
    const sent = await send(
      '# Returns\n\nSend it back within 30 days.',
      'text/markdown',
      '?url=https://shop.example/r',
    )
    assert.deepEqual([sent.status, sent.body.change], [200, 'added'])
    assert.ok(isImported(sent.body).ok)
    const { id, created_at, ...rest } = sent.body.document!
    assert.deepEqual(rest, { title: 'Returns', kind: 'markdown', url: 'https://shop.example/r', passages: 1 })
    const [found] = await createSearch(app.held.database)({ client_id: client.id, text: 'returns', limit: 1 })
    assert.equal(found?.content, 'Send it back within 30 days.')

    const listed = await ask('GET')
    assert.ok(isPage(listed.body).ok)
    assert.deepEqual(listed.body, { documents: [{ id, created_at, ...rest }], has_more: false })

    assert.deepEqual((await ask('DELETE', `/${id}`)).body, { id })
    const again = await ask('DELETE', `/${id}`)
    assert.deepEqual([again.status, again.body.code], [404, 'not_found'])
    assert.deepEqual((await ask('GET')).body, { documents: [], has_more: false })
  })

  it('are files of every kind, by their type or name', async () => {
    const pdf = makePdf({ pages: [[{ text: 'Printed.', y: 700 }]] })
    const kinds = [
      await send('<h1>Page</h1><p>Text', 'text/html; charset=utf-8'),
      await send('Plain.', 'text/plain', '?title=Plain'),
      await send(pdf, 'application/pdf', '?name=printed.pdf'),
      await send('# FAQ\n\n## How?\nSo.', 'application/octet-stream', '?name=faq.md'),
    ].map(({ body }) => [body.document?.kind, body.document?.title])
    assert.deepEqual(kinds, [
      ['html', 'Page'],
      ['text', 'Plain'],
      ['pdf', 'printed'],
      ['faq', 'FAQ'],
    ])
  })

  it('change nothing when they come again, and take the place of what they were', async () => {
    const changes = []
    for (const text of ['One.', 'One.', 'Two.'])
      changes.push((await send(text, 'text/plain', '?title=T')).body.change)
    assert.deepEqual(changes, ['added', 'unchanged', 'replaced'])
  })

  it('come by pages, the newest first', async () => {
    for (const number of [1, 2, 3, 4, 5]) await send('Text.', 'text/plain', `?title=Number ${number}`)
    const first = (await ask('GET', '?limit=2')).body
    const second = (await ask('GET', `?limit=2&before=${first.documents?.at(-1)?.id}`)).body
    const third = (await ask('GET', `?limit=2&before=${second.documents?.at(-1)?.id}`)).body
    const titles = [first, second, third].map(({ documents }) =>
      documents?.map(({ title }) => title.slice(-1)).join(''),
    )
    assert.deepEqual(titles, ['54', '32', '1'])
    assert.deepEqual([first.has_more, second.has_more, third.has_more], [true, true, false])
  })

  it('are told to nobody else, nor taken away by them', async () => {
    const { body } = await send('Text.', 'text/plain', '?title=T')
    const other = await keyOf(await makeClient(app.held.database))
    assert.deepEqual((await ask('GET', '', {}, other)).body.documents, [])
    assert.equal((await ask('DELETE', `/${body.document?.id}`, {}, other)).status, 404)
    assert.equal((await ask('GET')).body.documents?.length, 1)
  })

  it('want a secret key, before anything of a file is read', async () => {
    const large = 'x'.repeat(1_000_000)
    for (const shown of [null, 'sk_wrong', client.api_key]) {
      const headers = { 'content-type': 'text/plain' }
      for (const answered of [
        await ask('POST', '', { body: large, headers }, shown),
        await ask('GET', '', {}, shown),
        await ask('DELETE', `/${randomUUID()}`, {}, shown),
      ]) {
        assert.deepEqual([answered.status, answered.body.code], [401, 'unauthorized'])
      }
    }
  })

  it('are refused with a reason that can be understood', async () => {
    const cases: [answered: ReturnType<typeof send>, status: number, code: string, told: RegExp][] = [
      [send('x', 'image/png'), 422, 'document_unreadable', /neither Markdown/],
      [
        send(makePdf({ pages: [[]], locked: true }), 'application/pdf'),
        422,
        'document_unreadable',
        /password/,
      ],
      [send(makePdf({ pages: [[]] }), 'application/pdf'), 422, 'document_unreadable', /pictures/],
      [send(' ', 'text/plain'), 400, 'invalid_payload', /empty/],
      [send('x', 'text/plain', '?url=javascript:alert(1)'), 400, 'invalid_payload', /url/],
      [send('x', 'text/plain', '?colour=red'), 400, 'invalid_payload', /./],
      [ask('GET', '?before=x'), 400, 'invalid_payload', /before/],
      [ask('GET', '?limit=1000'), 400, 'invalid_payload', /limit/],
      [ask('DELETE', '/x'), 404, 'not_found', /no such document/],
    ]
    for (const [answered, status, code, told] of cases) {
      const { body, ...rest } = await answered
      assert.deepEqual([rest.status, body.code], [status, code], body.message)
      assert.match(body.message ?? '', told)
    }
  })

  it('may be large, but not without bound', async () => {
    const text = 'Tents keep you dry. '.repeat(45_000)
    assert.equal((await send(text, 'text/plain', '?title=Large')).body.change, 'added')
    const tooLarge = await send(Buffer.alloc(DOCUMENT_BYTES + 1), 'application/pdf')
    assert.deepEqual([tooLarge.status, tooLarge.body.code], [413, 'payload_too_large'])
  })

  it('are taken from a client as fast as its rate allows', async () => {
    const limited = await startApp(({ database }) => ({
      limits: createRateLimits(() => 0),
      importer: createImporter(database as never),
    }))
    const outer = app
    app = limited
    try {
      key = await keyOf(await makeClient(app.held.database))
      const { most } = RATES.clientDocuments
      const codes = []
      for (let number = 0; number <= most; number++) codes.push((await send(' ', 'text/plain')).body.code)
      assert.deepEqual(codes.slice(0, most), Array<string>(most).fill('invalid_payload'))
      assert.equal(codes[most], 'rate_limited')
    } finally {
      await limited.close()
      app = outer
    }
  })
})
