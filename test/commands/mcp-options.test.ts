import assert from 'node:assert/strict'
import type { McpServer } from '../../models/mcp-server.ts'
import type { McpTool } from '../../models/mcp-tool.ts'
import { readMcpCommand } from '../../server/commands/mcp-options.ts'
import { describeLook, describeServers, describeTool } from '../../server/commands/mcp-report.ts'

const read = (...args: string[]) => readMcpCommand([...args, '--client', 'pk_a'])

describe('The mcp command', () => {
  it('is read from its arguments', () => {
    const client = 'pk_a'
    assert.deepEqual(read('list'), { verb: 'list', client })
    assert.deepEqual(read('add', 'shop', '--url', 'https://a.example', '--tells-visitor', 'yes'), {
      ...{ verb: 'add', client, server: 'shop' },
      given: { name: 'shop', url: 'https://a.example', tells_visitor: true },
    })
    assert.deepEqual(read('look', 'shop', 'a'), { verb: 'look', client, server: 'shop', tool: 'a' })
    const changes = { policy: 'read', idempotent: false, label: null }
    const use = ['--policy', 'read', '--idempotent', 'no', '--label', '']
    assert.deepEqual(read('approve', 'shop', 'a', '--hash', 'f00', ...use), {
      ...{ verb: 'approve', client, server: 'shop', tool: 'a', hash: 'f00', by: null, changes },
    })
    assert.deepEqual(read('set', 'shop', '--enabled', 'maybe'), {
      ...{ verb: 'set', client, server: 'shop', tool: null, changes: { enabled: 'maybe' } },
    })
    assert.deepEqual(read('credential', 'shop', '--header', 'x-key'), {
      ...{ verb: 'credential', client, server: 'shop', header: 'x-key', none: false },
    })
    assert.deepEqual(read('test', 'shop'), { verb: 'test', client, server: 'shop' })
    assert.deepEqual(read('remove', 'shop'), { verb: 'remove', client, server: 'shop' })
  })

  it('is refused where something is missing, or too much', () => {
    for (const args of [
      [],
      ['look'],
      ['list', 'shop'],
      ['approve', 'shop', 'a'],
      ['test', 'shop', 'a'],
      ['dance', 'shop'],
    ])
      assert.equal(read(...args), null)
    for (const args of [
      ['set', 'a', 'b', 'c'],
      ['list', '--token', 'x'],
    ])
      assert.equal(read(...args), null)
    assert.equal(readMcpCommand(['list']), null)
  })

  const definition = {
    ...{ name: 'get', description: 'Says.\u001B[2J', input_schema: { type: 'object' }, annotations: {} },
  }
  const tool = (changes: object = {}) =>
    ({
      ...{ ...definition, listed: true, hash: 'f00', approved: null, approved_hash: null, approved_by: null },
      ...{ policy: 'confirm', idempotent: false, enabled: true, label: null, ...changes },
    }) as object as McpTool
  const server = (tools: McpTool[]) =>
    ({
      ...{
        name: 'shop',
        url: 'https://a.example',
        enabled: true,
        credential_header: 'x-key',
        tells_visitor: false,
      },
      ...{ listed_at: new Date(0), fault: 'it refuses: \u202Eno', tools },
    }) as object as McpServer

  it('shows a person all that is new, with nothing that hides or steers the terminal', () => {
    const shown = describeLook(server([tool()]), [{ name: 'x\u0007', problem: 'has no input schema' }], true)
    assert.match(
      shown,
      /credential in x-key, listed 1970-01-01T00:00:00\.000Z, last look failed: it refuses: <U\+202E>no/,
    )
    assert.match(shown, /get {2}new, wants approval\n {4}for the model: shop_get\n {4}hash: f00\n/)
    assert.match(shown, /\| {5}Says\.<U\+001B>\[2J/)
    assert.match(shown, /x<U\+0007> {2}left out: it has no input schema\n.*There is more/)
    assert.equal(/[^\P{C}\n]/u.test(shown), false)
  })

  it('shows what changed of what was approved, and one line of what did not', () => {
    const approved = {
      approved: { ...definition, description: 'Said.' },
      approved_hash: 'bar',
      approved_by: 'Ada',
    }
    const changed = tool(approved)
    assert.match(
      describeTool(server([changed]), changed),
      /changed, wants approval.*approved by Ada[^]*- {5}Said\.\n.*\+ {5}Says/,
    )
    const same = tool({ ...approved, approved_hash: 'f00', policy: 'read', label: 'Looking' })
    assert.match(
      describeLook(server([same]), [], false),
      /\n {2}get {2}offered {2}read, approved by Ada {2}Looking$/,
    )
    assert.match(describeServers([server([tool({ listed: false })])]), /\n {2}get {2}gone$/)
    const unfit = tool({ input_schema: { type: 'object', properties: { a: { oneOf: [] } } } })
    assert.match(
      describeServers([server([unfit])]),
      /cannot be offered: its input schema\/properties\/a\/oneOf is/,
    )
    assert.match(describeServers([]), /no MCP servers/)
  })
})
