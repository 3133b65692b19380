import assert from 'node:assert/strict'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import http from 'node:http'
import { once } from 'node:events'
import { after, before, describe, it } from 'mocha'
import type { Problem, WidgetConfig } from '../../protocol/rest.ts'
import { makeClient } from '../support/factories.ts'
import { ask } from './raw-http.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

let app: AppUnderTest
before(async function () {
  this.timeout(60_000)
  app = await startApp()
})
after(() => app.close())

const get = (path: string, headers: http.OutgoingHttpHeaders = {}) => ask(app.port, path, { headers })
const codeOf = (body: string) => (JSON.parse(body) as Problem).code

describe('the frame', () => {
  const open = async (settings: Parameters<typeof makeClient>[1]) => {
    const client = await makeClient(app.held.database, settings)
    return get(`/frame?client_api_key=${client.api_key}`)
  }
  const directive = (policy: string | string[] | undefined, name: string) =>
    String(policy)
      .split('; ')
      .find((one) => one.startsWith(`${name} `))

  it('names its files, and runs nothing inline', async () => {
    const { status, headers, body } = await open({})
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.ok(body.includes('<script type="module" src="/assets/main-abc123.js"></script>'))
    assert.ok(body.includes('<link rel="stylesheet" href="/assets/main-abc123.css">'))
    assert.ok(body.includes('<link rel="modulepreload" href="/assets/shared-def456.js">'))
    assert.equal(body.match(/<script/g)?.length, 2)
    assert.doesNotMatch(body, /style=|onload=|<style/)
  })

  it('may load from its own origin only, and be embedded by the allowed sites', async () => {
    const { headers } = await open({ allowed_origins: ['https://shop.example', 'http://[::1]:*', 'file:'] })
    const policy = headers['content-security-policy']
    const host = `127.0.0.1:${app.port}`
    assert.equal(
      policy,
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
        `connect-src 'self' ws://${host} wss://${host}; font-src 'self'; base-uri 'none'; form-action 'none'; ` +
        "frame-ancestors 'self' https://shop.example file:",
    )
    assert.equal(headers['x-frame-options'], undefined)
  })

  it('may show the client’s logo and faces, and no other picture of the same sites', async () => {
    const logo_url = 'https://cdn.example/logo.png'
    const client = await makeClient(app.held.database, {
      branding: { logo_url, agent_avatar: 'http://cdn.example/ava.png' },
    })
    const stranger = await makeClient(app.held.database)
    for (const [client_id, face] of [
      [client.id, 'https://faces.example/dana.png'],
      [stranger.id, 'https://faces.example/eve.png'],
      [null, 'https://ours.example/us.png'],
    ])
      await app.held.database.sequelize.query(
        `INSERT INTO admins (client_id, email, name, avatar_url, password_hash, role)
         VALUES ($1, gen_random_uuid()::text || '@shop.example', 'N', $2, 'x', 'agent')`,
        { bind: [client_id, face] },
      )
    const { headers } = await get(`/frame?client_api_key=${client.api_key}`)
    const [, allowed = ''] = /img-src ([^;]*);/.exec(String(headers['content-security-policy'])) ?? []
    const faces = ['https://faces.example/dana.png', 'https://ours.example/us.png']
    assert.deepEqual(allowed.split(' ').sort(), ["'self'", 'data:', logo_url, ...faces].sort())
  })

  it('takes no directive from a client or from Host', async () => {
    const client = await makeClient(app.held.database, {
      allowed_origins: ["https://x;script-src 'unsafe-inline'", 'https://*', '*'],
    })
    const { headers } = await get(`/frame?client_api_key=${client.api_key}`, { host: 'a;script-src*' })
    if (headers['content-security-policy'] !== undefined) {
      assert.equal(directive(headers['content-security-policy'], 'frame-ancestors'), "frame-ancestors 'self'")
      assert.doesNotMatch(String(headers['content-security-policy']), /;script|unsafe|\*/)
    }
  })

  it('carries the configuration where no HTML can break out of it', async () => {
    const nasty = '</script><script>alert(1)</script><!-- \u2028 & "quoted"'
    const { body } = await open({ name: nasty, branding: { greeting: nasty }, locale: '"><script>' })
    assert.equal(body.match(/<script/g)?.length, 2)
    const json = /<script type="application\/json" id="parlor-config">(.*?)<\/script>/s.exec(body)![1]!
    assert.doesNotMatch(json, /[<>&\u2028]/)
    const config = JSON.parse(json) as WidgetConfig
    assert.equal(config.client.name, nasty)
    assert.equal(config.branding.greeting, nasty)
  })

  it('is asked about again, and not sent twice', async () => {
    const client = await makeClient(app.held.database)
    const path = `/frame?client_api_key=${client.api_key}`
    const first = await get(path)
    assert.equal(first.headers['cache-control'], 'no-cache')
    const again = await get(path, { 'if-none-match': first.headers.etag })
    assert.equal(again.status, 304)
    assert.match(String(again.headers['content-security-policy']), /frame-ancestors 'self'/)
  })

  it('is refused to unknown clients', async () => {
    const answer = await get('/frame?client_api_key=pk_nobody')
    assert.equal(codeOf(answer.body), 'client_unknown')
  })

  it('says what to do where the build is missing', async () => {
    const manifest = join(app.publicDir, 'manifest.json')
    await rename(manifest, `${manifest}.away`)
    const answer = await open({})
    await rename(`${manifest}.away`, manifest)
    assert.equal(answer.status, 503)
    assert.match(answer.body, /npm run build/)
  })
})

describe('the page of the API', () => {
  it('loads its script from here alone, and runs nothing inline', async () => {
    const { status, headers, body } = await get('/docs')
    assert.equal(status, 200)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/)
    assert.deepEqual(body.match(/<script[^>]*src=[^>]*>/g), ['<script src="/docs/scalar.js">'])
    assert.doesNotMatch(body, /https?:|<script[^>]*>[^<]/)
    assert.equal((await get('/docs/scalar.js')).headers['content-type'], 'text/javascript; charset=utf-8')
  })

  it('shows a document that every page may read, and that is asked about again', async () => {
    const first = await get('/openapi.json', { origin: 'https://tools.example' })
    assert.equal(first.headers['access-control-allow-origin'], '*')
    assert.equal((JSON.parse(first.body) as { info: { version: string } }).info.version, '1.2.3')
    const again = await get('/openapi.json', { 'if-none-match': first.headers.etag })
    assert.deepEqual([again.status, again.body], [304, ''])
  })
})

describe('public files', () => {
  it('are kept for good when their name carries a hash', async () => {
    const { headers, body } = await get('/assets/main-abc123.css')
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
    assert.equal(headers['content-type'], 'text/css; charset=utf-8')
    assert.equal(headers['cross-origin-resource-policy'], 'cross-origin')
    assert.equal(body, 'body{}')
  })

  it('are asked about again when their name stays: the loader', async () => {
    const first = await get('/widget.js')
    assert.equal(first.headers['cache-control'], 'public, max-age=300')
    const again = await get('/widget.js', { 'if-none-match': `"other", ${String(first.headers.etag)}` })
    assert.deepEqual([again.status, again.body], [304, ''])
    await writeFile(join(app.publicDir, 'widget.js'), `/* loader */${'y'.repeat(5_001)}`)
    const changed = await get('/widget.js', { 'if-none-match': first.headers.etag })
    assert.equal(changed.status, 200)
    assert.ok(changed.body.endsWith('y'))
  })

  it('have the types of what the loader offers beside them', async () => {
    const { headers, body } = await get('/widget.d.ts', { origin: 'https://shop.example' })
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8')
    assert.equal(headers['access-control-allow-origin'], '*')
    assert.equal(body, 'export interface ParlorApi {}')
  })

  it('have a length, for HEAD too', async () => {
    const answer = await ask(app.port, '/widget.js', { method: 'HEAD' })
    assert.deepEqual([answer.status, answer.body], [200, ''])
    assert.ok(Number(answer.headers['content-length']) > 5_000)
  })

  it('are compressed for whoever takes that', async () => {
    const plain = await get('/widget.js')
    for (const [encoding, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const request = http.get({
        port: app.port,
        host: '127.0.0.1',
        path: '/widget.js',
        headers: { 'accept-encoding': encoding },
      })
      const [response] = (await once(request, 'response')) as [http.IncomingMessage]
      const chunks: Buffer[] = []
      for await (const chunk of response) chunks.push(chunk as Buffer)
      assert.equal(response.headers['content-encoding'], encoding)
      assert.match(response.headers.vary ?? '', /Accept-Encoding/)
      assert.equal(Buffer.concat(chunks).length, Number(response.headers['content-length']))
      assert.equal(decode(Buffer.concat(chunks)).toString(), plain.body)
    }
  })

  it('of the demo are served under a strict policy', async () => {
    for (const [path, title] of [
      ['/', 'Demo'],
      ['/demo', 'Demo'],
      ['/demo/', 'Demo'],
      ['/demo/index.html', 'Demo'],
      ['/demo/shop/shoes.html', 'Shoes'],
    ] as const) {
      const { status, headers, body } = await get(path)
      assert.equal(status, 200, path)
      assert.ok(body.includes(title))
      assert.match(String(headers['content-security-policy']), /^default-src 'self'.*frame-ancestors 'none'$/)
    }
  })

  const escapes = [
    '/assets/../secret.txt',
    '/assets/..%2fsecret.txt',
    '/assets/..%2f..%2f..%2fetc/passwd',
    '/assets/%2e%2e/secret.txt',
    '/assets/%2e%2e%2fsecret.txt',
    '/assets/..%5csecret.txt',
    '/assets/%252e%252e%252fsecret.txt',
    '/assets//etc/passwd',
    '/assets/%2fetc%2fpasswd',
    '/assets/.hidden',
    '/assets/main-abc123.js%00.css',
    '/assets/',
    '/assets/.',
    '/demo/..%2fmanifest.json',
    '/demo/..%2fsecret.txt',
    '/manifest.json',
    '/secret.txt',
  ]
  for (const path of escapes) {
    it(`do not include ${path}`, async () => {
      const { status, body } = await get(path)
      assert.equal(status, 404)
      assert.equal(codeOf(body), 'not_found')
    })
  }
})
