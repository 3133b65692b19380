import assert from 'node:assert/strict'
import { openDemoBackend, type DemoBackend } from '../../server/demo/index.ts'
import { readDemoTools } from '../../server/demo/tools.ts'
import { createWebhookSecret, webhookHeaders } from '../../server/tools/n8n/sign.ts'
import { silentLog } from '../support/databases.ts'

/** A Monday morning; the shop has opened. */
const NOW = Date.parse('2026-11-23T08:00:00Z')

describe('The backend of the demo shop', () => {
  const secret = createWebhookSecret()
  const earlier = createWebhookSecret()
  let backend: DemoBackend
  let secrets: () => Promise<string[]>
  beforeEach(async () => {
    secrets = () => Promise.resolve([secret, earlier])
    backend = await openDemoBackend({ secrets: () => secrets(), log: silentLog, pace: 0, now: () => NOW })
  })
  afterEach(() => backend.close())

  interface Changes {
    key?: string
    by?: string
    at?: number
    path?: string
    body?: (signed: string) => string
    headers?: Record<string, string>
  }
  async function call(tool: string, given: object, changes: Changes = {}) {
    const { key = 'c.1.0.0', by = secret, at = NOW, path = `/webhook/${tool}` } = changes
    const signed = JSON.stringify({ tool, arguments: given, idempotency_key: key })
    const headers = webhookHeaders({ id: 'c_1_0_0', seconds: Math.floor(at / 1_000), body: signed }, by)
    const answer = await fetch(`http://127.0.0.1:${String(backend.port)}${path}`, {
      ...{
        method: 'POST',
        headers: { ...headers, ...changes.headers },
        body: changes.body?.(signed) ?? signed,
      },
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }

  it('knows twelve orders by their days from now, and says so of others', async () => {
    assert.deepEqual(await call('get_order_status', { order: '1001' }), {
      status: 200,
      body: {
        ...{ number: '1001', status: 'on its way', placed_at: '2026-11-20', shipped_at: '2026-11-22' },
        ...{ expected_at: '2026-11-25', carrier: 'Parcelway', tracking: 'PW1001001001' },
      },
    })
    const states = new Set<unknown>()
    for (let order = 1001; order <= 1012; order++)
      states.add((await call('get_order_status', { order: String(order) })).body['status'])
    assert.equal(states.size, 12)
    for (const order of ['1013', '999', 'constructor', 'toString'])
      assert.deepEqual(await call('get_order_status', { order }), {
        status: 404,
        body: { error: `There is no order ${order}.` },
      })
  })

  it('knows what stands on the demo page, by words of either language', async () => {
    const named = async (product: string) => {
      const { body } = await call('get_product_info', { product })
      return (body['products'] as { name: string }[] | undefined)?.map(({ name }) => name)
    }
    for (const [product, name] of [
      ['rain jacket', 'Ridgeline rain jacket'],
      ['jackets', 'Ridgeline rain jacket'],
      ['מעיל הגשם', 'Ridgeline rain jacket'],
      ['Fernway boot', 'Fernway walking boots'],
      ['האוהל', 'Lantern two-person tent'],
      ['backpack', 'Switchback pack, 38 l'],
    ] as const)
      assert.deepEqual(await named(product), [name])
    assert.equal(await named('espresso machine'), undefined)
  })

  it('tells sizes that are there, and of one that is not made which are', async () => {
    const stock = async (given: object) => (await call('check_inventory', given)).body
    assert.deepEqual(await stock({ product: 'jacket', size: 'm' }), {
      products: [{ name: 'Ridgeline rain jacket', in_stock: ['M'] }],
    })
    assert.deepEqual(await stock({ product: 'jacket', size: 'L' }), {
      products: [{ name: 'Ridgeline rain jacket', in_stock: [] }],
    })
    assert.deepEqual(await stock({ product: 'tent', size: '7' }), {
      products: [{ name: 'Lantern two-person tent', in_stock: [], made_in_sizes: ['one size'] }],
    })
  })

  describe('asked for an appointment', () => {
    const friday = {
      service: 'fitting',
      date: '2026-11-27',
      time: '10:00',
      name: 'Dana',
      contact: 'd@x.example',
    }
    const book = (changed: object = {}, key = 'c.1.0.0') =>
      call('book_appointment', { ...friday, ...changed }, { key })

    it('books once under one key, however often it is sent', async () => {
      const first = await book()
      assert.equal(first.status, 200)
      assert.match(String(first.body['number']), /^A-[0-9A-F]{6}$/)
      for (let again = 0; again < 5; again++) assert.deepEqual(await book(), first)
      const others = await Promise.all([book({}, 'c.2.0.0'), book({}, 'c.3.0.0')])
      assert.equal(new Set([first, ...others].map(({ body }) => body['number'])).size, 3)
      const { status, body } = await book({}, 'c.4.0.0')
      assert.equal(status, 409)
      assert.match(String(body['error']), /10:00 on 2026-11-27 cannot be had\. Free on that day: \d\d:\d\d/)
    })

    it('gives the same number in every process', async () => {
      const elsewhere = await openDemoBackend({ secrets, log: silentLog, pace: 0, now: () => NOW })
      const here = await book()
      await backend.close()
      backend = elsewhere
      assert.deepEqual(await book(), here)
    })

    it('refuses what is past, closed, too far away, or no hour of the shop', async () => {
      for (const [changed, error] of [
        [{ date: '2026-11-20' }, /is past/],
        [{ date: '2026-11-23', time: '09:00' }, /cannot be had/],
        [{ date: '2026-11-28' }, /closed/],
        [{ date: '2027-11-26' }, /next 60 days/],
        [{ date: '2026-02-31' }, /no day|is past/],
        [{ time: '14:00' }, /cannot be had/],
        [{ time: '10:07' }, /cannot be had/],
      ] as const) {
        const { status, body } = await book(changed, JSON.stringify(changed))
        assert.equal(status, 409)
        assert.match(String(body['error']), error)
      }
    })
  })

  it('takes nothing that is not signed for it', async () => {
    const refused = async (changes: Changes) =>
      (await call('get_order_status', { order: '1001' }, changes)).status
    assert.equal(await refused({ by: earlier }), 200)
    for (const changes of [
      { by: createWebhookSecret() },
      { body: (signed: string) => signed.replace('1001', '1002') },
      { at: NOW - 301_000 },
      { at: NOW + 301_000 },
      { path: '/webhook/book_appointment' },
      { headers: { 'webhook-signature': '' } },
      { headers: { 'webhook-timestamp': 'now' } },
      { headers: { 'webhook-id': 'another' } },
    ])
      assert.equal(await refused(changes), 401, JSON.stringify(changes))
    secrets = () => Promise.resolve([])
    assert.equal(await refused({}), 401)
  })

  it('checks arguments as their schemas say, and answers nothing but its webhooks and its API', async () => {
    assert.equal((await call('get_order_status', {})).status, 400)
    assert.equal((await call('get_order_status', { order: { $gt: '' } })).status, 400)
    for (const tool of ['constructor', '__proto__', 'sell']) assert.equal((await call(tool, {})).status, 404)
    const status = async (path: string, method = 'GET') =>
      (await fetch(`http://127.0.0.1:${String(backend.port)}${path}`, { method })).status
    assert.equal(await status('/api/stores'), 200)
    assert.deepEqual(
      [await status('/'), await status('/webhook/get_order_status'), await status('/api/stores', 'POST')],
      [404, 404, 404],
    )
  })

  it('takes no long body, and tells nobody of a fault of its own', async () => {
    const long = await call('get_order_status', { order: 'x'.repeat(70_000) }).catch(() => null)
    assert.ok(long === null || long.status === 413)
    secrets = () => Promise.reject(new Error('the database at 10.0.0.7 is away'))
    assert.deepEqual(await call('get_order_status', { order: '1001' }), {
      status: 500,
      body: { error: 'The shop cannot be asked right now.' },
    })
  })

  it('answers all that the catalogue offers', async () => {
    const given = { order: '1001', product: 'tent', service: 's', date: '2026-11-27', time: '10:00' }
    for (const { tool_name, parameters_schema } of readDemoTools()) {
      const { properties } = parameters_schema as { properties: object }
      const known = { ...given, name: 'Dana', contact: 'd@x.example', size: 'one size' }
      const fitting = Object.fromEntries(Object.entries(known).filter(([name]) => name in properties))
      assert.equal((await call(tool_name, fitting)).status, 200, tool_name)
    }
  })
})
