import assert from 'node:assert/strict'
import type { Connection } from '../../../server/integrations/kind.ts'
import type { WooConfig, WooCredentials } from '../../../server/integrations/woocommerce/connection.ts'
import { createWooCommerce } from '../../../server/integrations/woocommerce/index.ts'
import { checkParametersSchema } from '../../../server/tools/catalogue/parameters-schema.ts'
import {
  HOST,
  KEYS,
  startStandInWoo,
  USUAL_SITE,
  type StandInWoo,
} from '../../support/stand-in-woocommerce.ts'
import { wooOrder, wooProduct, wooVariation } from '../../support/woocommerce/records.ts'
import { askKind, dataOf, failureIn, faultIn } from '../shop/asking.ts'

const { signal } = new AbortController()

describe('A shop of WooCommerce', () => {
  let standIn: StandInWoo
  let woo: ReturnType<typeof createWooCommerce>
  let clock = 1_000_000
  let version = 0
  before(async () => {
    standIn = await startStandInWoo(() => clock)
    woo = createWooCommerce({ outbound: standIn.outbound, allow: [], now: () => clock })
  })
  after(() => standIn.close())
  beforeEach(() => {
    version++
    standIn.received.length = 0
    standIn.instead.length = 0
    standIn.bucket.requests = 1_000
    Object.assign(standIn.site, USUAL_SITE)
    standIn.shop.products = [
      wooProduct(11, 'Rain jacket'),
      wooProduct(12, 'Rain trousers', { status: 'draft' }),
      wooProduct(13, 'Rain hat', { catalog_visibility: 'hidden' }),
      wooProduct(14, 'Rain gloves', { post_password: 'friends' }),
    ]
    standIn.shop.orders = [
      wooOrder(1001),
      wooOrder(1003),
      wooOrder(1002, {
        customer_id: 8,
        billing: { first_name: 'Noa', email: 'Noa@example.com', address_1: '1001 Dana street' },
      }),
      wooOrder(1004, { customer_id: 0, billing: { email: 'dana@example.com' } }),
    ]
  })

  type Connected = Connection<WooConfig, WooCredentials>
  const connect = (
    changes: { config?: Partial<WooConfig>; credentials?: WooCredentials } = {},
  ): Connected => ({
    ...{ id: 'integration-1', version },
    config: { url: `https://${HOST}`, user_ids: 'customer_id', ...changes.config },
    credentials: changes.credentials ?? KEYS,
  })
  const ask = (
    name: string,
    given: Record<string, unknown> = {},
    { user = null as string | null, connection = connect() } = {},
  ) => askKind(woo, connection, { name, given, user })
  const asked = (route: string) => standIn.received.filter(({ url }) => url.pathname.endsWith(route))

  describe('is asked', () => {
    it('with its keys as Basic authentication, and for no more than is told', async () => {
      dataOf(await ask('search_products', { query: 'rain' }))
      const [{ headers, url } = assert.fail()] = asked('/products')
      const basic = Buffer.from(`${KEYS.consumer_key}:${KEYS.consumer_secret}`).toString('base64')
      assert.equal(headers.authorization, `Basic ${basic}`)
      assert.doesNotMatch(url.href, /ck_\d|cs_f/)
      assert.doesNotMatch(url.searchParams.get('_fields') ?? '', /note|meta|shipping/)
    })

    it('over https, at an address that may be reached', () => {
      const fault = (url: string) => woo.faultOf({ url }, null)
      assert.equal(fault('https://acme.example/shop/'), null)
      assert.match(fault('http://acme.example') ?? '', /https/)
      for (const url of [
        'acme.example',
        'https://u:p@acme.example',
        'https://127.0.0.1',
        'https://[::1]',
        'ftp://a.b',
      ])
        assert.notEqual(fault(url), null, url)
      assert.match(fault('https://acme.example/?rest_route=/x') ?? '', /without/)
    })

    it('with keys that another folder of the same host is not told', () => {
      assert.equal(woo.homeOf({ url: 'https://acme.example/shop/' }), 'https://acme.example/shop')
      assert.notEqual(
        woo.homeOf({ url: 'https://acme.example/a' }),
        woo.homeOf({ url: 'https://acme.example/b' }),
      )
    })

    it('under functions that every vendor takes, orders only where ids are settled', () => {
      const names = (config: WooConfig) => woo.functions(config, []).map(({ name }) => name)
      const url = `https://${HOST}`
      assert.deepEqual(names({ url }), ['search_products', 'get_product'])
      assert.deepEqual(names({ url, user_ids: 'email' }).slice(2), ['list_orders', 'get_order'])
      for (const fn of woo.functions({ url, user_ids: 'email' }, [])) {
        assert.ok(checkParametersSchema(fn.parameters).ok)
        assert.equal(fn.personal, fn.name.includes('order'))
      }
    })
  })

  describe('lets visitors search', () => {
    it('finds what everybody may see: no drafts, nothing hidden or behind a password', async () => {
      const { products, next } = dataOf(await ask('search_products', { query: 'rain' }))
      assert.deepEqual(products, [
        {
          product: '11',
          name: 'Rain jacket',
          price: { amount: '19.90', currency: 'ILS' },
          in_stock: true,
          url: 'https://acme.example/product/11/',
        },
      ])
      assert.equal(next, undefined)
    })

    it('takes what means something to WordPress for words', async () => {
      standIn.shop.products = [wooProduct(11, 'Rain jacket'), wooProduct(15, 'Sun hat')]
      const found = async (query: string) => {
        const { products } = dataOf(await ask('search_products', { query }))
        return products.map(({ product }) => product)
      }
      assert.deepEqual(await found('-rain'), ['11'])
      assert.deepEqual(await found('"rain" --jacket'), ['11'])
      assert.deepEqual(await found('rain&status=draft&orderby=rand'), [])
      assert.deepEqual(await found("rain' OR 1=1 --"), [])
      assert.deepEqual(await found('1&sku=SKU-11'), [])
      assert.deepEqual(await found('rain#/../../users'), [])
      const queries = asked('/products').map(({ url }) => [...url.searchParams.keys()].sort().join())
      assert.deepEqual(
        [...new Set(queries)],
        ['_fields,page,per_page,search,status', '_fields,page,per_page,sku,status'],
      )
    })

    it('has no argument for order, status or fields', async () => {
      for (const more of [
        { orderby: 'rand' },
        { status: 'draft' },
        { _fields: 'meta_data' },
        { per_page: 100 },
      ])
        assert.match(faultIn(await ask('search_products', { query: 'rain', ...more })), /may not have/)
      assert.equal(standIn.received.length, 0)
    })

    it('finds Hebrew names', async () => {
      standIn.shop.products.push(wooProduct(16, 'מעיל גשם &amp; מטרייה'))
      const { products } = dataOf(await ask('search_products', { query: 'מעיל גשם' }))
      assert.deepEqual(
        products.map(({ name }) => name),
        ['מעיל גשם & מטרייה'],
      )
    })

    it('looks for an article number where no name fits', async () => {
      const { products } = dataOf(await ask('search_products', { query: 'SKU-11' }))
      assert.deepEqual(
        products.map(({ product }) => product),
        ['11'],
      )
      const drafts = dataOf(await ask('search_products', { query: 'SKU-12' }))
      assert.deepEqual(drafts.products, [])
    })

    it('goes on after where an answer ended, however the site tells its pages', async () => {
      standIn.shop.products = Array.from({ length: 16 }, (_, index) =>
        wooProduct(100 + index, `Tent ${index}`),
      )
      for (const totals of ['header', 'link'] as const) {
        standIn.site.totals = totals
        const seen: string[] = []
        for (let after: string | undefined = '1'; after !== undefined;) {
          const page = dataOf(await ask('search_products', { query: 'tent', after }))
          seen.push(...page.products.map(({ product }) => product))
          after = page.next
        }
        assert.deepEqual(
          seen,
          standIn.shop.products.map(({ id }) => String(id)),
          totals,
        )
      }
      assert.equal(asked('/products').length, 4)
    })

    it('begins anew where a page is made up', async () => {
      for (const after of ['0', '-1', '1&status=draft', '99999999', 'x'])
        assert.equal(dataOf(await ask('search_products', { query: 'rain', after })).products.length, 1, after)
    })
  })

  describe('tells of a product', () => {
    it('each variation, what it costs and how many are left', async () => {
      standIn.shop.products[0] = wooProduct(11, 'Rain jacket', {
        type: 'variable',
        price: '25',
        attributes: [{ name: 'Size', options: ['S', 'M'] }],
        variations: [
          wooVariation(111),
          wooVariation(112, { on_sale: false, price: '30', stock_status: 'outofstock', stock_quantity: 0 }),
          wooVariation(113, { status: 'private' }),
        ],
      })
      const product = dataOf(await ask('get_product', { product: '11' }))
      assert.equal(product['description'], 'Made for long walks.')
      assert.deepEqual(product['price_from'], { amount: '25.00', currency: 'ILS' })
      assert.deepEqual(product.variants, [
        {
          options: { Size: 'M' },
          sku: 'V-111',
          price: { amount: '25.00', currency: 'ILS' },
          price_before: { amount: '30.00', currency: 'ILS' },
          can_be_bought: true,
          quantity_left: 4,
        },
        {
          options: { Size: 'M' },
          sku: 'V-112',
          price: { amount: '30.00', currency: 'ILS' },
          price_before: null,
          can_be_bought: false,
          quantity_left: 0,
        },
      ])
      assert.doesNotMatch(JSON.stringify(product), /Internal/)
    })

    it('page by page where it has many variations', async () => {
      const variations = Array.from({ length: 60 }, (_, index) => wooVariation(200 + index))
      standIn.shop.products[0] = wooProduct(11, 'Rain jacket', { type: 'variable', variations })
      const first = dataOf(await ask('get_product', { product: '11' }))
      assert.deepEqual([first.variants.length, first.next], [25, '2'])
      const second = dataOf(await ask('get_product', { product: '11', after: '2' }))
      assert.equal(second.variants[0]?.sku, 'V-225')
    })

    it('nothing where nobody may see it, or it is not there', async () => {
      for (const product of ['12', '13', '14', '99']) {
        const failure = failureIn(await ask('get_product', { product }))
        assert.deepEqual(
          [failure.problem, failure.message],
          ['not_found', 'There is no such product in the shop.'],
        )
      }
      for (const product of ['11/../12', '11?status=any', '../orders', ''])
        assert.match(faultIn(await ask('get_product', { product })), /product/)
    })

    it('in the shop’s own currency, which is asked for once', async () => {
      standIn.site.currency = 'KWD'
      const connection = connect()
      for (const product of ['11', '11']) {
        const told = dataOf(await ask('get_product', { product }, { connection }))
        assert.deepEqual(told['price'], { amount: '19.900', currency: 'KWD' })
      }
      assert.equal(asked('/currencies/current').length, 1)
    })

    it('without a currency where the shop does not tell it', async () => {
      standIn.site.currency = null
      const { products } = dataOf(await ask('search_products', { query: 'jacket' }))
      assert.deepEqual(products[0]?.price, { amount: '19.90', currency: null })
    })
  })

  describe('tells of orders', () => {
    it('to whom they belong, by the proved id alone, and nothing that was written on them', async () => {
      const order = dataOf(await ask('get_order', { order: '#1001' }, { user: '7' }))
      assert.deepEqual(order, {
        order: '1001',
        status: 'processing',
        placed_at: '2026-11-02T08:15:00Z',
        paid_at: '2026-11-02T08:16:00Z',
        completed_at: null,
        total: { amount: '149.00', currency: 'ILS' },
        items: [{ name: 'Tent – Green', quantity: 1 }],
        has_more_items: false,
        shipments: [],
      })
    })

    it('not to others', async () => {
      for (const order of [
        '1002',
        '1004',
        '1002 OR 1001',
        '1002&customer=8',
        'noa@example.com',
        '"1002"',
        '*',
      ]) {
        const { problem } = failureIn(await ask('get_order', { order }, { user: '7' }))
        assert.ok(problem === 'not_found' || problem === 'refused', order)
      }
      const { orders } = dataOf(await ask('list_orders', {}, { user: '7' }))
      assert.deepEqual(
        orders.map(({ order }) => order),
        ['1001', '1003'],
      )
      assert.ok(asked('/orders').every(({ url }) => url.searchParams.get('customer') === '7'))
    })

    it('not to others either where the shop heeds no filter', async () => {
      const lying = { status: 200, body: standIn.shop.orders }
      standIn.instead = [lying, lying]
      assert.equal(failureIn(await ask('get_order', { order: '1002' }, { user: '7' })).problem, 'not_found')
      standIn.instead = [lying]
      const { orders } = dataOf(await ask('list_orders', {}, { user: '8' }))
      assert.deepEqual(
        orders.map(({ order }) => order),
        ['1002'],
      )
    })

    it('to nobody for whom nobody vouched: guests least of all', async () => {
      for (const user of [null, '', '0', '-1', '07', '7 ', '1e1', 'dana@example.com', '７'])
        if (user !== '7 ')
          assert.equal(failureIn(await ask('get_order', { order: '1004' }, { user })).problem, 'not_found')
      assert.equal(standIn.received.length, 0)
      for (const more of [{ email: 'noa@example.com' }, { customer: 8 }])
        assert.match(
          faultIn(await ask('get_order', { order: '1002', ...more }, { user: '7' })),
          /may not have/,
        )
    })

    it('by e-mail where the business says that its ids are such, of guests too', async () => {
      const connection = connect({ config: { user_ids: 'email' } })
      const by = (user: string, order: string) => ask('get_order', { order }, { user, connection })
      assert.equal(dataOf(await by('Dana@Example.com', '1004'))['order'], '1004')
      assert.equal(dataOf(await by('noa@example.com', '1002'))['order'], '1002')
      assert.equal(failureIn(await by('noa@example.com', '1001')).problem, 'not_found')
      assert.equal(failureIn(await by('8', '1002')).problem, 'not_found')
      const { orders } = dataOf(await ask('list_orders', {}, { user: 'dana@example.com', connection }))
      assert.deepEqual(
        orders.map(({ order }) => order),
        ['1001', '1003', '1004'],
      )
    })

    it('by the numbers that a plugin gives them', async () => {
      standIn.shop.orders = [wooOrder(5001, { number: 'A-17' }), wooOrder(17, { number: '5001' })]
      assert.equal(dataOf(await ask('get_order', { order: 'a-17' }, { user: '7' }))['order'], 'A-17')
      assert.equal(dataOf(await ask('get_order', { order: '5001' }, { user: '7' }))['order'], '5001')
      assert.equal(failureIn(await ask('get_order', { order: '17' }, { user: '7' })).problem, 'not_found')
    })

    it('leaves out what was thrown away', async () => {
      standIn.shop.orders = [wooOrder(1, { status: 'trash' }), wooOrder(2, { status: 'checkout-draft' })]
      assert.deepEqual(dataOf(await ask('list_orders', {}, { user: '7' })).orders, [])
      assert.equal(failureIn(await ask('get_order', { order: '1' }, { user: '7' })).problem, 'not_found')
    })

    it('says how to follow a parcel, where an extension keeps that', async () => {
      const value = [
        { tracking_provider: 'Israel Post', tracking_number: 'RR123', date_shipped: '1793000000' },
        null,
        7,
      ]
      standIn.shop.orders = [wooOrder(1001, { meta_data: [{ key: '_wc_shipment_tracking_items', value }] })]
      const { shipments } = dataOf(await ask('get_order', { order: '1001' }, { user: '7' }))
      const nothing = { carrier: null, number: null, url: null, shipped_at: null }
      assert.deepEqual(shipments, [
        { carrier: 'Israel Post', number: 'RR123', url: null, shipped_at: '2026-10-26T07:33:20.000Z' },
        nothing,
        nothing,
      ])
    })
  })

  describe('whose host is busy', () => {
    it('says for how long to leave it alone', async () => {
      standIn.bucket.requests = 0
      const failure = failureIn(await ask('list_orders', {}, { user: '7' }))
      assert.deepEqual([failure.problem, failure.retryAfter], ['throttled', 1_000])
      clock += 1_000
      dataOf(await ask('list_orders', {}, { user: '7' }))
    })

    it('is taken at its word with 503, too', async () => {
      standIn.instead = [{ status: 503, headers: { 'retry-after': '30' }, body: '<h1>Maintenance</h1>' }]
      const failure = failureIn(await ask('list_orders', {}, { user: '7' }))
      assert.deepEqual([failure.problem, failure.retryAfter], ['throttled', 30_000])
    })
  })

  describe('that cannot answer', () => {
    const answers: [string, number, unknown, string][] = [
      ['no such route', 404, { code: 'rest_no_route', message: 'x', data: { status: 404 } }, 'failing'],
      ['a page that is not there', 404, '<!doctype html>', 'failing'],
      ['a wrong secret', 401, { code: 'woocommerce_rest_authentication_error' }, 'unauthorized'],
      ['a key that nobody knows', 401, { code: 'woocommerce_rest_cannot_view' }, 'unauthorized'],
      ['a user who may not', 403, { code: 'woocommerce_rest_cannot_view' }, 'forbidden'],
      ['a firewall', 403, '<html>Access denied by a firewall</html>', 'forbidden'],
      ['a wrong parameter', 400, { code: 'rest_invalid_param' }, 'rejected'],
      [
        'a critical error',
        500,
        { code: 'internal_server_error', message: '<p>There has been…</p>' },
        'failing',
      ],
      ['a server that is down', 502, '', 'unavailable'],
      [
        'a warning of PHP before the JSON',
        200,
        '<br />\n<b>Warning</b>: x in y on line 1<br />[]',
        'unreadable',
      ],
      ['another form of answer', 200, { orders: [] }, 'unreadable'],
      ['records of another form', 200, [{ id: 'x' }], 'unreadable'],
      ['null', 200, null, 'unreadable'],
      ['a redirect', 301, '', 'unreadable'],
      ['more than anybody reads', 200, ['x'.repeat(600_000)], 'too_large'],
    ]
    for (const [what, status, body, problem] of answers)
      it(`is understood: ${what}`, async () => {
        standIn.instead = [{ status, body }]
        const failure = failureIn(await ask('list_orders', {}, { user: '7' }))
        assert.equal(failure.problem, problem)
        assert.doesNotMatch(JSON.stringify(failure), /ck_|cs_|Basic|There has been|firewall/)
      })

    it('is given up when time is up, and left when the turn is', async () => {
      standIn.instead = [null, null]
      const asking = { name: 'list_orders', given: {}, user: '7' }
      assert.equal(failureIn(await askKind(woo, connect(), { ...asking, timeLeft: 200 })).problem, 'timeout')
      const broken = new AbortController()
      const fn = woo.functions(connect().config, []).find(({ name }) => name === 'list_orders')!
      const running = woo.fetch(
        connect(),
        { fn, given: {}, user: '7', key: 'k', timeLeft: 20_000 },
        broken.signal,
      )
      broken.abort(new Error('broken off'))
      await assert.rejects(running, /broken off/)
    })
  })

  describe('that is tried', () => {
    const verdict = (connection = connect()) => woo.test(connection, signal)

    it('works, and is not told the key before it looks like a shop', async () => {
      assert.deepEqual(await verdict(), {
        ok: true,
        message: 'It works: WooCommerce answers, and lets the key read.',
      })
      assert.equal(standIn.received[0]?.headers.authorization, undefined)
      standIn.site.woocommerce = false
      standIn.received.length = 0
      assert.match((await verdict()).message, /WooCommerce is not active/)
      assert.ok(standIn.received.every(({ headers }) => headers.authorization === undefined))
    })

    it('says that permalinks are plain, and works with them once that is known', async () => {
      standIn.site.permalinks = 'plain'
      assert.match((await verdict()).message, /plain permalinks/)
      const plain = connect({ config: { plain_permalinks: true } })
      assert.equal((await verdict(plain)).ok, true)
      assert.equal(
        dataOf(await ask('search_products', { query: 'rain' }, { connection: plain })).products.length,
        1,
      )
      standIn.site.authenticatesPlain = false
      assert.match((await verdict(plain)).message, /does not know the consumer key/)
    })

    it('works in a folder of its host', async () => {
      standIn.site.folder = '/en/shop'
      const url = `https://${HOST}/en/shop/`
      assert.equal((await verdict(connect({ config: { url } }))).ok, true)
      standIn.site.permalinks = 'plain'
      const connection = connect({ config: { url, plain_permalinks: true } })
      assert.equal((await verdict(connection)).ok, true)
      assert.equal(dataOf(await ask('get_product', { product: '11' }, { connection }))['product'], '11')
    })

    it('tells a wrong key, a wrong secret, a key that only writes and a user who may not apart', async () => {
      const tried = async (credentials: WooCredentials) => (await verdict(connect({ credentials }))).message
      assert.match(await tried({ ...KEYS, consumer_key: 'ck_other' }), /does not know the consumer key/)
      assert.match(await tried({ ...KEYS, consumer_secret: 'cs_other' }), /does not take the consumer secret/)
      standIn.site.key = { permissions: 'write', role: 'shop_manager' }
      assert.match((await verdict()).message, /may only write/)
      standIn.site.key = { permissions: 'read', role: 'customer' }
      assert.match((await verdict()).message, /administrator or a shop manager/)
      standIn.site.key = USUAL_SITE.key
      standIn.site.dropsAuthorization = true
      assert.match((await verdict()).message, /drops the Authorization header/)
    })

    it('tells a wrong address', async () => {
      const at = async (url: string) => (await verdict(connect({ config: { url } }))).message
      assert.match(await at('https://other.example'), /cannot be reached/)
      assert.match(await at(`https://${HOST}/blog`), /No WordPress answers there/)
      assert.match((await verdict({ ...connect(), credentials: null })).message, /No credentials/)
      standIn.instead = [{ status: 301, headers: { location: 'https://www.acme.example/' }, body: '' }]
      assert.match((await verdict()).message, /redirects to another address/)
    })

    it('says so where plain permalinks were only believed in', async () => {
      standIn.instead = [{ status: 200, body: '<!doctype html>' }]
      assert.match(
        (await verdict(connect({ config: { plain_permalinks: true } }))).message,
        /no plain permalinks/,
      )
    })
  })
})
