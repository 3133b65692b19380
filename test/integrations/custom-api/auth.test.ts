import assert from 'node:assert/strict'
import type { CustomApiConfig } from '../../../server/integrations/custom-api/config.ts'
import { json, raw, startStandIn, type ReceivedCall, type StandIn } from '../../support/stand-in-n8n.ts'
import { apiAt, endpointOf, onlyFor } from './api.ts'

const OK = { ok: true, data: { orders: [1001] } }

describe('A client’s own API', () => {
  let standIn: StandIn
  beforeEach(async () => {
    standIn = await startStandIn()
  })
  afterEach(() => standIn.close())

  const basic = (call: ReceivedCall, text: string) =>
    call.headers.authorization === `Basic ${Buffer.from(text).toString('base64')}`
  const ways: [
    string,
    NonNullable<CustomApiConfig['auth']>,
    object,
    (call: ReceivedCall) => boolean,
    string?,
  ][] = [
    ['none', { type: 'none' }, {}, ({ headers }) => headers.authorization === undefined],
    [
      'api_key in a header',
      { type: 'api_key', in: 'header', name: 'X-Key' },
      { api_key: 'k-123456' },
      ({ headers }) => headers['x-key'] === 'k-123456',
    ],
    [
      'api_key in the query',
      { type: 'api_key', in: 'query', name: 'key' },
      { api_key: 'k&1=2' },
      ({ path }) => path === '/orders?key=k%261%3D2',
      '/orders?key=k%261%3D2',
    ],
    ['basic', { type: 'basic' }, { username: 'ünal', password: 'p:w' }, (call) => basic(call, 'ünal:p:w')],
    [
      'bearer',
      { type: 'bearer' },
      { token: 't-123456' },
      ({ headers }) => headers.authorization === 'Bearer t-123456',
    ],
  ]
  for (const [name, auth, credentials, isRight, path = '/orders'] of ways) {
    it(`is told who asks: ${name}`, async () => {
      standIn.on(path, onlyFor(isRight, standIn))
      assert.deepEqual(await apiAt(standIn, { auth }, credentials).ask(), OK)
    })
  }

  it('is asked for nothing where its credentials are not entered', async () => {
    for (const [, auth] of ways.slice(1)) {
      const fetched = await apiAt(standIn, { auth }, null).ask()
      assert.deepEqual([!fetched.ok && fetched.problem, standIn.connections], ['unauthorized', 0])
    }
  })

  it('that does not take the credentials is told as such', async () => {
    standIn.on(
      '/orders',
      onlyFor(() => false, standIn),
    )
    const fetched = await apiAt(standIn, { auth: { type: 'bearer' } }, { token: 'wrong-one' }).ask()
    const message = 'It does not take the credentials (HTTP 401): who are you?'
    assert.deepEqual(fetched, { ok: false, problem: 'unauthorized', message, sent: true })
    assert.equal(standIn.calls.all.length, 1)
  })

  it('is sent a body, and a key by which it knows the same call, where it may change something', async () => {
    standIn.on('/orders', json({ done: true }, 201))
    const endpoint = endpointOf({
      policy: 'write',
      request: { method: 'POST', url: '/orders', headers: { 'X-Shop': '7' }, body: { order: '{order}' } },
    })
    const headers = { 'X-Always': 'yes' }
    const fetched = await apiAt(standIn, { headers }, null).ask({ endpoint, given: { order: 12 } })
    assert.deepEqual(fetched, { ok: true, data: { done: true } })
    const call = await standIn.calls.take()
    assert.deepEqual([call.method, call.text], ['POST', '{"order":12}'])
    const { 'idempotency-key': key, 'content-type': type, 'x-shop': shop, 'x-always': always } = call.headers
    assert.deepEqual([key, type, shop, always], ['k.1', 'application/json', '7', 'yes'])
  })

  it('says in its own way that it cannot or will not', async () => {
    const answers: [Parameters<StandIn['on']>[1], string, RegExp][] = [
      [json({ detail: 'not yours' }, 403), 'forbidden', /not allowed .*: not yours\.$/],
      [json({ title: 'No order' }, 404), 'not_found', /no such thing .*: No order\.$/],
      [json({ errors: ['x'] }, 422), 'rejected', /said no \(HTTP 422\)\.$/],
      [json({ error: 'slow down' }, 429), 'throttled', /too often/],
      [json({}, 503), 'unavailable', /not available/],
      [raw('<html>oops</html>', { 'content-type': 'text/html' }, 500), 'failing', /failed \(HTTP 500\)/],
      [raw('<html>hello</html>', { 'content-type': 'text/html' }), 'unreadable', /something else than JSON/],
      [raw('', { location: 'http://169.254.169.254/' }, 302), 'unreadable', /where we do not go/],
      [raw('x'.repeat(70_000), {}), 'too_large', /larger than 64 KB/],
    ]
    for (const [answer, problem, words] of answers) {
      standIn.on('/orders', answer)
      const fetched = await apiAt(standIn, {}, null).ask()
      assert.ok(!fetched.ok)
      assert.equal(fetched.problem, problem)
      assert.match(fetched.message, words)
    }
  })

  it('shows what is selected of its answer, or says that nothing is there', async () => {
    standIn.on('/orders', json({ data: [{ id: 1, secret: 'x' }] }))
    const asking = (result_path: string) => {
      const request = { method: 'GET' as const, url: '/orders', result_path, result_fields: ['id'] }
      return apiAt(standIn, {}, null).ask({ endpoint: endpointOf({ request }) })
    }
    assert.deepEqual(await asking('/data'), { ok: true, data: [{ id: 1 }] })
    const nothing = await asking('/rows')
    assert.deepEqual(
      [!nothing.ok && nothing.problem, !nothing.ok && nothing.message],
      ['unreadable', 'Its answer has nothing at /rows.'],
    )
  })

  it('is tried with words that say what to do', async () => {
    const tried = async (config: Partial<CustomApiConfig>, credentials: unknown = null) => {
      const { ok, message } = await apiAt(standIn, config, credentials).test()
      return [ok, message] as const
    }
    standIn.on(
      '/ping?a=b',
      onlyFor(({ headers }) => headers['x-key'] === 'right-key', standIn),
    )
    const auth = { type: 'api_key' as const, in: 'header' as const, name: 'X-Key' }
    const keyed = { auth, test_path: 'ping?a=b' }
    assert.deepEqual(await tried(keyed, { api_key: 'right-key' }), [
      true,
      'It answers, and takes what it is told of who asks.',
    ])
    const [wrong, advice] = await tried(keyed, { api_key: 'wrong-key' })
    assert.equal(wrong, false)
    assert.match(advice, /does not take the credentials .* Enter those that it takes\.$/)
    assert.match((await tried(keyed))[1], /not entered\. Enter those that it takes/)
    const [base, untried] = await tried({})
    assert.equal(base, true)
    assert.match(untried, /It answers, .* Set test_path/)
    assert.match(
      (await tried({ test_path: 'nothing' }))[1],
      /no such thing .* Look at base_url and test_path/,
    )
    await standIn.close()
    const [gone, reason] = await tried(keyed, { api_key: 'right-key' })
    assert.equal(gone, false)
    assert.match(reason, /cannot be reached\. Look at the host and port/)
    standIn = await startStandIn()
  })
})
