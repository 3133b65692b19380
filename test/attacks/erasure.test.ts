import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'mocha'
import { pino } from 'pino'
import type { ReceiptsPage, VisitorErased } from '../../protocol/privacy.ts'
import type { Problem } from '../../protocol/rest.ts'
import { createFolderStore } from '../../server/jobs/archive/folder-store.ts'
import { createArchive } from '../../server/jobs/archive/open-archive.ts'
import { restoreVisitor } from '../../server/jobs/archive/restore.ts'
import { checkUsage } from '../../server/jobs/usage/check-usage.ts'
import { createSecrets } from '../../server/infra/secrets.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, makeSession } from '../support/factories.ts'
import { addPerson, demoClient, JWT_SECRET, type KeptPerson } from '../support/person.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'
import { instantProvider } from './instant-provider.ts'

const WORD = 'xylophonequartz'

/** Every table, but what the migrator and the people themselves have. */
const TABLES = `
  SELECT c.relname AS name FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`

describe('A visitor who is erased', () => {
  let app: TestApp
  let demo: { id: string }
  let admin: KeptPerson
  let folder: string
  const lines: string[] = []

  before(async function () {
    this.timeout(60_000)
    folder = await mkdtemp(join(tmpdir(), 'parlor-archive-'))
    const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) })
    const env = { JWT_SECRET, ARCHIVE_URL: folder }
    app = await startApp({ provider: instantProvider, log, env })
    demo = await demoClient(app.place.database)
    admin = await addPerson(app.place.database, { client: demo, role: 'admin' })
  })
  after(async () => {
    await app.close()
    await rm(folder, { recursive: true })
  })

  const run = <Row extends object>(text: string, values: unknown[] = []) =>
    app.place.database.run<Row>({ name: `test/${text.replaceAll(/\W+/g, '').slice(0, 50)}`, text }, values)

  async function ask(path: string, body?: object): Promise<Response> {
    return fetch(`${app.url}/api/admin${path}`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${admin.token}` } },
      ...(body && { body: JSON.stringify(body) }),
    })
  }
  const about = (visitor: string, verb: string) => ask(`/clients/${demo.id}/visitors/${visitor}/${verb}`)

  /** Somebody who said the word wherever something is kept of visitors; gives the conversation. */
  async function speak(): Promise<{ visitor: string; session: string; conversation: string }> {
    const session = await makeSession(app.place.database, demo, {
      user_identifier: `${WORD}-${crypto.randomUUID()}`,
    })
    const asked = await fetch(`${app.url}/api/v1/chat`, {
      ...{ method: 'POST', headers: { authorization: `Bearer ${session.token}` } },
      body: JSON.stringify({ client_api_key: 'pk_demo', session_id: session.id, message: `I am ${WORD}` }),
    })
    assert.equal(asked.status, 200)
    const [row] = await run<{ id: string }>('SELECT id FROM conversations WHERE session_id = $1', [
      session.id,
    ])
    const said = [session.client_id, row!.id, WORD]
    await run(
      `UPDATE sessions SET attributes = jsonb_build_object('a', $2::text), next_attributes = jsonb_build_object('b', $2::text) WHERE id = $1`,
      [session.id, WORD],
    )
    await run(
      `UPDATE conversations SET attributes = jsonb_build_object('a', $2::text), summary = $2, rating = 4 WHERE id = $1`,
      [row!.id, WORD],
    )
    await run(
      `INSERT INTO contacts (client_id, conversation_id, visitor_id, email) VALUES ($1, $2, $4, $3 || '@x.example')`,
      [...said, session.visitor_id],
    )
    await run(
      `INSERT INTO ratings (client_id, conversation_id, subject, score, comment) VALUES ($1, $2, 'ai', 4, $3)`,
      said,
    )
    await run(
      `INSERT INTO tool_executions (client_id, conversation_id, turn, step, call_id, tool_name, parameters, success, execution_time_ms) VALUES ($1, $2, 1, 0, 'x', 'find', jsonb_build_object('a', $3::text), true, 7)`,
      said,
    )
    await run(
      `INSERT INTO turn_steps (conversation_id, turn, step, attempt, node, answers_to, body, created_at) VALUES ($1, 1, 0, 1, gen_random_uuid(), 1, jsonb_build_object('a', $2::text), now())`,
      said.slice(1),
    )
    await run(
      `INSERT INTO tool_confirmations (call_id, conversation_id, turn, step, attempt, answers_to, tool_name, label, arguments, asked_at, expires_at) VALUES ($1::text || '.1.0.1', $1::uuid, 1, 0, 1, 1, 'find', 'Find', jsonb_build_object('a', $2::text), now(), now())`,
      said.slice(1),
    )
    await run(`INSERT INTO test_chats (session_id, client_id) VALUES ($1, $2)`, [
      session.id,
      session.client_id,
    ])
    await run(
      `INSERT INTO model_calls (conversation_id, number, turn, attempt, provider, model, request, answer, wire, tokens_input, tokens_output, tokens_cached, estimated, cost, total_ms) VALUES ($1, 1, 1, 1, 'x', 'y', jsonb_build_object('a', $2::text), '{}', '{}', 1, 1, 0, false, 0, 1)`,
      said.slice(1),
    )
    await run(
      `INSERT INTO messages_held (id, conversation_id, seq, role, content, "timestamp") VALUES (gen_random_uuid(), $1, 900, 'user', $2, now())`,
      said.slice(1),
    )
    await run(
      `INSERT INTO conversation_notes (conversation_id, admin_id, author, text) VALUES ($1, $2, '{"name": "Dana"}', $3)`,
      [row!.id, admin.id, WORD],
    )
    return { visitor: session.visitor_id, session: session.id, conversation: row!.id }
  }

  /** The tables in which something stands. */
  async function holding(...words: string[]): Promise<string[]> {
    const found: string[] = []
    for (const { name } of await run<{ name: string }>(TABLES)) {
      const text = `SELECT FROM ${name} d WHERE ${words.map((word) => `d::text LIKE '%${word}%'`).join(' OR ')} LIMIT 1`
      if ((await app.place.database.sequelize.query(text))[0].length > 0) found.push(name)
    }
    return found
  }

  it('leaves no row, nothing in a cache and no line in the log; the export made before holds all of it', async () => {
    const { visitor, session, conversation } = await speak()
    const usage = await run('SELECT * FROM api_usage ORDER BY date')
    const tables = await holding(WORD, visitor, session, conversation)
    const exported = await (await about(visitor, 'export')).text()
    const rows = exported
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { table?: string; receipt?: object; row: object })
    assert.ok(rows.pop()?.receipt)
    const withWord = new Set(
      rows.filter(({ row }) => JSON.stringify(row).includes(WORD)).map(({ table }) => table),
    )
    assert.deepEqual(
      (await holding(WORD)).filter((table) => !withWord.has(table)),
      [],
    )
    assert.ok(tables.length >= 15, tables.join())
    assert.ok(!exported.includes('token_hash'))

    const erased = await about(visitor, 'erase')
    assert.equal(erased.status, 200)
    const { receipt } = (await erased.json()) as VisitorErased
    assert.equal(receipt.visitor_id, visitor)
    assert.equal(receipt.counts.find(({ what }) => what === 'messages')?.count, 2)
    assert.deepEqual(await holding(WORD, visitor, session, conversation), [])
    assert.ok(!lines.some((line) => line.includes(WORD)))
    assert.equal((await about(visitor, 'erase')).status, 404)

    assert.deepEqual(await run('SELECT * FROM api_usage ORDER BY date'), usage)
    // What the test wrote behind the heart's back is no use.
    assert.deepEqual(await checkUsage(app.place.database), [])
  })

  it('is proved by receipts that name nobody, which who has the id finds, and no other client', async () => {
    const { visitor } = await speak()
    await (await about(visitor, 'export')).text()
    const { receipt } = (await (await about(visitor, 'erase')).json()) as VisitorErased
    const read = async (query: string, { token } = admin) => {
      const headers = { authorization: `Bearer ${token}` }
      const asked = await fetch(`${app.url}/api/admin/privacy-receipts?${query}`, { headers })
      return (await asked.json()) as ReceiptsPage
    }
    const { receipts } = await read(`visitor_id=${visitor.toUpperCase()}`)
    assert.deepEqual(
      receipts.map(({ kind, actor_id, actor_name }) => [kind, actor_id, actor_name]),
      ['erasure', 'export'].map((kind) => [kind, admin.id, 'Dana']),
    )
    assert.equal(receipts[0]!.id, receipt.id)
    assert.deepEqual(receipts[0]!.counts, receipt.counts)
    assert.ok(!JSON.stringify(await read('')).includes(visitor))

    const first = await read('limit=1')
    assert.deepEqual([first.receipts[0]!.id, first.has_more], [receipt.id, true])
    assert.equal((await read(`limit=1&after=${receipt.id}`)).receipts[0]!.kind, 'export')
    assert.deepEqual((await read(`visitor_id=${crypto.randomUUID()}`)).receipts, [])
    const others = await addPerson(app.place.database, {
      client: await makeClient(app.place.database),
      role: 'admin',
    })
    assert.deepEqual((await read('', others)).receipts, [])
    assert.deepEqual((await read(`client_id=${demo.id}&visitor_id=${visitor}`, others)).receipts, [])
  })

  it('is refused while a conversation is under legal hold, and says why', async () => {
    const { visitor, conversation } = await speak()
    assert.equal((await ask(`/conversations/${conversation}/hold`, { reason: 'Claim 7' })).status, 200)
    const refused = (await (await about(visitor, 'erase')).json()) as Problem
    assert.equal(refused.code, 'conversation_held')
    assert.match(refused.message, /Claim 7/)
    assert.deepEqual((await holding(conversation)).includes('messages'), true)
    assert.equal((await ask(`/conversations/${conversation}/release`)).status, 200)
    assert.equal((await about(visitor, 'erase')).status, 200)
  })

  it('cannot be read in the archive any more, from which all of it came back before', async () => {
    const { visitor, conversation } = await speak()
    const { database } = app.place
    const signal = new AbortController().signal
    const encryption = Buffer.from(SHARED_SECRETS.ENCRYPTION_KEY, 'hex')
    const secrets = createSecrets({ encryption, encryptionPrevious: null })
    const archive = createArchive({ database, secrets, store: createFolderStore(folder) })
    const today = new Date().toISOString().slice(0, 10)
    assert.ok((await archive.keep(today, signal)) >= 2)
    assert.equal(await archive.keep(today, signal), 0)
    const kept = await readdir(join(folder, 'messages', today))
    for (const name of kept)
      assert.ok(!(await readFile(join(folder, 'messages', today, name))).includes(WORD), name)

    await run('DELETE FROM messages WHERE conversation_id = $1', [conversation])
    await run('DELETE FROM conversations WHERE id = $1', [conversation])
    const restored = await restoreVisitor({ database, archive }, visitor, signal)
    assert.deepEqual(restored, { conversations: 1, messages: 2 })
    assert.deepEqual(await restoreVisitor({ database, archive }, visitor, signal), {
      conversations: 0,
      messages: 0,
    })
    assert.equal((await about(visitor, 'erase')).status, 409)
    assert.equal((await ask(`/conversations/${conversation}/release`)).status, 200)
    const exported = await (await about(visitor, 'export')).text()
    assert.match(exported, /"archived messages"/)

    assert.equal((await about(visitor, 'erase')).status, 200)
    assert.deepEqual(await restoreVisitor({ database, archive }, visitor, signal), {
      conversations: 0,
      messages: 0,
    })
    assert.deepEqual(await holding(visitor), [])
  })
})
