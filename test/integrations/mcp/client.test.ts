import assert from 'node:assert/strict'
import { createOutbound } from '../../../server/infra/outbound/index.ts'
import { createMcpClient, type McpClient } from '../../../server/integrations/mcp/client.ts'
import { MCP_LIMITS, type McpLimits } from '../../../server/integrations/mcp/limits.ts'
import type { McpAddress } from '../../../server/integrations/mcp/post.ts'
import type { McpSession } from '../../../server/integrations/mcp/session.ts'
import { ECHO, startMcpStandIn, type McpManner, type McpStandIn } from '../../support/stand-in-mcp.ts'

const { signal } = new AbortController()

describe('An MCP server', () => {
  let standIn: McpStandIn
  let client: McpClient
  let to: McpAddress
  const start = async (manner: McpManner, limits: Partial<McpLimits> = {}, json = false) => {
    standIn = await startMcpStandIn(manner, { json })
    const outbound = createOutbound({ allow: [standIn.hostAndPort] })
    client = createMcpClient({
      ...{ outbound, caller: { name: 'Parlor', version: '1.2.3' }, limits: { ...MCP_LIMITS, ...limits } },
    })
    to = { url: standIn.url, credential: { header: 'authorization', value: 'Bearer secret' } }
  }
  afterEach(() => standIn.close())

  const opened = async (known: string | null = null): Promise<McpSession> => {
    const opening = await client.open(to, known, signal)
    assert.ok(opening.ok, JSON.stringify(opening))
    return opening.session
  }
  const call = (session: McpSession, timeout = 5_000) =>
    client.callTool(
      to,
      session,
      { name: 'echo', given: { text: 'ä' }, meta: { 'parlor/x': 1 }, timeout },
      signal,
    )
  const resultOf = async (session: McpSession) => {
    const posted = await call(session)
    assert.ok(posted.ok && 'result' in posted, JSON.stringify(posted))
    return posted.result['content']
  }

  for (const [manner, json] of [
    ['sessions', false],
    ['sessions', true],
    ['both', false],
    ['both', true],
    ['newest', false],
  ] as const) {
    it(`is listed and called where it speaks ${manner}, in ${json ? 'JSON' : 'streams'}`, async () => {
      await start(manner, {}, json)
      const session = await opened()
      assert.equal(session.revision, manner === 'sessions' ? '2025-11-25' : '2026-07-28')
      assert.equal(session.id === null, manner !== 'sessions')
      const listed = await client.listTools(to, session, signal)
      assert.deepEqual(listed, { ok: true, tools: [ECHO], cut: false })
      assert.deepEqual(await resultOf(session), [{ type: 'text', text: '{"text":"ä"}' }])
      const { headers, message } = standIn.requests.all.at(-1)!
      assert.equal(headers['authorization'], 'Bearer secret')
      assert.equal(headers['mcp-protocol-version'], session.revision)
      assert.equal((message.params?.['_meta'] as Record<string, unknown>)['parlor/x'], 1)
      await client.end(to, session, signal)
    })
  }

  it('that only knows a handshake gets one, and its end is told', async () => {
    await start('sessions')
    const session = await opened()
    await client.end(to, session, signal)
    assert.deepEqual(standIn.methods(), [
      'server/discover',
      'initialize',
      'notifications/initialized',
      'DELETE',
    ])
    const posted = await call(session)
    assert.equal(posted.ok && posted.status, 404)
  })

  it('of which the revision is known is not asked for it', async () => {
    await start('both')
    await call(await opened('2026-07-28'))
    assert.deepEqual(standIn.methods(), ['tools/call'])
    assert.equal((await opened('2025-06-18')).revision, '2025-11-25')
    assert.deepEqual(standIn.methods().slice(1), ['initialize', 'notifications/initialized'])
  })

  it('that has forgotten the revision that we know is asked anew', async () => {
    await start('newest')
    assert.equal((await opened('2025-11-25')).revision, '2026-07-28')
    await standIn.close()
    await start('sessions')
    standIn.instead = (_, response, { message }) => {
      if (message.method !== 'initialize') return 'pass'
      const result = { protocolVersion: '1999-01-01', capabilities: {}, serverInfo: {} }
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
      return true
    }
    const refused = await client.open(to, null, signal)
    assert.equal(!refused.ok && refused.fault, 'unreadable')
    assert.match(!refused.ok ? refused.detail : '', /1999-01-01/)
  })

  it('lists page by page, and no more than is taken', async () => {
    await start('both', { pages: 3, tools: 7 })
    standIn.tools = Array.from({ length: 5 }, (_, index) => ({ ...ECHO, name: `t${index}` }))
    standIn.page = 2
    const listed = async () => {
      const read = await client.listTools(to, await opened(), signal)
      assert.ok(read.ok)
      return [read.tools.length, read.cut]
    }
    assert.deepEqual(await listed(), [5, false])
    standIn.tools = Array.from({ length: 7 }, (_, index) => ({ ...ECHO, name: `t${index}` }))
    assert.deepEqual(await listed(), [6, true])
    standIn.page = 8
    standIn.tools = Array.from({ length: 9 }, (_, index) => ({ ...ECHO, name: `t${index}` }))
    assert.deepEqual(await listed(), [7, true])
  })

  it('that keeps its stream open after the answer is left', async () => {
    await start('both')
    const left = new Promise<void>((resolve) => {
      standIn.instead = (request, response, { message }) => {
        if (message.method !== 'tools/call') return 'pass'
        request.socket.on('close', () => resolve())
        const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: {} }
        const other = { jsonrpc: '2.0', id: 'other', result: { content: 'not ours' } }
        const answer = { jsonrpc: '2.0', id: message.id, result: { content: [] } }
        response.setHeader('content-type', 'text/event-stream')
        response.write(`: hello\r\nid: 1\r\ndata\r\n\r\n`)
        for (const one of [progress, other, answer])
          response.write(`event: message\ndata: ${JSON.stringify(one)}\n\n`)
        return true
      }
    })
    assert.deepEqual(await resultOf(await opened()), [])
    await left
  })

  it('that asks us for something is declined, a few times, and a ping is answered', async () => {
    await start('sessions', { answers: 2 })
    const session = await opened()
    const before = standIn.requests.all.length
    standIn.instead = (_, response, { message }) => {
      if (message.method === undefined) {
        response.writeHead(202).end()
        return true
      }
      response.setHeader('content-type', 'text/event-stream')
      for (const [id, method] of [
        [1, 'ping'],
        [2, 'sampling/createMessage'],
        [3, 'roots/list'],
        [4, 'elicitation/create'],
      ])
        response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', id, method, params: {} })}\n\n`)
      const answers = () => standIn.requests.all.slice(before + 1)
      const wait = setInterval(() => {
        if (answers().length < 2) return
        clearInterval(wait)
        response.end(
          `data: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [] } })}\n\n`,
        )
      }, 5)
      return true
    }
    assert.deepEqual(await resultOf(session), [])
    const answers = standIn.requests.all.slice(before + 1).map(({ message }) => message)
    assert.deepEqual(answers.map(({ id }) => id).sort(), [1, 2])
    assert.deepEqual(answers.find(({ id }) => id === 1)?.result, {})
    assert.equal((answers.find(({ id }) => id === 2)?.error as { code: number }).code, -32_601)
  })

  it('that wants another credential says so, and is told ours by no other name', async () => {
    await start('both')
    standIn.instead = (_, response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
    const refused = await client.open(to, null, signal)
    assert.deepEqual([!refused.ok && refused.fault, !refused.ok && refused.sent], ['unauthorized', false])
    await client.open({ url: standIn.url, credential: { header: 'x-api-key', value: 'k' } }, null, signal)
    const { headers } = standIn.requests.all.at(-1)!
    assert.deepEqual([headers['authorization'], headers['x-api-key']], [undefined, 'k'])
  })

  it('that is huge, hangs, redirects, breaks off or lies fails each in its own words', async () => {
    await start('both', { callBytes: 1_000 })
    const session = await opened()
    const answers: [McpStandIn['instead'], string, boolean][] = [
      [
        (_, response) =>
          response.setHeader('content-type', 'text/event-stream').write(`data: ${'x'.repeat(2_000)}`),
        'too_large',
        true,
      ],
      [
        (_, response) => response.setHeader('content-type', 'text/event-stream').write(': wait\n\n'),
        'timeout',
        true,
      ],
      [
        (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
        'redirected',
        true,
      ],
      [(request) => request.socket.resetAndDestroy(), 'broken', true],
      [(_, response) => response.setHeader('content-type', 'text/html').end('<html>'), 'unreadable', true],
      [
        (_, response) =>
          response.setHeader('content-type', 'application/json').end('{"id":"other","result":{}}'),
        'unreadable',
        true,
      ],
      [
        (_, response) => response.setHeader('content-type', 'text/event-stream').end('data: {"id":\n\n'),
        'unreadable',
        true,
      ],
      [(_, response) => response.writeHead(500).end('broken'), 'status', true],
      [(_, response) => response.writeHead(405).end(), 'status', false],
    ]
    for (const [instead, fault, sent] of answers) {
      standIn.instead = instead
      const posted = await call(session, fault === 'timeout' ? 150 : 5_000)
      assert.deepEqual([!posted.ok && posted.fault, !posted.ok && posted.sent], [fault, sent])
    }
  })

  it('is never reached at a private address that nobody allows', async () => {
    await start('both')
    const closed = createMcpClient({
      outbound: createOutbound({ allow: [] }),
      caller: { name: 'Parlor', version: '1' },
    })
    const opening = await closed.open(to, null, signal)
    assert.equal(!opening.ok && opening.fault, 'refused')
    assert.equal(standIn.requests.all.length, 0)
  })

  it('is left when the turn is broken off', async () => {
    await start('both')
    const session = await opened()
    const turn = new AbortController()
    standIn.instead = () => {
      turn.abort(new Error('stopped'))
      return true
    }
    const called = client.callTool(
      to,
      session,
      { name: 'echo', given: {}, meta: {}, timeout: 5_000 },
      turn.signal,
    )
    await assert.rejects(called, /stopped/)
  })
})
