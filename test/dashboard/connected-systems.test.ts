import assert from 'node:assert/strict'
import { askedFor, configOf, filledOf, missingIn } from '../../dashboard/pages/integrations/connection.ts'
import { credentialSets } from '../../dashboard/pages/integrations/credentials.ts'
import { endpointOf, functionDraft } from '../../dashboard/pages/integrations/function-draft.ts'
import { draftOf, requestOf } from '../../dashboard/pages/integrations/request-draft.ts'
import { editedDocument, mediaType, newDocument } from '../../dashboard/pages/knowledge/draft.ts'
import { groupsOf, signOf } from '../../dashboard/pages/mcp/groups.ts'
import { keptOf, NEW_SETTINGS } from '../../dashboard/pages/tools/settings.ts'
import type { McpToolRow } from '../../protocol/mcp-keeping.ts'

describe('The form of a connected system', () => {
  const config = {
    base_url: 'https://api.acme.example',
    auth: { type: 'api_key', in: 'header', name: 'X-Key' },
    headers: { 'X-Shop': 'a' },
  }

  it('shows what is kept, and keeps the same of it', () => {
    assert.deepEqual(configOf('custom_api', filledOf('custom_api', config)), config)
    const database = {
      engine: 'mysql',
      host: 'db',
      port: 3307,
      database: 'shop',
      user: 'r',
      sslmode: 'require',
    }
    assert.deepEqual(configOf('database', filledOf('database', database)), database)
  })

  it('asks only for what the choices so far make needed, and keeps nothing else', () => {
    const filled = filledOf('custom_api', config)
    filled.texts['auth.type'] = 'bearer'
    assert.ok(!askedFor('custom_api', filled).some(({ key }) => key === 'auth.name'))
    assert.deepEqual(configOf('custom_api', filled)['auth'], { type: 'bearer' })
    assert.deepEqual(credentialSets('custom_api', configOf('custom_api', filled)), [['token']])
  })

  it('names the first that is missing', () => {
    assert.equal(missingIn('shopify', filledOf('shopify', {})), 'shop')
    assert.equal(missingIn('custom_api', filledOf('custom_api', config)), null)
  })

  it('keeps a request as it was, without a body where none can be sent', () => {
    const request = {
      ...{ method: 'POST', url: '/orders', query: { number: '{order}' }, body: { a: ['{order}'] } },
      ...{ result_path: '/data/0', result_fields: ['status', 'carrier'] },
    }
    assert.deepEqual(requestOf(draftOf(request)), request)
    const got = requestOf({ ...draftOf(request), method: 'GET' })
    assert.ok(got !== null && !('body' in got))
    assert.equal(requestOf({ ...draftOf(request), body: '{' }), null)
  })

  it('remembers answers of functions that read, and of no others', () => {
    const draft = { ...functionDraft(null), name: 'a', query: 'SELECT 1' }
    assert.equal(endpointOf('database', draft)?.cache_seconds, 300)
    assert.equal(endpointOf('database', { ...draft, policy: 'write' })?.cache_seconds, undefined)
    assert.equal(endpointOf('database', { ...draft, parameters: '{' }), null)
  })
})

describe('The forms of tools and knowledge', () => {
  it('keep an object as configuration, and nothing else', () => {
    assert.deepEqual(keptOf({ ...NEW_SETTINGS, config: '{"a":1}' })?.custom_config, { a: 1 })
    for (const config of ['[1]', 'null', '{']) assert.equal(keptOf({ ...NEW_SETTINGS, config }), null)
  })

  it('leave out questions that nobody wrote, and keep none that is half written', () => {
    const written = { title: 'FAQ', url: '', text: '', passages: [{ title: 'Q', content: 'A' }] }
    const empty = { title: ' ', content: '' }
    const passages = [...written.passages, empty]
    assert.deepEqual(editedDocument({ ...written, passages }), { title: 'FAQ', passages: written.passages })
    assert.equal(newDocument('faq', { ...written, passages: [{ title: 'Q', content: '' }] }), null)
    assert.equal(newDocument('markdown', written), null)
  })

  it('know the type of a file by its name', () => {
    assert.equal(mediaType({ name: 'Returns.MD', type: '' }), 'text/markdown')
    assert.equal(mediaType({ name: 'a.bin', type: '' }), 'application/octet-stream')
  })

  it('put first what waits for a person, and mark only what changed', () => {
    const tools = (['gone', 'offered', 'changed', 'new'] as const).map(
      (standing) => ({ standing }) as McpToolRow,
    )
    assert.deepEqual(
      groupsOf(tools).map(({ group, tools: of }) => [group, of.length]),
      [
        ['wanting', 2],
        ['offered', 1],
        ['gone', 1],
      ],
    )
    assert.equal(signOf('- a list item', false), 'stayed')
    assert.equal(signOf('+ new', true), 'came')
  })
})
