import assert from 'node:assert/strict'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { createMcpClient } from '../../server/integrations/mcp/client.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { startMcpStandIn, type McpStandIn } from '../support/stand-in-mcp.ts'
import { makeMcpClient, setMcpStage } from '../tools/mcp/stage.ts'
import { NAMES, PRIVATE } from './private-addresses.ts'

describe('Addresses of MCP servers', () => {
  let place: TestDatabase
  let standIn: McpStandIn
  before(async () => {
    place = await openTestDatabase()
    standIn = await startMcpStandIn('both')
  })
  after(async () => {
    await standIn.close()
    await place.close()
  })

  it('lead to no connection when they are private or odd: refused when set, or when asked', async () => {
    const { clientKey } = await makeMcpClient(place.database)
    const { servers } = setMcpStage(place.database, [])
    const opened: string[] = []
    const outbound = createOutbound({
      allow: [],
      resolve: (name) => Promise.resolve(NAMES[name] ?? ['127.0.0.1', '::1']),
      open: ({ hostname }, callback) => {
        opened.push(hostname)
        callback(new Error('connected'), null)
      },
    })
    const client = createMcpClient({ outbound, caller: { name: 'Parlor', version: '1' } })
    let named = 0
    for (const url of PRIVATE.map((form) => form.replaceAll('PORT', String(standIn.port)))) {
      const added = await servers.add({ api_key: clientKey }, { name: 'shop', url })
      if (added.ok) {
        named++
        await servers.remove({ api_key: clientKey }, { name: 'shop' })
      } else assert.equal(added.error.code, 'invalid_payload')
      const opening = await client.open({ url, credential: null }, null, new AbortController().signal)
      assert.equal(!opening.ok && opening.fault, 'refused', url)
    }
    assert.ok(named < PRIVATE.length / 5)
    assert.deepEqual([opened, standIn.requests.all], [[], []])
  })
})
