import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import type { OutgoingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { after, before, describe, it } from 'mocha'
import { contrast, parseColour, READABLE } from '../../protocol/contrast.ts'
import type { Given } from '../../protocol/look.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { makeClient } from '../support/factories.ts'
import { ask } from './raw-http.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

/** Stands in for the loader: it tells what it was given. */
const LOADER = `(function(){seen=typeof PARLOR_GIVEN>"u"?null:PARLOR_GIVEN})();//${'x'.repeat(2_000)}`

describe('The script with a key', () => {
  let app: AppUnderTest
  let broken = false
  before(async function () {
    this.timeout(60_000)
    app = await startApp(({ directory, config }) => ({
      config: { ...config, http: { publicUrl: 'https://chat.example/' } },
      directory: {
        ...directory,
        findByKey: (key) =>
          broken ? Promise.reject(new DatabaseUnavailable('away')) : directory.findByKey(key),
      },
    }))
    await writeFile(join(app.publicDir, 'widget.js'), LOADER)
  })
  after(() => app.close())

  const get = (key: string, headers: OutgoingHttpHeaders = {}) =>
    ask(app.port, `/widget.js?key=${encodeURIComponent(key)}`, { headers })

  /** What the loader is given, and the globals that the script leaves. */
  const run = (script: string) => {
    const page: { seen?: Given | null } = {}
    runInNewContext(script, page)
    return { given: page.seen, globals: Object.keys(page) }
  }

  it('brings the look of the client along, and where and whose it is, without a global', async () => {
    const branding = { color: '#ffe066', agent_name: 'Bee', position: 'left' }
    const { api_key } = await makeClient(app.held.database, { branding })
    const { body, headers } = await get(api_key)
    const { given, globals } = run(body)
    assert.deepEqual(globals, ['seen'])
    const { look, ...whose } = given!
    assert.deepEqual(whose, { origin: 'https://chat.example', client_key: api_key })
    assert.deepEqual(
      { ...look, on_color: '' },
      { color: '#ffe066', on_color: '', name: 'Bee', position: 'left' },
    )
    assert.ok(contrast(parseColour(look.on_color)!, parseColour(look.color)!) >= READABLE)
    assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin')
    assert.equal(headers['access-control-allow-origin'], '*')
  })

  it('is no way out of the script for what a client is called', async () => {
    const name = '</script><!--\u2028`${alert(1)}`\\"})(),alert(1)//'
    const { api_key } = await makeClient(app.held.database, { name, branding: { color: '"</script>' } })
    const { body } = await get(api_key)
    const { given, globals } = run(body)
    assert.equal(given!.look.name, name)
    assert.match(given!.look.color, /^#[0-9a-f]{6}$/)
    assert.deepEqual(globals, ['seen'])
    assert.doesNotMatch(body, /<\/script|<!--|\u2028/)
  })

  it('is asked about again after five minutes, and sent anew when the look or the loader has changed', async () => {
    const { api_key } = await makeClient(app.held.database, { branding: { color: '#112233' } })
    const other = await makeClient(app.held.database, { branding: { color: '#112234' } })
    const first = await get(api_key, { 'accept-encoding': 'gzip' })
    assert.equal(first.headers['cache-control'], 'public, max-age=300')
    assert.equal(first.headers['content-encoding'], 'gzip')
    const { etag } = first.headers
    const again = await get(api_key, { 'if-none-match': etag })
    assert.deepEqual([again.status, again.body], [304, ''])
    assert.notEqual((await get(other.api_key)).headers.etag, etag)
    await writeFile(join(app.publicDir, 'widget.js'), `${LOADER}2`)
    const changed = await get(api_key, { 'if-none-match': etag })
    assert.equal(changed.status, 200)
    assert.ok(changed.body.includes(`${LOADER}2`))
    await writeFile(join(app.publicDir, 'widget.js'), LOADER)
  })

  it('is the same for all encodings', async () => {
    const { api_key } = await makeClient(app.held.database)
    const plain = await get(api_key)
    const zipped = await fetch(`http://127.0.0.1:${app.port}/widget.js?key=${api_key}`, {
      headers: { 'accept-encoding': 'gzip' },
    })
    assert.equal(await zipped.text(), plain.body)
    assert.equal(zipped.headers.get('etag'), plain.headers.etag)
  })

  it('is the plain one where the key is not known, not active, too long, or cannot be looked up', async () => {
    const shut = await makeClient(app.held.database, { status: 'inactive' })
    for (const key of ['pk_nobody', shut.api_key, '', 'k'.repeat(101), '\0', '"})({'])
      assert.deepEqual([(await get(key)).status, (await get(key)).body], [200, LOADER], key)
    broken = true
    const answer = await get('pk_any').finally(() => (broken = false))
    assert.deepEqual([answer.status, answer.body], [200, LOADER])
  })
})
