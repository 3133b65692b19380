import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { defineModels } from '../../models/index.ts'
import type { DocumentRead, KnowledgeTried } from '../../protocol/knowledge-keeping.ts'
import type { DocumentImported, DocumentsPage } from '../../protocol/knowledge.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, type KeptPerson } from '../support/person.ts'

const QUESTIONS = [
  { title: 'Do you sharpen ice skates?', content: 'Yes, on Mondays, while you wait.' },
  { title: 'Do you buy used skates?', content: 'No, only new ones.' },
]

describe('Knowledge, over HTTP', () => {
  let app: TestApp
  let client: { id: string }
  let other: { id: string }
  let admin: KeptPerson
  before(async function () {
    this.timeout(60_000)
    app = await startApp({ env: { JWT_SECRET } })
    const { database } = app.place
    client = await makeClient(database)
    other = await makeClient(database)
    admin = await addPerson(database, { client, role: 'admin' })
  })
  after(() => app.close())

  async function ask<T>(method: string, path: string, body?: object | string): Promise<T> {
    const answer = await fetch(`${app.url}/api/admin/clients/${client.id}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${admin.token}`,
        ...(typeof body === 'string' && { 'content-type': 'text/markdown' }),
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return (await answer.json()) as T
  }
  const write = (title: string, passages: object[] = QUESTIONS, more: object = {}) =>
    ask<DocumentImported>('POST', '/documents', { title, kind: 'faq', passages, ...more })
  const codeOf = async (method: string, path: string, body?: object) =>
    (await ask<{ code?: string }>(method, path, body)).code ?? 'ok'
  const attempt = async (question: string) =>
    (await ask<KnowledgeTried>('POST', '/knowledge/try', { question })).passages

  it('is written, read and edited under one id, and found by what it says now', async () => {
    const { document, change } = await write('Skates')
    assert.deepEqual([change, document.kind, document.passages], ['added', 'faq', 2])
    const read = await ask<DocumentRead>('GET', `/documents/${document.id}`)
    assert.deepEqual(read, { document, passages: QUESTIONS })
    const [best] = await attempt('When do you sharpen skates?')
    assert.deepEqual([best?.document_id, best?.in_prompt], [document.id, true])
    assert.equal(best?.content, QUESTIONS[0]?.content)

    const passages = [{ title: 'Do you repair snowboards?', content: 'Yes, within a week.' }]
    const edited = await ask<DocumentRead>('PUT', `/documents/${document.id}`, { title: 'Repairs', passages })
    assert.deepEqual(edited, { document: { ...document, title: 'Repairs', passages: 1 }, passages })
    assert.deepEqual(await attempt('When do you sharpen skates?'), [])
    assert.equal((await attempt('Can you repair a snowboard?'))[0]?.document_id, document.id)
  })

  it('is imported from a file, listed, searched and removed, each told with who did it', async () => {
    const imported = await ask<DocumentImported>(
      'POST',
      '/documents/import?name=a.md',
      '# Poles\n\nPoles cost 20.',
    )
    await write('Gloves')
    const titles = async (query: string) =>
      (await ask<DocumentsPage>('GET', `/documents${query}`)).documents.map(({ title }) => title)
    assert.deepEqual(await titles('?search=OLE'), ['Poles'])
    assert.deepEqual(await titles('?kind=markdown'), ['Poles'])
    const [newest] = (await ask<DocumentsPage>('GET', '/documents?limit=1')).documents
    assert.equal(newest?.title, 'Gloves')
    assert.equal((await titles(`?limit=1&after=${newest.id}`))[0], 'Poles')
    assert.equal(await codeOf('DELETE', `/documents/${imported.document.id}`), 'ok')
    assert.deepEqual(await titles('?search=Poles'), [])
    const { AuditEntry } = defineModels(app.place.database.sequelize)
    const entries = await AuditEntry.findAll({ where: { client_id: client.id }, order: ['id'] })
    const told = entries.filter(({ action }) => action.startsWith('knowledge.'))
    assert.deepEqual(
      told.map(({ action, actor_id, details }) => [action, actor_id, details['title']]),
      [
        ['knowledge.added', admin.id, 'Skates'],
        ['knowledge.edited', admin.id, 'Repairs'],
        ['knowledge.added', admin.id, 'Poles'],
        ['knowledge.added', admin.id, 'Gloves'],
        ['knowledge.removed', admin.id, 'Poles'],
      ],
    )
  })

  it('refuses what is empty, twice the same, or neither passages nor text', async () => {
    const [one, two] = [await write('One', [QUESTIONS[0]!]), await write('Two', [QUESTIONS[1]!])]
    const edit = (title: string) => ({ title, passages: [QUESTIONS[1]] })
    assert.equal(await codeOf('PUT', `/documents/${one.document.id}`, edit('Two')), 'invalid_payload')
    const still = await ask<DocumentRead>('GET', `/documents/${one.document.id}`)
    assert.deepEqual(still.passages, [QUESTIONS[0]])
    assert.equal(await codeOf('PUT', `/documents/${two.document.id}`, edit('Two')), 'ok')
    for (const body of [
      { title: 'X', kind: 'faq' },
      { title: 'X', kind: 'text', text: 'a', passages: QUESTIONS },
      { title: 'X', kind: 'pdf', text: 'a' },
      { title: 'X', kind: 'faq', passages: [{ title: ' ', content: 'a' }] },
      { title: 'X', kind: 'text', text: 'a', url: 'javascript:alert(1)' },
    ])
      assert.equal(await codeOf('POST', '/documents', body), 'invalid_payload', JSON.stringify(body))
  })

  it('takes a document as long as it may be', async () => {
    const text = 'All about skis. '.repeat(20_000)
    const { document } = await ask<DocumentImported>('POST', '/documents', {
      title: 'Skis',
      kind: 'text',
      text,
    })
    assert.ok(document.passages > 200)
  })

  it('of another client is not found', async () => {
    const { document } = await write('Mine')
    const stranger = await addPerson(app.place.database, { client: other, role: 'admin' })
    const body = JSON.stringify({ title: 'Theirs', passages: QUESTIONS })
    for (const [method, more] of [
      ['GET', {}],
      ['PUT', { body }],
      ['DELETE', {}],
    ] as const) {
      const answer = await fetch(`${app.url}/api/admin/clients/${other.id}/documents/${document.id}`, {
        ...{ method, headers: { authorization: `Bearer ${stranger.token}` } },
        ...more,
      })
      assert.equal(answer.status, 404, method)
    }
    assert.equal(await codeOf('GET', `/documents/${document.id}`), 'ok')
    assert.equal(await codeOf('GET', '/documents/nonsense'), 'not_found')
  })
})
