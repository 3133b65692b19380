import assert from 'node:assert/strict'
import type { IncomingHttpHeaders } from 'node:http'
import { after, before, describe, it } from 'mocha'
import { everyRoute } from '../attacks/hostile-http.ts'
import { makeClient } from '../support/factories.ts'
import { ask } from './raw-http.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

/** Paths under which a page or file is really there, for routes whose pattern does not say. */
const PLACES: Record<string, string> = {
  '/frame': '/frame?client_api_key=pk_headers',
  '/assets/:path{.+}': '/assets/main-abc123.js',
  '/demo/:path{.*}': '/demo/shop/shoes.html',
}

/** What other sites' pages may load. */
const SHARED = [
  ...['/frame', '/widget.js', '/widget.d.ts', '/assets/:path{.+}'],
  ...['/openapi.json', '/asyncapi.json'],
]

/** Styles that are made by the page's own script. */
const INLINE_STYLES = ['/docs']

let app: AppUnderTest
before(async function () {
  this.timeout(60_000)
  app = await startApp()
  await makeClient(app.held.database, { api_key: 'pk_headers', allowed_origins: ['https://shop.example'] })
})
after(() => app.close())

/** The policy by its directives. */
function policyOf(headers: IncomingHttpHeaders): Map<string, string[]> {
  const directives = String(headers['content-security-policy']).split('; ')
  return new Map(directives.map((text) => [text.split(' ')[0]!, text.split(' ').slice(1)]))
}

describe('What an answer lets a browser do', () => {
  for (const [method, route] of everyRoute()) {
    it(`is said by ${method} ${route}`, async () => {
      const { status, headers } = await ask(app.port, PLACES[route] ?? route, { method })
      if (PLACES[route] !== undefined) assert.equal(status, 200)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.ok(headers['x-request-id'])
      assert.equal(
        headers['cross-origin-resource-policy'],
        SHARED.includes(route) ? 'cross-origin' : 'same-origin',
      )
      const embeddable = route === '/frame'
      assert.equal(headers['x-frame-options'], embeddable ? undefined : 'DENY')

      const policy = policyOf(headers)
      assert.match(policy.get('default-src')!.join(), /^'(none|self)'$/)
      const ancestors = embeddable ? ["'self'", 'https://shop.example'] : ["'none'"]
      assert.deepEqual(policy.get('frame-ancestors'), ancestors)
      for (const [directive, sources] of policy) {
        assert.ok(!sources.includes("'unsafe-eval'") && !sources.includes('*'), directive)
        const allowed = directive === 'style-src' && INLINE_STYLES.includes(route)
        assert.equal(sources.includes("'unsafe-inline'"), allowed, directive)
      }
      if (!/^text\/html/.test(String(headers['content-type']))) return
      for (const directive of ['base-uri', 'form-action']) assert.deepEqual(policy.get(directive), ["'none'"])
      assert.deepEqual(policy.get('script-src') ?? policy.get('default-src'), ["'self'"])
    })
  }

  it('is not relaxed where something is refused', async () => {
    for (const path of [
      '/frame?client_api_key=pk_nobody',
      '/frame',
      '/nowhere',
      '/demo/nowhere',
      '/assets/nowhere',
    ]) {
      const { status, headers } = await ask(app.port, path)
      assert.ok(status >= 400)
      assert.equal(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'")
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    }
  })

  it('reaches no other site by CORS but those of the client, and what is public', async () => {
    for (const [method, route] of everyRoute()) {
      const headers = { origin: 'https://evil.example' }
      const answer = await ask(app.port, PLACES[route] ?? route, { method, headers })
      const allowed = answer.headers['access-control-allow-origin']
      const isPublic = route === '/api/v1/config' || (SHARED.includes(route) && route !== '/frame')
      assert.equal(allowed, isPublic ? '*' : undefined, route)
      assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    }
  })
})
