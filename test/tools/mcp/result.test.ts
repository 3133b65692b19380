import assert from 'node:assert/strict'
import type { Message } from '../../../server/integrations/mcp/message.ts'
import type { McpFault } from '../../../server/integrations/mcp/post.ts'
import { outcomeOf } from '../../../server/tools/mcp/result.ts'

describe('What an MCP tool gives back', () => {
  const of = (result: Message) => outcomeOf({ ok: true, status: 200, sessionId: null, result })
  const text = (...texts: string[]) => texts.map((one) => ({ type: 'text', text: one }))

  it('is its data, or its text', () => {
    assert.deepEqual(of({ content: text('{"a":2}'), structuredContent: { a: 1 } }), {
      status: 200,
      kind: 'json',
      body: { a: 1 },
    })
    assert.deepEqual(of({ content: text('{"a":2}') }), { status: 200, kind: 'json', body: { a: 2 } })
    assert.deepEqual(of({ content: text('one', 'two {') }), { status: 200, kind: 'text', body: 'one\ntwo {' })
    assert.deepEqual(of({ content: [] }), { status: 200, kind: 'empty', body: null })
    assert.deepEqual(of({ content: 'lie', structuredContent: null }), {
      status: 200,
      kind: 'empty',
      body: null,
    })
  })

  it('has links, and what stands in files, but no pictures, sounds or unknown things', () => {
    const content = [
      { type: 'image', data: 'aaaa', mimeType: 'image/png' },
      { type: 'resource_link', name: 'Terms', uri: 'https://shop.example/terms' },
      { type: 'resource', resource: { uri: 'file:///a', text: 'inside' } },
      { type: 'resource', resource: { uri: 'file:///b', blob: 'aaaa' } },
      { type: 7 },
      null,
    ]
    const body =
      '[image left out]\nTerms https://shop.example/terms\ninside\n[file left out] file:///b\n[something left out]'
    assert.deepEqual(of({ content }), { status: 200, kind: 'text', body })
  })

  it('has its secrets masked, also where it failed', () => {
    const key = 'sk_live_0123456789abcdef'
    const shown = [
      of({ content: text(`Key ${key}`) }),
      of({ content: text(`{"api_key":"x","note":"${key}"}`) }),
      of({ content: [], structuredContent: { token: 'abc' } }),
      of({ content: text(`No: ${key}`), isError: true }),
      outcomeOf({
        ok: true,
        status: 200,
        sessionId: null,
        error: { code: -32_000, message: key, data: null },
      }),
    ]
    assert.equal(JSON.stringify(shown).includes(key), false)
    assert.equal(JSON.stringify(shown).includes('abc'), false)
  })

  it('is a failure in its own words where it says so', () => {
    assert.deepEqual(of({ content: text('No such order.'), isError: true }), {
      failed: 'No such order.',
      sent: true,
    })
    const refused = (code: number) =>
      outcomeOf({
        ok: true,
        status: 200,
        sessionId: null,
        error: { code, message: 'Unknown tool', data: null },
      })
    assert.deepEqual(refused(-32_602), { failed: 'Unknown tool', sent: false })
    assert.deepEqual(refused(-32_603), { failed: 'Unknown tool', sent: true })
    assert.ok('failed' in of({ resultType: 'input_required', inputRequests: {} }))
  })

  it('is a failure where it is larger than a result may be', () => {
    const large = 'x'.repeat(64 * 1024 + 1)
    assert.deepEqual(of({ content: text(large) }), { fault: 'too_large', sent: true })
    assert.deepEqual(of({ content: [], structuredContent: { large } }), { fault: 'too_large', sent: true })
  })

  it('is told by what went wrong where there is nothing', () => {
    const failed = (fault: McpFault, status: number | null = null) =>
      outcomeOf({ ok: false, fault, sent: true, status, detail: '' })
    assert.deepEqual(failed('timeout'), { fault: 'timeout', sent: true })
    assert.deepEqual(failed('unauthorized', 401), { failed: 'It does not let us in.', sent: false })
    assert.deepEqual(failed('status', 503), { status: 503, kind: 'empty', body: null })
    assert.deepEqual(failed('unreadable'), { status: 200, kind: 'unreadable', body: null })
    assert.ok('failed' in failed('rejected'))
  })
})
