import assert from 'node:assert/strict'
import { createOutbound } from '../../server/infra/outbound/index.ts'
import { createWebhookSecret, isSignedWith, webhookHeaders } from '../../server/tools/n8n/sign.ts'
import { createWebhooks } from '../../server/tools/n8n/webhooks.ts'
import { wordOutcome } from '../../server/tools/words.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import * as standIns from '../support/stand-in-n8n.ts'
import { startSmallN8n, type SmallN8n } from './small-n8n.ts'
import { LATER, readBeside, readWorkflow } from './workflow-file.ts'

const secret = createWebhookSecret()

/** Runs a workflow beside a stand-in for the shop. */
async function start(name: string, kept?: TestDatabase, env: Record<string, string> = {}) {
  const shop = await standIns.startStandIn()
  const given = { PARLOR_WEBHOOK_SECRET: secret, SHOP_URL: shop.url, ...env }
  const n8n = await startSmallN8n(readWorkflow(name), {
    env: given,
    ...(kept && { database: kept.database }),
  })
  return { shop, n8n, close: () => Promise.all([shop.close(), n8n.close()]) }
}

function bodyOf(given: object, key: string, callback_url?: string): string {
  return JSON.stringify({ arguments: given, idempotency_key: key, callback_url })
}

/** What the model reads of a call that Parlor makes. */
async function called(
  n8n: SmallN8n,
  given: object,
  about: { key?: string; writes?: boolean; to?: string } = {},
) {
  const { key = 'c.1.0.0', writes = false, to } = about
  const webhooks = createWebhooks({ outbound: createOutbound({ allow: [n8n.hostAndPort] }) })
  const call = {
    url: n8n.url,
    secrets: [secret],
    key,
    body: bodyOf(given, key, to),
    idempotent: false,
    timeLeft: 30_000,
  }
  return wordOutcome(await webhooks.call(call, new AbortController().signal), { writes })
}

describe('A workflow that reads', () => {
  let stage: Awaited<ReturnType<typeof start>>
  before(async () => {
    stage = await start('get_order_status')
  })
  after(() => stage.close())

  const ORDER = {
    number: '1001',
    status: 'shipped',
    expected_at: '2026-11-25',
    name: 'Dana',
    address: 'Ridge Road',
  }

  /** Posts what was signed as told, and gives the answer. */
  async function post(changes: {
    headers?: Record<string, string>
    body?: string
    age?: number
    by?: string
  }) {
    const body = bodyOf({ order: '1001' }, 'c.1.0.0')
    const seconds = Math.floor(Date.now() / 1_000) - (changes.age ?? 0)
    const signed = webhookHeaders({ id: 'c_1_0_0', seconds, body }, changes.by ?? secret)
    const headers = { ...signed, ...changes.headers }
    const response = await fetch(stage.n8n.url, { method: 'POST', headers, body: changes.body ?? body })
    return { status: response.status, answer: (await response.json()) as unknown }
  }

  it('answers what Parlor signs with what was asked for, and nothing else of the order', async () => {
    stage.shop.on('/orders/1001', standIns.json(ORDER))
    const { content, failed } = await called(stage.n8n, { order: '1001' })
    assert.deepEqual(JSON.parse(content), { number: '1001', status: 'shipped', expected_at: '2026-11-25' })
    assert.equal(failed, false)
  })

  it('refuses what was altered, is signed by others, or by nobody, before anything is asked', async () => {
    const asked = stage.shop.calls.all.length
    for (const changes of [
      { body: bodyOf({ order: '1002' }, 'c.1.0.0') },
      { headers: { 'webhook-id': 'c_1_0_1' } },
      { headers: { 'webhook-timestamp': String(Math.floor(Date.now() / 1_000) + 1) } },
      { headers: { 'webhook-signature': 'v1,' } },
      { headers: { 'webhook-signature': '' } },
      { by: createWebhookSecret() },
    ])
      assert.deepEqual(await post(changes), {
        status: 401,
        answer: { error: 'The signature is missing or wrong.' },
      })
    assert.equal((await fetch(stage.n8n.url, { method: 'POST', body: '{}' })).status, 401)
    assert.equal(stage.shop.calls.all.length, asked)
  })

  it('refuses what is older than five minutes, or from later than that', async () => {
    for (const age of [302, -302])
      assert.deepEqual(await post({ age }), {
        status: 401,
        answer: { error: 'The call is too old, or a clock is wrong.' },
      })
    assert.equal((await post({ age: 290 })).status, 200)
  })

  it('takes a call that is signed twice, while one secret is replaced by another', async () => {
    const body = bodyOf({ order: '1001' }, 'c.1.0.0')
    const seconds = Math.floor(Date.now() / 1_000)
    const signed = webhookHeaders({ id: 'c_1_0_0', seconds, body }, createWebhookSecret(), secret)
    assert.equal((await post({ headers: signed })).status, 200)
  })

  it('says that there is no such order, and that the shop is down', async () => {
    stage.shop.on('/orders/9999', standIns.json({ error: 'not found' }, 404))
    assert.match((await called(stage.n8n, { order: '9999' })).content, /HTTP 404\): There is no order 9999\./)
    for (const answer of [standIns.json({}, 500), standIns.reset, standIns.raw('<html>', {})]) {
      stage.shop.on('/orders/1001', answer)
      const { content, failed } = await called(stage.n8n, { order: '1001' })
      assert.match(content, /HTTP 502\): The shop cannot be asked right now\./)
      assert.equal(failed, true)
    }
  })

  it('says what is wrong where n8n does not know the secret, and lets nothing through', async () => {
    for (const PARLOR_WEBHOOK_SECRET of ['', 'whatever']) {
      const unready = await start('get_order_status', undefined, { PARLOR_WEBHOOK_SECRET })
      assert.match((await called(unready.n8n, { order: '1001' })).content, /PARLOR_WEBHOOK_SECRET is not set/)
      assert.equal(unready.shop.calls.all.length, 0)
      await unready.close()
    }
  })

  it('leads nowhere but to an order, whatever its number is', async () => {
    await called(stage.n8n, { order: '../admin?x=1#y' })
    assert.equal(stage.shop.calls.all.at(-1)?.path, '/orders/..%2Fadmin%3Fx%3D1%23y')
  })
})

describe('The workflows about products', () => {
  const PRODUCTS = {
    products: [
      {
        ...{ name: 'Lantern tent', price: 249, currency: 'USD', description: 'For two.', cost: 90 },
        sizes: [
          { size: 'M', stock: 3 },
          { size: 'L', stock: 0 },
        ],
      },
    ],
  }
  const asked = async (name: 'check_inventory' | 'get_product_info', given: object, answer: object) => {
    const { shop, n8n, close } = await start(name)
    shop.on('/products?search=tent+%26+pegs', standIns.json(answer))
    const { content } = await called(n8n, { product: 'tent & pegs', ...given })
    await close()
    return content
  }

  it('tell what a product is, and of whom there is none', async () => {
    assert.deepEqual(JSON.parse(await asked('get_product_info', {}, PRODUCTS)), {
      products: [
        { name: 'Lantern tent', price: 249, currency: 'USD', description: 'For two.', sizes: ['M', 'L'] },
      ],
    })
    assert.match(await asked('get_product_info', {}, { products: [] }), /There is no product "tent & pegs"\./)
  })

  it('tell in which sizes it is there, in the one that was asked for, and which there are otherwise', async () => {
    const stock = async (given: object) =>
      (JSON.parse(await asked('check_inventory', given, PRODUCTS)) as { products: object[] }).products[0]
    assert.deepEqual(await stock({}), { name: 'Lantern tent', in_stock: ['M'] })
    assert.deepEqual(await stock({ size: 'm' }), { name: 'Lantern tent', in_stock: ['M'] })
    assert.deepEqual(await stock({ size: 'L' }), { name: 'Lantern tent', in_stock: [] })
    assert.deepEqual(await stock({ size: 'XS' }), {
      ...{ name: 'Lantern tent', in_stock: [] },
      made_in_sizes: ['M', 'L'],
    })
  })
})

describe('The workflow that books', () => {
  const WISH = { service: 'fitting', date: '2026-12-01', time: '10:30', name: 'Dana', contact: '050' }
  let kept: TestDatabase
  let stage: Awaited<ReturnType<typeof start>>
  before(async () => {
    kept = await openTestDatabase()
    await kept.database.run({ name: 'workflow/table', text: readBeside('book_appointment.sql') }, [])
  })
  after(() => kept.close())
  beforeEach(async () => {
    stage = await start('book_appointment', kept)
  })
  afterEach(() => stage.close())

  const book = (key: string) => called(stage.n8n, WISH, { key, writes: true })
  const posted = () => stage.shop.calls.all.length
  const BOOKED = { booked: true, number: 'A-7', service: 'fitting', date: '2026-12-01', time: '10:30' }

  it('books under the key of the call', async () => {
    stage.shop.on('/appointments', standIns.json({ number: 'A-7' }, 201))
    assert.deepEqual(JSON.parse((await book('c.1.0.0')).content), BOOKED)
    const { headers, text } = await stage.shop.calls.take()
    assert.deepEqual([headers['idempotency-key'], JSON.parse(text)], ['c.1.0.0', WISH])
  })

  it('answers the same call with what it answered then, and books once', async () => {
    stage.shop.on('/appointments', standIns.json({ number: 'A-7' }, 201))
    const contents = [await book('c.2.0.0'), await book('c.2.0.0')].map(({ content }) => content)
    assert.equal(contents[0], contents[1])
    assert.equal(posted(), 1)
    await book('c.2.0.1')
    assert.equal(posted(), 2)
  })

  it('books once of calls that come at once; the others read that nobody knows yet', async () => {
    let release: () => void = () => undefined
    stage.shop.on('/appointments', (response, request) => {
      release = () => standIns.json({ number: 'A-7' }, 201)(response, request)
    })
    const first = book('c.3.0.0')
    await stage.shop.calls.take()
    for (const { content } of await Promise.all([book('c.3.0.0'), book('c.3.0.0')]))
      assert.match(content, /begun before, and its outcome is not known yet.*do not call it again/)
    release()
    assert.deepEqual(JSON.parse((await first).content), BOOKED)
    assert.equal(posted(), 1)
  })

  it('claims a key once, however many claim it', async () => {
    const claim = readWorkflow('book_appointment').nodes.find(({ name }) => name === 'Claim the call')!
    const statement = { name: claim.name, text: claim.parameters['query'] as string }
    const claims = await Promise.all(
      Array.from({ length: 16 }, () => kept.database.run<{ first: boolean }>(statement, ['c.4.0.0'])),
    )
    assert.equal(claims.flat().filter(({ first }) => first).length, 1)
  })

  it('keeps a refusal too', async () => {
    stage.shop.on('/appointments', standIns.json({ error: '10:30 is taken.' }, 409))
    for (const { content } of [await book('c.5.0.0'), await book('c.5.0.0')])
      assert.match(content, /HTTP 409\): 10:30 is taken\. There is no result/)
    assert.equal(posted(), 1)
  })

  it('does not know what came of it where the calendar broke halfway, and does not book again', async () => {
    for (const [key, answer] of [
      ['c.6.0.0', standIns.json({}, 500)],
      ['c.6.0.1', standIns.reset],
    ] as const) {
      stage.shop.on('/appointments', answer)
      for (const { content } of [await book(key), await book(key)])
        assert.match(content, /did not say whether it was booked\. Whether it took effect is not known/)
    }
    assert.equal(posted(), 2)
  })

  it('may be called again where the calendar was not reached at all', async () => {
    const absent = await start('book_appointment', kept)
    await absent.shop.close()
    const { content } = await called(absent.n8n, WISH, { key: 'c.7.0.0', writes: true })
    assert.match(content, /Nothing was booked\./)
    await absent.n8n.close()
    stage.shop.on('/appointments', standIns.json({ number: 'A-7' }, 201))
    assert.deepEqual(JSON.parse((await book('c.7.0.0')).content), BOOKED)
  })

  it('books nothing where it cannot remember the call', async () => {
    const broken = { ...kept, database: { run: () => Promise.reject(new Error('gone')) } }
    const forgetful = await start('book_appointment', broken as unknown as TestDatabase)
    assert.match((await called(forgetful.n8n, WISH)).content, /HTTP 503\).*Nothing was booked/)
    assert.equal(forgetful.shop.calls.all.length, 0)
    await forgetful.close()
  })
})

describe('The workflow that books, and tells later', () => {
  const WISH = { service: 'fitting', date: '2026-12-01', time: '10:30', name: 'Dana', contact: '050' }
  let kept: TestDatabase
  let stage: Awaited<ReturnType<typeof start>>
  before(async () => {
    kept = await openTestDatabase()
    await kept.database.run({ name: 'workflow/table', text: readBeside('book_appointment.sql') }, [])
    stage = await start(LATER, kept)
    stage.shop.on('/callback', standIns.json({ repeated: false }, 202))
  })
  after(async () => {
    await stage.close()
    await kept.close()
  })

  /** What the model reads at once, and what is brought then. */
  async function bring(key: string, answer: Parameters<standIns.StandIn['on']>[1]) {
    stage.shop.on('/appointments', answer)
    const to = `${stage.shop.url}/callback`
    const { content } = await called(stage.n8n, WISH, { key, writes: true, to })
    const [asked, brought] = [await stage.shop.calls.take(), await stage.shop.calls.take()]
    assert.deepEqual([asked.path, brought.path], ['/appointments', '/callback'])
    return { content, brought }
  }

  it('says at once that it is in progress, and brings the result, signed as our calls are', async () => {
    const { content, brought } = await bring('c.8.0.0', standIns.json({ number: 'A-7' }, 201))
    assert.match(content, /in progress/)
    const { headers, text: body } = brought
    assert.deepEqual(JSON.parse(body), {
      result: { booked: true, number: 'A-7', service: 'fitting', date: '2026-12-01', time: '10:30' },
    })
    const [id, seconds] = [String(headers['webhook-id']), Number(headers['webhook-timestamp'])]
    assert.ok(isSignedWith({ id, seconds, body }, String(headers['webhook-signature']), [secret]))
    assert.ok(Math.abs(Date.now() / 1_000 - seconds) < 60)
    assert.equal(id, 'c_8_0_0_result')
  })

  it('brings why there is none', async () => {
    const { brought } = await bring('c.9.0.0', standIns.json({ error: '10:30 is taken.' }, 409))
    assert.deepEqual(JSON.parse(brought.text), { error: '10:30 is taken.' })
  })

  it('answers the same call with what came of it', async () => {
    const { content } = await called(stage.n8n, WISH, { key: 'c.8.0.0' })
    assert.equal((JSON.parse(content) as { number: string }).number, 'A-7')
  })
})
