import assert from 'node:assert/strict'
import { json, raw, silent, startStandIn, type StandIn } from '../../support/stand-in-n8n.ts'
import { apiAt } from './api.ts'

const OK = { ok: true, data: { orders: [1001] } }
const WHO = { client_id: 'shop 1', client_secret: 's&cret:1' }

describe('An API that is asked with tokens of OAuth 2', () => {
  let standIn: StandIn
  let clock: number
  /** The tokens that the API takes, and those that were given out. */
  let taken: Set<string>
  let given: number
  let lasts: number | undefined
  beforeEach(async () => {
    standIn = await startStandIn()
    clock = 0
    taken = new Set()
    given = 0
    lasts = 600
    standIn.on('/token', (response) => {
      const access_token = `token-${++given}`
      taken.add(access_token)
      const token = { access_token, token_type: 'Bearer', expires_in: lasts }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token))
    })
    standIn.on('/orders', (response, request) => {
      const isTaken = taken.has(String(request.headers.authorization).replace('Bearer ', ''))
      response
        .writeHead(isTaken ? 200 : 401, { 'content-type': 'application/json' })
        .end(isTaken ? '{"orders":[1001]}' : '{}')
    })
  })
  afterEach(() => standIn.close())

  const api = (auth: object = {}) =>
    apiAt(standIn, { auth: { type: 'oauth2', token_url: `${standIn.url}/token`, ...auth } }, WHO, {
      now: () => clock,
    })
  const asked = (path: string) => standIn.calls.all.filter((call) => call.path === path)

  it('gets one as RFC 6749 says, by header or body', async () => {
    assert.deepEqual(await api({ scope: 'orders:read', audience: 'shop' }).ask(), OK)
    const [byHeader] = asked('/token')
    assert.equal(byHeader?.text, 'grant_type=client_credentials&scope=orders%3Aread&audience=shop')
    const named = Buffer.from('shop+1:s%26cret%3A1').toString('base64')
    assert.equal(byHeader.headers.authorization, `Basic ${named}`)
    assert.deepEqual(await api({ client_in: 'body' }).ask(), OK)
    const [, byBody] = asked('/token')
    const form = 'grant_type=client_credentials&client_id=shop+1&client_secret=s%26cret%3A1'
    assert.deepEqual([byBody?.text, byBody?.headers.authorization], [form, undefined])
  })

  it('uses it until a minute before it expires, then asks anew', async () => {
    const one = api()
    await one.ask()
    clock = 539_000
    await one.ask()
    assert.equal(given, 1)
    clock = 541_000
    assert.deepEqual(await one.ask(), OK)
    assert.equal(given, 2)
  })

  it('uses a short one for half its time, and one that does not say for five minutes at most', async () => {
    lasts = 10
    const short = api()
    await short.ask()
    clock = 4_900
    await short.ask()
    assert.equal(given, 1)
    clock = 5_100
    await short.ask()
    assert.equal(given, 2)
    lasts = undefined
    const unsaid = api()
    await unsaid.ask()
    clock += 241_000
    await unsaid.ask()
    assert.equal(given, 4)
  })

  it('asks for one alone, however many want it at once', async () => {
    const one = api()
    const all = await Promise.all(Array.from({ length: 8 }, () => one.ask()))
    assert.ok(all.every(({ ok }) => ok))
    assert.deepEqual([given, asked('/orders').length], [1, 8])
  })

  it('asks anew once, after a token is refused', async () => {
    const one = api()
    await one.ask()
    taken.clear()
    assert.deepEqual(await one.ask(), OK)
    assert.deepEqual([given, asked('/orders').length], [2, 3])
    standIn.on('/orders', json({ message: 'never' }, 401))
    const refused = await one.ask()
    assert.deepEqual([!refused.ok && refused.problem, given, asked('/orders').length], ['unauthorized', 3, 5])
  })

  it('says when the token server does not know who asks, or gives no token', async () => {
    const answers: [Parameters<StandIn['on']>[1], string, RegExp][] = [
      [json({ error: 'invalid_client' }, 401), 'unauthorized', /^The token server: .* invalid_client\.$/],
      [
        json({ error: 'invalid_scope', error_description: 'no such scope' }, 400),
        'unauthorized',
        /no such scope/,
      ],
      [json({ access_token: 'a\r\nb' }), 'unreadable', /without a bearer token/],
      [json({ access_token: 'a', token_type: 'mac' }), 'unreadable', /without a bearer token/],
      [json([]), 'unreadable', /without a bearer token/],
      [json({}, 500), 'failing', /token server/],
      [raw('', { location: `${standIn.url}/other` }, 302), 'unreadable', /where we do not go/],
    ]
    for (const [answer, problem, words] of answers) {
      standIn.on('/token', answer)
      const fetched = await api().ask()
      assert.ok(!fetched.ok)
      assert.deepEqual([fetched.problem, fetched.sent], [problem, false])
      assert.match(fetched.message, words)
    }
    assert.equal(asked('/orders').length, 0)
  })

  it('stops asking once nobody waits any more, and not before', async () => {
    const closed = new Promise<void>((resolve) => {
      standIn.on('/token', (response, request) => {
        request.socket.on('close', resolve)
        silent(response, request)
      })
    })
    const one = api()
    const [first, second] = [new AbortController(), new AbortController()]
    const both = [one.ask({}, first.signal), one.ask({}, second.signal)]
    await standIn.calls.take()
    first.abort(new Error('first left'))
    await assert.rejects(both[0]!, /first left/)
    assert.equal(asked('/token').length, 1)
    second.abort(new Error('second left'))
    await assert.rejects(both[1]!, /second left/)
    await closed
  })
})
