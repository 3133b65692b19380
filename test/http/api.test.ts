import assert from 'node:assert/strict'
import type { OutgoingHttpHeaders } from 'node:http'
import { after, afterEach, before, describe, it } from 'mocha'
import { RATES, WIRE_LIMITS } from '../../protocol/limits.ts'
import type { Problem, SessionStarted } from '../../protocol/rest.ts'
import { refuse } from '../../protocol/result.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import { makeClient, makeSession, type TestClient } from '../support/factories.ts'
import { ask, type Answer, type Ask } from './raw-http.ts'
import { startApp, type AppUnderTest } from './start-app.ts'

const SHOP = 'https://shop.example'
const EVIL = 'https://shop.example.evil.example'

let app: AppUnderTest
let client: TestClient
let session: VisitorSession & { token: string }
let draining = false
let asked: unknown[][] = []
let visitor = 0

before(async function () {
  this.timeout(60_000)
  app = await startApp(({ conversations }) => ({
    draining: () => draining,
    conversations: {
      ...conversations,
      history: (...args) => (asked.push(args), conversations.history(...args)),
      end: (...args) => (asked.push(args), conversations.end(...args)),
    },
  }))
  client = await makeClient(app.held.database, { allowed_origins: [SHOP], branding: { color: '#ff0000' } })
  session = await makeSession(app.held.database, client)
})
after(() => app.close())
afterEach(() => (asked = []))

/** Each request comes from an address of its own, so that limits are out of the way. */
function request(path: string, settings: Ask = {}): Promise<Answer> {
  const address = `198.51.${visitor >> 8}.${visitor++ & 255}`
  return ask(app.port, path, { ...settings, headers: { 'x-forwarded-for': address, ...settings.headers } })
}

function problem(answer: Answer): Problem {
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  const body = JSON.parse(answer.body) as Problem
  assert.equal(body.status, answer.status)
  assert.equal(body.request_id, answer.headers['x-request-id'])
  return body
}

const start = (body: unknown, headers: OutgoingHttpHeaders = {}) =>
  request('/api/v1/sessions/start', { method: 'POST', body: JSON.stringify(body), headers })

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

describe('POST /api/v1/sessions/start', () => {
  it('makes a session whose token opens it', async () => {
    const answer = await start({ client_api_key: client.api_key, locale: 'he' }, { origin: SHOP })
    assert.equal(answer.status, 201)
    assert.equal(answer.headers['cache-control'], 'no-store')
    const { session_id, session_token } = JSON.parse(answer.body) as SessionStarted
    const opened = await request(`/api/v1/sessions/${session_id}/history`, { headers: bearer(session_token) })
    assert.equal(opened.status, 200)
    assert.equal((asked[0]![0] as VisitorSession).locale, 'he')
  })

  it('refuses unknown keys', async () => {
    assert.equal(problem(await start({ client_api_key: 'pk_nobody' })).code, 'client_unknown')
  })

  for (const origin of [EVIL, 'http://shop.example', 'null']) {
    it(`refuses the origin ${origin}, and lets its page read nothing`, async () => {
      const answer = await start({ client_api_key: client.api_key }, { origin })
      assert.equal(problem(answer).code, 'origin_not_allowed')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    })
  }

  it('serves its own frame, allowed sites and what is no browser', async () => {
    for (const headers of [{ origin: `http://127.0.0.1:${app.port}` }, { origin: SHOP }, {}]) {
      const answer = await start({ client_api_key: client.api_key }, headers)
      assert.equal(answer.status, 201)
      assert.equal(
        answer.headers['access-control-allow-origin'],
        'origin' in headers ? headers.origin : undefined,
      )
    }
  })

  const bodies: [what: string, body: string, code: string][] = [
    ['no JSON', '{', 'invalid_payload'],
    ['nothing', '', 'invalid_payload'],
    ['broken UTF-8', '"\xff"', 'invalid_payload'],
    ['another shape', '{"client_api_key":1}', 'invalid_payload'],
    ['more than is known', '{"client_api_key":"a","plan":"enterprise"}', 'invalid_payload'],
    ['a prototype', '{"client_api_key":"a","__proto__":{"x":1}}', 'invalid_payload'],
    ['too much', JSON.stringify({ client_api_key: 'x'.repeat(WIRE_LIMITS.payload) }), 'payload_too_large'],
  ]
  for (const [what, body, code] of bodies) {
    it(`answers ${code} to a body of ${what}`, async () => {
      const settings = { method: 'POST', body: Buffer.from(body, 'latin1') }
      assert.equal(problem(await request('/api/v1/sessions/start', settings)).code, code)
    })
  }

  it('stops reading a body that does not say how large it is', async () => {
    const headers = { 'transfer-encoding': 'chunked' }
    const settings = { method: 'POST', body: Buffer.alloc(WIRE_LIMITS.payload * 4, 'x'), headers }
    assert.equal(problem(await request('/api/v1/sessions/start', settings)).code, 'payload_too_large')
  })

  it('lets an address start so many in a minute, and says when to come again', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.77' }
    const answers: Answer[] = []
    for (let i = 0; i <= RATES.addressSessions.most * 2; i++) {
      answers.push(await start({ client_api_key: client.api_key }, headers))
    }
    const refused = answers.at(-1)!
    assert.equal(problem(refused).code, 'rate_limited')
    assert.ok(Number(refused.headers['retry-after']) >= 1)
    const made = answers.filter(({ status }) => status === 201).length
    assert.ok(made >= RATES.addressSessions.most && made < answers.length)
    assert.equal(
      (await start({ client_api_key: client.api_key })).status,
      201,
      'another address is not concerned',
    )
  })
})

describe('a route of a session', () => {
  const history = () => `/api/v1/sessions/${session.id}/history`
  const end = () => `/api/v1/sessions/${session.id}/end`

  it('is opened by its token alone', async () => {
    const hers = await makeSession(app.held.database, client)
    const refusals: [headers: OutgoingHttpHeaders, code: string][] = [
      [{}, 'unauthorized'],
      [{ authorization: session.token }, 'unauthorized'],
      [{ authorization: 'Bearer' }, 'unauthorized'],
      [{ authorization: `Basic ${session.token}` }, 'unauthorized'],
      [bearer(hers.token), 'session_invalid'],
      [bearer('wrong'), 'session_invalid'],
    ]
    for (const [headers, code] of refusals) {
      for (const [method, path] of [
        ['GET', history()],
        ['DELETE', end()],
      ] as const) {
        const answer = await request(path, { method, headers })
        assert.equal(problem(answer).code, code)
        assert.equal(answer.headers['www-authenticate'], 'Bearer')
      }
    }
    const noUuid = await request('/api/v1/sessions/1/history', { headers: bearer(session.token) })
    assert.equal(problem(noUuid).code, 'session_invalid')
    assert.deepEqual(asked, [])
  })

  it('turns the query into numbers', async () => {
    await request(`${history()}?before_seq=7&limit=3`, { headers: bearer(session.token) })
    assert.deepEqual(asked[0]![1], { before_seq: 7, limit: 3 })
  })

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=x',
    'limit=',
    'before_seq=-1',
    'before_seq=1e9',
    'other=1',
    'limit=1&limit=2',
    'limit[gt]=1',
    'before_seq::int=1',
    "messages->>'content'=1",
    'order=content;--',
    '$where=1',
  ]) {
    it(`refuses the query ${query}`, async () => {
      const answer = await request(`${history()}?${query}`, { headers: bearer(session.token) })
      assert.equal(problem(answer).code, 'invalid_payload')
      assert.deepEqual(asked, [])
    })
  }

  it('ends the conversation for allowed origins, and for null with the token', async () => {
    for (const origin of [SHOP, 'null', undefined]) {
      const headers = { ...bearer(session.token), ...(origin === undefined ? {} : { origin }) }
      const answer = await request(end(), { method: 'DELETE', headers })
      assert.deepEqual([answer.status, answer.body], [200, '{"conversation":null}'])
    }
    assert.equal(asked.length, 3)
  })

  it('changes nothing for a foreign origin, and reads for it what the browser will not show', async () => {
    const headers = { ...bearer(session.token), origin: EVIL }
    assert.equal(problem(await request(end(), { method: 'DELETE', headers })).code, 'origin_not_allowed')
    assert.deepEqual(asked, [])
    const read = await request(history(), { headers })
    assert.equal(read.headers['access-control-allow-origin'], undefined)
  })

  it('says what the conversation says', async () => {
    const { conversations } = app.parts
    app.parts.conversations = {
      ...conversations,
      end: () => Promise.resolve(refuse('conversation_ended')),
    }
    const answer = await request(end(), { method: 'DELETE', headers: bearer(session.token) })
    app.parts.conversations = conversations
    assert.equal(problem(answer).code, 'conversation_ended')
  })
})

describe('GET /api/v1/config', () => {
  it('tells any page what the widget looks like, and lets caches keep it', async () => {
    const path = `/api/v1/config?client_api_key=${client.api_key}`
    const answer = await request(path, { headers: { origin: EVIL } })
    assert.equal(answer.headers['access-control-allow-origin'], '*')
    assert.equal(answer.headers['cache-control'], 'public, max-age=60')
    const config = JSON.parse(answer.body) as { branding: object }
    assert.deepEqual(config, {
      client: { name: 'Blue Bakery' },
      branding: {
        color: '#ff0000',
        agent_name: 'Blue Bakery',
        greeting: '',
        suggestions: [],
        position: 'right',
        theme: 'auto',
      },
      locale: null,
      features: { sources: true, stop: true, handoff: true, rating: true, contact: true, transcript: true },
    })
    const again = await request(path, { headers: { 'if-none-match': answer.headers.etag } })
    assert.deepEqual([again.status, again.body], [304, ''])
  })

  it('tells what the client offers, and whether a person can be asked for', async () => {
    const other = await makeClient(app.held.database)
    const settings = {
      ai: { handoff: { offered: false } },
      widget: { rating: false, stop: 'broken', more: false },
    }
    await app.held.database.sequelize.query('UPDATE clients SET settings = $2 WHERE id = $1', {
      bind: [other.id, settings],
    })
    const { body } = await request(`/api/v1/config?client_api_key=${other.api_key}`)
    const { features } = JSON.parse(body) as { features: object }
    const on = { sources: true, stop: true, contact: true, transcript: true }
    assert.deepEqual(features, { ...on, rating: false, handoff: false })
  })

  it('knows no unknown client', async () => {
    for (const query of ['?client_api_key=', '?client_api_key=pk_nobody', '?client_api_key=%00']) {
      assert.equal(problem(await request(`/api/v1/config${query}`)).code, 'client_unknown')
    }
  })

  it('takes one key, and nothing else', async () => {
    for (const query of [
      '',
      '?client_api_key=a&client_api_key=b',
      '?client_api_key=a&plan=pro',
      '?__proto__=1',
    ]) {
      assert.equal(problem(await request(`/api/v1/config${query}`)).code, 'invalid_payload')
    }
  })
})

describe('health', () => {
  it('tells Prometheus the live engine, the open sockets and streams, the waiting requests and the running turns', async () => {
    const answer = await request('/metrics')
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers['content-type']), /^text\/plain/)
    const text = answer.body
    assert.match(text, /^parlor_build_info\{version="1\.2\.3",engine="uws"\} 1$/m)
    assert.match(text, /^parlor_sockets_open 3$/m)
    assert.match(text, /^parlor_streams_open 2$/m)
    assert.match(text, /^parlor_answers_awaited 4$/m)
    assert.match(text, /^parlor_turns_running 1$/m)
  })

  it('tells that the process lives, on what', async () => {
    const answer = await request('/healthz')
    assert.deepEqual(JSON.parse(answer.body), { status: 'ok', engine: 'uws', version: '1.2.3' })
  })

  it('is ready with the database, and not while draining', async () => {
    assert.equal((await request('/readyz')).status, 200)
    draining = true
    const answer = await request('/readyz').finally(() => (draining = false))
    assert.deepEqual([answer.status, problem(answer).code], [503, 'draining'])
  })

  it('is not ready without the database, which the API says too', async () => {
    const { database } = app.parts
    app.parts.database = {
      ...database,
      run: () => Promise.reject(new DatabaseUnavailable('gone')),
      ping: () => Promise.reject(new DatabaseUnavailable('gone')),
    }
    try {
      assert.equal(problem(await request('/readyz')).code, 'unavailable')
      const path = `/api/v1/sessions/${session.id}/history`
      const answer = await request(path, { headers: bearer(session.token) })
      assert.deepEqual([answer.status, problem(answer).code], [503, 'unavailable'])
    } finally {
      app.parts.database = database
    }
  })
})

describe('every answer', () => {
  const paths = ['/', '/frame', '/widget.js', '/healthz', '/api/v1/config', '/nowhere', '/assets/none.js']

  for (const path of paths) {
    it(`of ${path} carries the security headers and a request id`, async () => {
      const { headers } = await request(path)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.match(headers['content-security-policy'] as string, /frame-ancestors 'none'/)
      assert.match(headers['x-request-id'] as string, /^[0-9a-f-]{36}$/)
    })
  }

  it('is a problem where there is nothing', async () => {
    for (const path of [
      '/nowhere',
      '/api/v1/nowhere',
      '/socket.io/',
      '/frame/',
      '/%',
      '//evil.example',
      '/.env',
    ]) {
      assert.equal(problem(await request(path)).code, 'not_found', path)
    }
  })

  it('names the methods that are served where another was used', async () => {
    const cases: [method: string, path: string, allow: string][] = [
      ['GET', '/api/v1/sessions/start', 'POST'],
      ['POST', '/healthz', 'GET, HEAD'],
      ['PUT', '/api/v1/config', 'GET, HEAD'],
      ['OPTIONS', '/widget.js', 'GET, HEAD'],
      ['DELETE', '/', 'GET, HEAD'],
    ]
    for (const [method, path, allow] of cases) {
      const answer = await request(path, { method })
      assert.deepEqual([problem(answer).code, answer.headers.allow], ['method_not_allowed', allow], path)
    }
  })

  it('to a preflight lets the browser ask, with nothing but what the API takes', async () => {
    const headers = { origin: SHOP, 'access-control-request-method': 'DELETE' }
    const answer = await request('/api/v1/sessions/x/end', { method: 'OPTIONS', headers })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers['access-control-allow-origin'], SHOP)
    assert.equal(answer.headers['access-control-allow-methods'], 'GET, POST, DELETE')
    assert.equal(answer.headers['access-control-allow-credentials'], undefined)
    assert.match(answer.headers.vary ?? '', /Origin/)
  })

  it('takes over a sane request id, and no other', async () => {
    const id = async (given: string) =>
      (await request('/healthz', { headers: { 'x-request-id': given } })).headers['x-request-id']
    assert.equal(await id('trace-0001.a_b'), 'trace-0001.a_b')
    for (const given of ['short', 'x'.repeat(65), 'a b c d e f g', '{"json":"yes"}']) {
      assert.notEqual(await id(given), given)
    }
  })

  it('is logged in one line without path, query, address or token', async () => {
    app.lines.length = 0
    const path = `/api/v1/sessions/${session.id}/history`
    await request(`${path}?limit=7`, {
      headers: { ...bearer(session.token), 'x-forwarded-for': '203.0.113.9', 'x-request-id': 'trace-0002' },
    })
    const [line, ...others] = app.lines.filter(({ request_id }) => request_id === 'trace-0002')
    assert.deepEqual(others, [])
    assert.equal(line!['route'], '/api/v1/sessions/:session_id/history')
    assert.equal(line!['status'], 200)
    const logged = JSON.stringify(app.lines)
    for (const secret of [session.token, session.id, '203.0.113.9', 'limit'])
      assert.ok(!logged.includes(secret))
  })

  it('to a bug is a problem that tells nothing, and the log tells all under its id', async () => {
    const { conversations } = app.parts
    app.parts.conversations = {
      ...conversations,
      history: () => Promise.reject(new Error('the inside')),
    }
    const path = `/api/v1/sessions/${session.id}/history`
    const answer = await request(path, { headers: bearer(session.token) })
    app.parts.conversations = conversations
    const { code, request_id } = problem(answer)
    assert.equal(code, 'internal')
    assert.doesNotMatch(answer.body, /the inside/)
    const line = app.lines.find((one) => one['level'] === 50 && one['request_id'] === request_id)
    assert.match(JSON.stringify(line), /the inside/)
  })
})
