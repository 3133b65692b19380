import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import { ask } from './raw-http.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

describe('The count of requests', () => {
  let app: AppUnderTest
  before(async function () {
    this.timeout(60_000)
    app = await startApp()
  })
  after(() => app.close())

  it('goes by method, route and status, and by nothing that the sender wrote', async () => {
    await ask(app.port, '/healthz')
    await ask(app.port, '/api/v1/sessions/canary/history')
    await ask(app.port, '/canary')
    await ask(app.port, '/canary', { method: 'PROPFIND' })
    await ask(app.port, '/healthz', { method: 'POST' })
    const { body } = await ask(app.port, '/metrics')
    const counted = [...body.matchAll(/^http_server_request_duration_seconds_count\{(.*)\} (\d+)$/gm)]
    assert.deepEqual(counted.map(([, labels, count]) => `${labels} ${count}`).sort(), [
      'http_request_method="GET",http_route="",http_response_status_code="404" 1',
      'http_request_method="GET",http_route="/api/v1/sessions/:session_id/history",http_response_status_code="401" 1',
      'http_request_method="GET",http_route="/healthz",http_response_status_code="200" 1',
      'http_request_method="POST",http_route="/healthz",http_response_status_code="405" 1',
      'http_request_method="_OTHER",http_route="",http_response_status_code="404" 1',
    ])
    assert.ok(!body.includes('canary'))
  })
})
