import assert from 'node:assert/strict'
import { reseal } from '../../../server/infra/reseal.ts'
import { mcpCredentialPlace } from '../../../server/tools/mcp/address.ts'
import { standingOf } from '../../../server/tools/mcp/standing.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { ECHO, startMcpStandIn, type McpStandIn } from '../../support/stand-in-mcp.ts'
import { makeMcpClient, setMcpStage, type McpStage } from './stage.ts'

describe('Who keeps a client’s MCP servers', () => {
  let place: TestDatabase
  let standIn: McpStandIn
  let stage: McpStage
  let clientKey: string
  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())
  beforeEach(async () => {
    standIn = await startMcpStandIn('both')
    stage = setMcpStage(place.database, [standIn.hostAndPort])
    clientKey = (await makeMcpClient(place.database)).clientKey
  })
  afterEach(() => standIn.close())

  const problemOf = (result: { ok: true } | { ok: false; error: { message: string } }) =>
    result.ok ? 'none' : result.error.message
  const approve = (tool: string, hash: string, changes = {}) =>
    stage.tools.approve(
      { client: { api_key: clientKey }, server: { name: 'shop' }, tool: { name: tool } },
      { hash, by: 'Ada', changes },
    )
  const audited = async () => {
    const [rows] = await place.database.sequelize.query(
      'SELECT action, details FROM audit_log a JOIN clients c ON c.id = a.client_id WHERE c.api_key = $1 ORDER BY a.id',
      { bind: [clientKey] },
    )
    return rows as { action: string; details: Record<string, unknown> }[]
  }

  it('adds a server, of which nothing is offered before a person has approved what it saw', async () => {
    const { visitor, clientKey: key } = await makeMcpClient(place.database)
    await stage.connect(key, { name: 'shop', url: standIn.url })
    const { tools } = await stage.look(key, 'shop')
    assert.deepEqual(standingOf(tools['echo']!), { kind: 'new, wants approval' })
    assert.deepEqual(await stage.source().of(visitor.client_id), [])
    const seen = { client: { api_key: key }, server: { name: 'shop' }, tool: { name: 'echo' } }
    const approval = { hash: tools['echo']!.hash.slice(0, 12), by: 'Ada', changes: {} }
    assert.ok((await stage.tools.approve(seen, approval)).ok)
    const [offered] = await stage.source().of(visitor.client_id)
    assert.deepEqual(
      [offered?.definition.name, offered?.policy, offered?.returnsOthersWords],
      ['shop_echo', 'confirm', true],
    )
    const again = (await stage.look(key, 'shop')).tools['echo']!
    assert.deepEqual(standingOf(again), { kind: 'offered' })
    assert.deepEqual([again.approved_by, again.approved?.description], ['Ada', ECHO.description])
  })

  it('cannot approve another hash than that of the tool as it is now, nor what nobody lists', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url })
    const { hash } = (await stage.look(clientKey, 'shop')).tools['echo']!
    for (const wrong of [
      '',
      hash.slice(0, 11),
      `0${hash.slice(1)}`.replace(/^00/, '10'),
      hash.toUpperCase() + '0',
    ])
      assert.match(problemOf(await approve('echo', wrong)), /look at it again/)
    standIn.tools = [{ ...ECHO, description: 'Another.' }]
    await stage.look(clientKey, 'shop')
    assert.match(problemOf(await approve('echo', hash)), /look at it again/)
    assert.match(problemOf(await approve('other', hash)), /not listed/)
    assert.match(problemOf(await approve('echo', hash, { policy: 'always' })), /policy/)
  })

  it('is told the path of what a schema may not have, and cannot approve it', async () => {
    standIn.tools = [{ ...ECHO, inputSchema: { type: 'object', properties: { a: { not: {} } } } }]
    await stage.connect(clientKey, { name: 'shop', url: standIn.url })
    const tool = (await stage.look(clientKey, 'shop')).tools['echo']!
    const problem = 'its input schema/properties/a/not is a keyword that is not known here'
    assert.deepEqual(standingOf(tool), { kind: 'cannot be offered', problem })
    assert.equal(problemOf(await approve('echo', tool.hash)), `It cannot be offered: ${problem}.`)
  })

  it('is told of names that clash, with each other and with other tools', async () => {
    const long = 'x'.repeat(70)
    standIn.tools = [`${long}a`, `${long}b`, 'a.b', 'a_b'].map((name) => ({ ...ECHO, name }))
    await stage.connect(clientKey, {
      name: 'shop',
      url: standIn.url,
      approve: { [`${long}a`]: {}, 'a.b': {} },
    })
    const { tools } = await stage.look(clientKey, 'shop')
    assert.match(problemOf(await approve(`${long}b`, tools[`${long}b`]!.hash)), /called "shop_x+" already/)
    assert.match(problemOf(await approve('a_b', tools['a_b']!.hash)), /called "shop_a_b" already/)
    const client_id = (await stage.find(clientKey, 'shop')).client_id
    const integration_type = 'custom_api' as const
    await stage.models.ClientIntegration.create({ client_id, integration_type, name: 'crm' })
    assert.match(
      problemOf(await stage.servers.add({ api_key: clientKey }, { name: 'crm', url: standIn.url })),
      /"crm" are called/,
    )
  })

  it('leaves out what is listed twice, or cannot be read, and says so', async () => {
    standIn.tools = [
      ECHO,
      { ...ECHO, description: 'Twin.' },
      { ...ECHO, name: 'long', description: 'x'.repeat(9_000) },
    ]
    await stage.connect(clientKey, { name: 'shop', url: standIn.url })
    const { looked, tools } = await stage.look(clientKey, 'shop')
    assert.deepEqual(Object.keys(tools), [])
    assert.deepEqual(
      looked.unreadable.map(({ name }) => name),
      ['long', 'echo'],
    )
  })

  it('cannot add an address that nobody may reach, a twin, or one more than there may be', async () => {
    const add = async (name: string, url: string) =>
      problemOf(await stage.servers.add({ api_key: clientKey }, { name, url }))
    assert.equal(await add('shop', standIn.url), 'none')
    assert.match(await add('shop', standIn.url), /already/)
    assert.match(await add('Shop_1', standIn.url), /name/)
    for (let count = 1; count < 8; count++) assert.equal(await add(`shop${count}`, standIn.url), 'none')
    assert.match(await add('last', standIn.url), /8 servers/)
    assert.match(
      problemOf(await stage.servers.add({ api_key: 'pk_nobody' }, { name: 'a', url: standIn.url })),
      /no such client/,
    )
    const moved = await stage.servers.set(
      { api_key: clientKey },
      { name: 'shop' },
      { url: 'http://169.254.169.254/mcp' },
    )
    assert.match(problemOf(moved), /^url /)
  })

  it('keeps the credential sealed, for its host alone', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url, approve: { echo: {} } })
    const value = 'Bearer canary-credential'
    const kept = await stage.servers.setCredential(
      { api_key: clientKey },
      { name: 'shop' },
      { header: 'Authorization', value },
    )
    assert.ok(kept.ok)
    const { id, credential } = await stage.find(clientKey, 'shop')
    assert.equal(stage.secrets.open(credential ?? '', mcpCredentialPlace(id)), value)
    assert.throws(() => stage.secrets.open(credential ?? '', mcpCredentialPlace(clientKey)))
    const resealed = await reseal(place.database, stage.secrets, mcpCredentialPlace(''))
    assert.deepEqual([resealed.current, resealed.broken], [1, []])

    const samePlace = await stage.servers.set(
      { api_key: clientKey },
      { name: 'shop' },
      { url: `${standIn.url}?a=1` },
    )
    assert.deepEqual(samePlace.ok && samePlace.data, { lostCredential: false })
    const other = await stage.servers.set(
      { api_key: clientKey },
      { name: 'shop' },
      { url: standIn.url.replace('http:', 'https:') },
    )
    assert.deepEqual(other.ok && other.data, { lostCredential: true })
    const { credential: left, credential_header, tools } = await stage.find(clientKey, 'shop')
    assert.deepEqual([left, credential_header, tools], [null, null, []])
    assert.equal(JSON.stringify(await audited()).includes('canary'), false)
  })

  it('takes all approvals back with the URL, and keeps them with anything else', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url, approve: { echo: {} } })
    assert.ok(
      (
        await stage.servers.set(
          { api_key: clientKey },
          { name: 'shop' },
          { tells_visitor: true, url: standIn.url },
        )
      ).ok,
    )
    assert.equal((await stage.find(clientKey, 'shop')).tools?.[0]?.approved_by, 'Ada')
    assert.ok(
      (await stage.servers.set({ api_key: clientKey }, { name: 'shop' }, { url: `${standIn.url}/other` })).ok,
    )
    const { tools, revision } = await stage.find(clientKey, 'shop')
    assert.deepEqual([tools, revision], [[], null])
  })

  it('cannot send the credential in a header that carries the message, or with more lines than one', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url })
    const set = async (header: string, value = 'x') =>
      problemOf(
        await stage.servers.setCredential({ api_key: clientKey }, { name: 'shop' }, { header, value }),
      )
    for (const header of ['Host', 'content-length', 'Mcp-Session-Id', 'Cookie', 'transfer-encoding'])
      assert.match(await set(header), /message itself/)
    assert.match(await set('a b'), /header/)
    for (const value of ['', ' a', 'a\r\nx: y', 'ä']) assert.match(await set('x-key', value), /value/)
    assert.equal(await set('x-key'), 'none')
    assert.ok((await stage.servers.setCredential({ api_key: clientKey }, { name: 'shop' }, null)).ok)
    assert.equal((await stage.find(clientKey, 'shop')).credential, null)
  })

  it('never touches the servers of another client', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url, approve: { echo: {} } })
    const { hash } = (await stage.look(clientKey, 'shop')).tools['echo']!
    const other = await makeMcpClient(place.database)
    const key = other.clientKey
    assert.deepEqual(await stage.servers.list({ api_key: key }), { ok: true, data: [] })
    const tried = [
      await stage.servers.set({ api_key: key }, { name: 'shop' }, { enabled: false }),
      await stage.servers.setCredential({ api_key: key }, { name: 'shop' }, { header: 'x-key', value: 'x' }),
      await stage.servers.remove({ api_key: key }, { name: 'shop' }),
      await stage.tools.set(
        { client: { api_key: key }, server: { name: 'shop' }, tool: { name: 'echo' } },
        { policy: 'write' },
      ),
      await stage.tools.approve(
        { client: { api_key: key }, server: { name: 'shop' }, tool: { name: 'echo' } },
        { hash, by: 'Eve', changes: {} },
      ),
    ]
    for (const result of tried) assert.equal(!result.ok && result.error.code, 'not_found')
    assert.deepEqual(await stage.source().of(other.visitor.client_id), [])
    assert.equal((await stage.find(clientKey, 'shop')).enabled, true)
  })

  it('finds each change in the audit log', async () => {
    await stage.connect(clientKey, { name: 'shop', url: standIn.url, approve: { echo: { policy: 'write' } } })
    await stage.tools.set(
      { client: { api_key: clientKey }, server: { name: 'shop' }, tool: { name: 'echo' } },
      { enabled: false },
    )
    await stage.servers.set({ api_key: clientKey }, { name: 'shop' }, { enabled: false })
    await stage.servers.remove({ api_key: clientKey }, { name: 'shop' })
    const entries = await audited()
    assert.deepEqual(
      entries.map(({ action }) => action),
      [...['mcp_server.added', 'mcp_tool.approved', 'mcp_tool.set', 'mcp_server.set', 'mcp_server.removed']],
    )
    const { tool, by, policy, hash } = entries[1]!.details
    assert.deepEqual([tool, by, policy, String(hash).length], ['echo', 'Ada', 'write', 64])
  })
})
