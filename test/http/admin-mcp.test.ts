import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'mocha'
import { call } from '../../client/call.ts'
import { defineModels, type Models } from '../../models/index.ts'
import type { McpServerRow } from '../../protocol/mcp-keeping.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { makeClient, type TestClient } from '../support/factories.ts'
import { addPerson, JWT_SECRET, type KeptPerson } from '../support/person.ts'
import { ECHO, startMcpStandIn, type McpStandIn } from '../support/stand-in-mcp.ts'
import { codeOf, dataOf } from './outcomes.ts'

const ALL = '/api/admin/clients/:client_id/mcp-servers'
const ONE = `${ALL}/:server_id` as const
const TOOL = `${ONE}/tools/:mcp_tool_id` as const

describe('The MCP servers of clients, over HTTP', () => {
  let app: TestApp
  let standIn: McpStandIn
  let models: Models
  let client: TestClient
  let keeper: KeptPerson
  let made: McpServerRow
  before(async function () {
    this.timeout(60_000)
    standIn = await startMcpStandIn('both')
    app = await startApp({ env: { JWT_SECRET, OUTBOUND_ALLOW: standIn.hostAndPort } })
    models = defineModels(app.place.database.sequelize)
  })
  after(async () => {
    await app.close()
    await standIn.close()
  })
  beforeEach(async () => {
    standIn.tools = [ECHO]
    client = await makeClient(app.place.database)
    keeper = await addPerson(app.place.database, { client, role: 'admin' })
    const body = { name: 'shop', url: standIn.url }
    const added = await call(app, `POST ${ALL}`, { params: { client_id: client.id }, body }, keeper)
    made = dataOf(added).server
  })

  const params = () => ({ client_id: client.id, server_id: made.id })
  const look = async () => dataOf(await call(app, `POST ${ONE}/look`, { params: params() }, keeper))
  const ofTool = (mcp_tool_id: string) => ({ params: { ...params(), mcp_tool_id } })
  const read = async (id: string) => dataOf(await call(app, `GET ${TOOL}`, ofTool(id), keeper))
  const approve = (id: string, hash: string) =>
    call(app, `POST ${TOOL}/approve`, { ...ofTool(id), body: { hash, policy: 'read' } }, keeper)
  const change = (body: { url?: string; enabled?: boolean }) =>
    call(app, `PATCH ${ONE}`, { params: params(), body }, keeper)

  it('are connected, looked at, and approved tool by tool, as somebody saw them', async () => {
    assert.deepEqual([made.tools, made.listed_at], [[], null])
    const { ok, server } = await look()
    const tool = server.tools[0]!
    assert.deepEqual([ok, tool.called, tool.standing], [true, 'shop_echo', 'new'])
    const shown = await read(tool.id)
    assert.deepEqual([shown.changed, shown.lines[0]], [false, 'name: echo'])
    assert.equal(codeOf(await approve(tool.id, tool.hash.replace(/^./, 'x'))), 'invalid_payload')
    assert.equal(codeOf(await approve(tool.id, '0'.repeat(64))), 'invalid_payload')
    const approved = dataOf(await approve(tool.id, tool.hash)).tool
    assert.deepEqual([approved.standing, approved.policy, approved.approved_by], ['offered', 'read', 'Dana'])
    const off = { ...ofTool(tool.id), body: { enabled: false } }
    assert.equal(dataOf(await call(app, `PATCH ${TOOL}`, off, keeper)).tool.standing, 'off')
    const entry = await models.AuditEntry.findOne({ where: { action: 'mcp_tool.approved' } })
    assert.deepEqual([entry?.actor_id, entry?.client_id], [keeper.id, client.id])
  })

  it('show what has changed since a tool was approved, hidden characters too', async () => {
    const [tool] = (await look()).server.tools
    dataOf(await approve(tool!.id, tool!.hash))
    standIn.tools = [{ ...ECHO, description: 'Says it\u200B again.' }]
    const { server } = await look()
    assert.deepEqual(
      [server.tools[0]?.standing, server.tools[0]?.description],
      ['changed', 'Says it<U+200B> again.'],
    )
    const { changed, lines } = await read(tool!.id)
    assert.equal(changed, true)
    assert.ok(lines.includes('+     Says it<U+200B> again.'))
    assert.ok(lines.some((line) => line.startsWith('-')))
    standIn.tools = [{ ...ECHO, inputSchema: { type: 'object', properties: { a: { not: {} } } } }]
    const unfit = (await look()).server.tools[0]
    assert.deepEqual([unfit?.standing, unfit?.problem?.includes('/properties/a/not')], ['unfit', true])
  })

  it('say whether they answer, and why not', async () => {
    const test = async () => dataOf(await call(app, `POST ${ONE}/test`, { params: params() }, keeper))
    assert.match((await test()).message, /^"shop" answers, in revision .* Tools: 1\.$/)
    dataOf(await change({ url: standIn.url.replace('http:', 'https:') }))
    assert.equal((await test()).ok, false)
    const { ok, message, server } = await look()
    assert.equal(ok, false)
    assert.ok(message.includes(server.fault ?? '?'))
  })

  it('keep a credential that nobody reads, for its host alone', async () => {
    const body = { header: 'Authorization', value: 'Bearer canary-4711' }
    const credential = (one: object) =>
      call(app, `PUT ${ONE}/credential`, { params: params(), body: { ...body, ...one } }, keeper)
    const { server } = dataOf(await credential({}))
    assert.equal(server.credential_header, 'authorization')
    assert.equal(codeOf(await credential({ header: 'Host' })), 'invalid_payload')
    const { lost_credential } = dataOf(await change({ url: standIn.url.replace('http:', 'https:') }))
    assert.equal(lost_credential, true)
    dataOf(await credential({}))
    const deleted = await call(app, `DELETE ${ONE}/credential`, { params: params() }, keeper)
    assert.equal(dataOf(deleted).server.credential_header, null)
    const listed = await call(app, `GET ${ALL}`, { params: { client_id: client.id } }, keeper)
    assert.equal(dataOf(listed).servers.length, 1)
    const entries = await models.AuditEntry.findAll({ where: { client_id: client.id } })
    assert.ok(!JSON.stringify([server, listed, entries]).includes('canary'))
    assert.ok(entries.every(({ actor_id }) => actor_id === keeper.id))
  })

  it('are taken away, and are nobody else’s', async () => {
    const [tool] = (await look()).server.tools
    const other = await makeClient(app.place.database)
    const stranger = await addPerson(app.place.database, { client: other, role: 'owner' })
    const foreign = { params: { client_id: other.id, server_id: made.id } }
    const theirs = { params: { ...foreign.params, mcp_tool_id: tool!.id } }
    for (const answer of [
      await call(app, `GET ${ONE}`, foreign, stranger),
      await call(app, `PATCH ${ONE}`, { ...foreign, body: { enabled: false } }, stranger),
      await call(app, `POST ${ONE}/look`, foreign, stranger),
      await call(app, `POST ${ONE}/test`, foreign, stranger),
      await call(app, `GET ${TOOL}`, theirs, stranger),
      await call(app, `POST ${TOOL}/approve`, { ...theirs, body: { hash: tool!.hash } }, stranger),
      await call(app, `DELETE ${ONE}`, foreign, stranger),
    ])
      assert.equal(codeOf(answer), 'not_found')
    const unknown = await call(app, `GET ${TOOL}`, ofTool(client.id), keeper)
    assert.equal(codeOf(unknown), 'not_found')
    assert.deepEqual(dataOf(await call(app, `DELETE ${ONE}`, { params: params() }, keeper)), { id: made.id })
    assert.equal(codeOf(await call(app, `GET ${ONE}`, { params: params() }, keeper)), 'not_found')
  })
})
