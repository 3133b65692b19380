import assert from 'node:assert/strict'
import { parse, validate } from 'graphql'
import type { Connection } from '../../../server/integrations/kind.ts'
import * as documents from '../../../server/integrations/shopify/documents.ts'
import { createShopify } from '../../../server/integrations/shopify/index.ts'
import type { ShopifyConfig, ShopifyCredentials } from '../../../server/integrations/shopify/connection.ts'
import { checkParametersSchema } from '../../../server/tools/catalogue/parameters-schema.ts'
import { oneOrder, oneProduct } from '../../support/shopify/records.ts'
import { ADMIN_SCHEMA } from '../../support/shopify/schema.ts'
import { APP, SHOP, startStandInShopify, TOKEN, type StandInShopify } from '../../support/stand-in-shopify.ts'
import { askKind, dataOf, failureIn, faultIn } from '../shop/asking.ts'

const { signal } = new AbortController()

describe('A shop of Shopify', () => {
  let standIn: StandInShopify
  let shopify: ReturnType<typeof createShopify>
  let clock = 1_000_000
  before(async () => {
    standIn = await startStandInShopify(() => clock)
    shopify = kindOf()
  })
  after(() => standIn.close())
  beforeEach(() => {
    standIn.received.length = 0
    standIn.instead.length = 0
    standIn.leave(2_000)
    standIn.scopes = [
      'read_products',
      'read_legal_policies',
      'read_orders',
      'read_customers',
      'read_all_orders',
    ]
    standIn.tokens = new Set([TOKEN])
    standIn.shop.products = [
      oneProduct({ id: '11', title: 'Rain jacket' }),
      oneProduct({ id: '12', title: 'Rain trousers', status: 'DRAFT' }),
      oneProduct({ id: '13', title: 'Rain hat', publishedAt: null }),
    ]
    standIn.shop.customers = [
      {
        id: '7001',
        email: 'dana@example.com',
        orders: [oneOrder({ name: '#1001' }), oneOrder({ name: '#1003' })],
      },
      { id: '7002', email: 'noa@example.com', orders: [oneOrder({ name: '#1002', total: '77.5' })] },
    ]
    standIn.shop.policies = []
  })

  const kindOf = () => createShopify({ outbound: standIn.outbound, allow: [], now: () => clock })
  type Connected = Connection<ShopifyConfig, ShopifyCredentials>
  const connect = (
    changes: { config?: Partial<ShopifyConfig>; credentials?: ShopifyCredentials } = {},
  ): Connected => ({
    id: 'integration-1',
    version: 1,
    config: { shop: SHOP, user_ids: 'customer_id' as const, ...changes.config },
    credentials: changes.credentials ?? { access_token: TOKEN },
  })
  const ask = (
    name: string,
    given: Record<string, unknown> = {},
    { user = null as string | null, connection = connect(), kind = shopify } = {},
  ) => askKind(kind, connection, { name, given, user })

  describe('is asked', () => {
    it('with documents that fit what Shopify documents', () => {
      for (const document of Object.values(documents).filter((one) => one.includes('query ')))
        assert.deepEqual(validate(ADMIN_SCHEMA, parse(document)), [])
    })

    it('for nothing that customers wrote, or that tells where they live', () => {
      const asked = Object.values(documents).join(' ')
      assert.doesNotMatch(
        asked,
        /\b(?:email|phone|note|address\w*|firstName|statusPageUrl|customAttributes)\b/i,
      )
    })

    it('under functions that every vendor takes', () => {
      for (const { parameters } of shopify.functions({ shop: SHOP, user_ids: 'email' }, []))
        assert.ok(checkParametersSchema(parameters).ok)
    })

    it('with its token in the header that is Shopify’s, at the shop alone', async () => {
      dataOf(await ask('search_products', { query: 'rain' }))
      const [{ host, url, headers } = assert.fail()] = standIn.received
      assert.deepEqual([host, url.pathname], [SHOP, '/admin/api/2026-10/graphql.json'])
      assert.equal(headers['x-shopify-access-token'], TOKEN)
    })

    it('nowhere else: what is no domain of Shopify’s is refused before anything is kept or sent', () => {
      const kind = shopify
      const hostile = [
        'acme.example',
        'acme.myshopify.com.evil.example',
        'evil.example/acme.myshopify.com',
        'evil.example#.myshopify.com',
        'evil.example?.myshopify.com',
        'user@acme.myshopify.com',
        'acme.myshopify.com:8443',
        'acme.myshopify.com\n',
        'ACME.myshopify.com',
        '-.myshopify.com',
        '.myshopify.com',
        'a.b.myshopify.com',
        '127.0.0.1',
      ]
      for (const shop of hostile) {
        assert.match(kind.faultOf({ shop }, null) ?? '', /^shop must be/, shop)
        assert.throws(() => kind.homeOf({ shop }), shop)
      }
      assert.equal(kind.faultOf({ shop: SHOP }, { access_token: TOKEN }), null)
      assert.equal(kind.homeOf({ shop: SHOP }), `https://${SHOP}`)
    })

    it('with one kind of credentials, whole', () => {
      const fault = (credentials: ShopifyCredentials) => shopify.faultOf({ shop: SHOP }, credentials)
      assert.match(fault({}) ?? '', /Enter access_token, or both/)
      assert.match(fault({ client_id: 'a' }) ?? '', /Enter access_token, or both/)
      assert.match(fault({ ...APP, access_token: TOKEN }) ?? '', /either/)
      assert.match(fault({ access_token: 'a\r\nx-evil: 1' }) ?? '', /characters/)
      assert.equal(fault(APP), null)
    })
  })

  describe('lets visitors search', () => {
    it('finds what is for sale: no drafts, nothing unpublished', async () => {
      const { products, next } = dataOf(await ask('search_products', { query: 'rain' }))
      assert.deepEqual(products, [
        {
          product: '11',
          name: 'Rain jacket',
          price_from: { amount: '19.90', currency: 'ILS' },
          price_to: { amount: '19.90', currency: 'ILS' },
          in_stock: true,
          url: 'https://acme.example/products/11',
        },
      ])
      assert.equal(next, undefined)
    })

    it('takes search syntax for words, whatever is tried with it', async () => {
      const hostile = [
        'rain OR status:draft',
        'rain) OR (status:draft',
        '"rain" OR status:draft OR "',
        "rain' OR published_status:any OR '",
        'rain\\" OR status:draft OR \\"',
        'rain\\',
        'status:draft',
        '-jacket',
        'NOT jacket',
        '* OR *',
        'rain"}) { nodes { id } } shop { name } #',
        'rain\u201D OR status:draft \u201C',
        '\u0000rain" OR status:draft "',
      ]
      for (const query of hostile) {
        const { products } = dataOf(await ask('search_products', { query }))
        assert.deepEqual(
          products.filter(({ product }) => product !== '11'),
          [],
          query,
        )
      }
      const sent = standIn.received.map(
        ({ text }) => JSON.parse(text) as { query: string; variables: { query: string } },
      )
      assert.equal(new Set(sent.map(({ query }) => query)).size, 1)
      const onlyWords = /^status:active AND published_status:published AND \("[^"\\]+"(?: AND "[^"\\]+")*\)$/
      for (const { variables } of sent) assert.match(variables.query, onlyWords)
    })

    it('finds Hebrew names, with quotes in them', async () => {
      standIn.shop.products.push(oneProduct({ id: '14', title: 'מעיל גשם לגברים 100 ס"מ' }))
      for (const query of ['מעיל', 'מעיל גשם', 'ס"מ']) {
        const { products } = dataOf(await ask('search_products', { query }))
        assert.deepEqual(
          products.map(({ name }) => name),
          ['מעיל גשם לגברים 100 ס"מ'],
          query,
        )
      }
    })

    it('asks nothing where there is no word', async () => {
      for (const query of ['"', ' \\ ', '***', '\u200B'])
        assert.equal(failureIn(await ask('search_products', { query })).problem, 'refused')
      assert.equal(standIn.received.length, 0)
    })

    it('goes on after where an answer ended', async () => {
      standIn.shop.products = Array.from({ length: 20 }, (_, index) =>
        oneProduct({ id: String(100 + index), title: `Tent ${index}` }),
      )
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = dataOf(await ask('search_products', { query: 'tent', ...(after ? { after } : {}) }))
        seen.push(...page.products.map(({ product }) => product))
        after = page.next
      } while (after !== undefined)
      assert.deepEqual(
        seen,
        standIn.shop.products.map(({ id }) => id),
      )
      assert.equal(standIn.received.length, 3)
    })

    it('says so where a cursor is made up', async () => {
      const failure = failureIn(await ask('search_products', { query: 'rain', after: 'made-up' }))
      assert.deepEqual(
        [failure.problem, failure.message],
        ['rejected', 'Shopify does not take the question.'],
      )
    })
  })

  describe('tells of a product', () => {
    it('each variant, what it costs and how many are left', async () => {
      standIn.shop.products[0]!.variants = [
        {
          sku: 'RJ-S',
          price: '120.0',
          compareAtPrice: '150.0',
          quantity: 0,
          tracked: true,
          options: [['Size', 'S']],
        },
        {
          sku: 'RJ-M',
          price: '120.5',
          compareAtPrice: null,
          quantity: 9,
          tracked: false,
          options: [['Size', 'M']],
        },
      ]
      const product = dataOf(await ask('get_product', { product: '11' }))
      assert.deepEqual(product['variants'], [
        {
          options: { Size: 'S' },
          sku: 'RJ-S',
          price: { amount: '120.00', currency: 'ILS' },
          price_before: { amount: '150.00', currency: 'ILS' },
          can_be_bought: false,
          quantity_left: 0,
        },
        {
          options: { Size: 'M' },
          sku: 'RJ-M',
          price: { amount: '120.50', currency: 'ILS' },
          price_before: null,
          can_be_bought: true,
          quantity_left: null,
        },
      ])
      assert.deepEqual(
        [product['name'], product['description'], product['brand']],
        ['Rain jacket', 'Made for long walks.', 'Acme'],
      )
    })

    it('nothing where it is not for sale, or not there', async () => {
      for (const product of ['12', '13', '99'])
        assert.equal(failureIn(await ask('get_product', { product })).problem, 'not_found')
    })

    it('takes numbers alone for products', async () => {
      for (const product of ['11"', '11/../12', 'gid://shopify/Product/11', '1'.repeat(21), ''])
        assert.equal(typeof (await ask('get_product', { product })), 'string', product)
      assert.equal(standIn.received.length, 0)
    })

    it('page by page where it has hundreds of variants', async () => {
      standIn.shop.products[0]!.variants = Array.from({ length: 60 }, (_, index) => ({
        ...{ sku: `S${index}`, price: '5.0', compareAtPrice: null, quantity: 1, tracked: true },
        options: [['Colour', `c${index}`]] as [string, string][],
      }))
      const first = dataOf(await ask('get_product', { product: '11' }))
      assert.equal(first.variants.length, 25)
      assert.ok(JSON.stringify(first).length < 8_000)
      const second = dataOf(await ask('get_product', { product: '11', after: first.next }))
      assert.equal(second.variants[0]?.sku, 'S25')
    })
  })

  describe('tells of orders', () => {
    it('to whom they belong, by the proved id alone', async () => {
      const order = dataOf(await ask('get_order', { order: '1001' }, { user: '7001' }))
      assert.deepEqual(order, {
        order: '#1001',
        placed_at: '2026-11-02T08:15:00Z',
        payment: 'paid',
        delivery: 'unfulfilled',
        cancelled_at: null,
        total: { amount: '149.00', currency: 'ILS' },
        items: [{ name: 'Tent', variant: 'Green', quantity: 1 }],
        has_more_items: false,
        shipments: [],
      })
    })

    it('not to others, by whatever number or words', async () => {
      for (const order of ['1002', '#1002', '1002 OR 1001', '" OR name:1002 OR "', '* ', 'noa@example.com']) {
        const { problem } = failureIn(await ask('get_order', { order }, { user: '7001' }))
        assert.ok(problem === 'not_found' || problem === 'refused', order)
      }
      const answers = await ask('list_orders', {}, { user: '7001' })
      assert.deepEqual(
        dataOf(answers)['orders'].map(({ order }) => order),
        ['#1001', '#1003'],
      )
    })

    it('has no argument that could say whose', async () => {
      for (const more of [{ email: 'noa@example.com' }, { customer: '7002' }, { user_id: '7002' }]) {
        assert.match(
          faultIn(await ask('get_order', { order: '1002', ...more }, { user: '7001' })),
          /may not have/,
        )
        assert.match(faultIn(await ask('list_orders', more, { user: '7001' })), /may not have/)
      }
    })

    it('asks nothing for whom nobody vouched, or who cannot be a customer', async () => {
      for (const user of [
        null,
        '',
        '0',
        '-1',
        '7001 OR 1',
        'dana@example.com',
        'gid://shopify/Customer/7001',
        '１２',
      ])
        assert.equal(
          failureIn(await ask('get_order', { order: '1001' }, { user })).problem,
          'not_found',
          String(user),
        )
      assert.equal(standIn.received.length, 0)
    })

    it('goes by e-mail where the business says that its ids are such', async () => {
      const connection = connect({ config: { user_ids: 'email' } })
      const by = (user: string) => ask('get_order', { order: '#1002' }, { user, connection })
      assert.equal(dataOf(await by('Noa@Example.com'))['order'], '#1002')
      assert.equal(
        failureIn(await by('dana@example.com')).message,
        'This visitor has no order with that number.',
      )
      assert.equal(failureIn(await by('7002')).problem, 'not_found')
      assert.equal(failureIn(await by('nobody@example.com')).message.includes('no customer'), true)
    })

    it('not at all where nobody has said what ids are', () => {
      const names = shopify.functions({ shop: SHOP }, []).map(({ name }) => name)
      assert.deepEqual(names, ['search_products', 'get_product', 'get_policy'])
      const personal = shopify.functions(connect().config, []).filter((fn) => fn.personal)
      assert.deepEqual(
        personal.map(({ name }) => name),
        ['list_orders', 'get_order'],
      )
    })

    it('takes a number for one order, not for all in which it stands', async () => {
      standIn.shop.customers[0]!.orders = ['#11001', '#1001-A', '#1001'].map((name) => oneOrder({ name }))
      assert.equal(dataOf(await ask('get_order', { order: ' #1001 ' }, { user: '7001' }))['order'], '#1001')
      assert.equal(dataOf(await ask('get_order', { order: '1001-a' }, { user: '7001' }))['order'], '#1001-A')
      assert.equal(failureIn(await ask('get_order', { order: '100' }, { user: '7001' })).problem, 'not_found')
    })

    it('says how to follow a parcel, in whatever currency it was paid', async () => {
      const shipped = {
        ...{ state: 'OUT_FOR_DELIVERY', at: '2026-11-03T10:00:00Z', company: 'Israel Post', number: 'RR123' },
        url: 'https://post.example/RR123',
      }
      standIn.shop.customers[0]!.orders = [
        oneOrder({ name: '#1001', total: '14900', currency: 'JPY', shipped }),
      ]
      const order = dataOf(await ask('get_order', { order: '1001' }, { user: '7001' }))
      assert.deepEqual(order['total'], { amount: '14900', currency: 'JPY' })
      assert.deepEqual(order['shipments'], [
        {
          state: 'out for delivery',
          shipped_at: shipped.at,
          expected_at: null,
          delivered_at: null,
          tracking: [{ carrier: 'Israel Post', number: 'RR123', url: shipped.url }],
        },
      ])
    })
  })

  describe('tells its rules', () => {
    it('as plain text, and no more of it than a model reads', async () => {
      const body = `<style>p{}</style><h2>Returns</h2><p>Within <b>30</b> days.</p><script>x()</script>${'<p>Fine print.</p>'.repeat(8_000)}`
      standIn.shop.policies = [{ type: 'REFUND_POLICY', title: 'Refund policy', body }]
      const policy = dataOf(await ask('get_policy', { policy: 'returns' }))
      assert.match(policy.text, /^Returns\nWithin 30 days\.\nFine print\./)
      assert.equal(policy.text.length <= 6_000, true)
      assert.equal(failureIn(await ask('get_policy', { policy: 'shipping' })).problem, 'not_found')
    })
  })

  describe('that is busy', () => {
    it('says for how long to leave it alone', async () => {
      standIn.leave(20)
      const failure = failureIn(await ask('search_products', { query: 'rain' }))
      assert.deepEqual([failure.problem, failure.retryAfter], ['throttled', 500])
      clock += 500
      dataOf(await ask('search_products', { query: 'rain' }))
    })

    it('is taken at its word with 429, too', async () => {
      standIn.instead = [{ status: 429, headers: { 'retry-after': '2.0' }, body: { errors: 'Throttled' } }]
      const failure = failureIn(await ask('search_products', { query: 'rain' }))
      assert.deepEqual([failure.problem, failure.retryAfter], ['throttled', 2_000])
    })
  })

  describe('that cannot answer', () => {
    const answers: [string, number, unknown, string][] = [
      ['a wrong token', 401, { errors: '[API] Invalid API key or access token' }, 'unauthorized'],
      ['a frozen shop', 402, { errors: 'Payment Required' }, 'unavailable'],
      ['a forbidden thing', 403, { errors: 'Unavailable Shop' }, 'forbidden'],
      ['no shop', 404, '<html>Not Found</html>', 'unauthorized'],
      ['a locked shop', 423, { errors: 'Locked' }, 'unavailable'],
      ['a broken server', 500, '<html>oops</html>', 'failing'],
      ['a server that is down', 503, '', 'unavailable'],
      ['a page', 200, '<!doctype html>', 'unreadable'],
      ['another form of answer', 200, { data: { products: 7 } }, 'unreadable'],
      ['nothing', 200, { data: null }, 'unreadable'],
      ['a redirect', 302, '', 'unreadable'],
      [
        'errors of GraphQL',
        200,
        { errors: [{ message: 'x', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
        'failing',
      ],
      ['a question too dear', 200, { errors: [{ extensions: { code: 'MAX_COST_EXCEEDED' } }] }, 'rejected'],
      ['errors of no known form', 200, { errors: 'Something' }, 'rejected'],
      ['null for an error', 200, { errors: [null] }, 'rejected'],
    ]
    for (const [what, status, body, problem] of answers)
      it(`is understood: ${what}`, async () => {
        standIn.instead = [{ status, body }]
        const failure = failureIn(await ask('search_products', { query: 'rain' }))
        assert.equal(failure.problem, problem)
        assert.doesNotMatch(JSON.stringify(failure), /shpat|shpss/)
      })

    it('is given up when time is up, and left when the turn is', async () => {
      standIn.instead = [null, null]
      const kind = shopify
      const asked = { name: 'search_products', given: { query: 'rain' } }
      const late = failureIn(await askKind(kind, connect(), { ...asked, timeLeft: 300 }))
      assert.equal(late.problem, 'timeout')
      const broken = new AbortController()
      const [fn] = kind.functions(connect().config, [])
      const call = { fn: fn!, given: { query: 'rain' }, user: null, key: 'k', timeLeft: 20_000 }
      const running = kind.fetch(connect(), call, broken.signal)
      broken.abort(new Error('broken off'))
      await assert.rejects(running, /broken off/)
    })

    it('is cut off where it answers with more than anybody reads', async () => {
      standIn.instead = [{ status: 200, body: { data: { filler: 'x'.repeat(70_000) } } }]
      assert.equal(failureIn(await ask('search_products', { query: 'rain' })).problem, 'too_large')
    })
  })

  describe('with an app of the Dev Dashboard', () => {
    const connection = connect({ credentials: APP })
    const asks = () => standIn.received.map(({ url }) => url.pathname.split('/').at(-1))

    it('asks for a token once, and again before it ends', async () => {
      const kind = kindOf()
      await ask('search_products', { query: 'rain' }, { connection, kind })
      await ask('search_products', { query: 'rain' }, { connection, kind })
      assert.deepEqual(asks(), ['access_token', 'graphql.json', 'graphql.json'])
      clock += 86_100_000
      dataOf(await ask('search_products', { query: 'rain' }, { connection, kind }))
      assert.equal(asks().at(-2), 'access_token')
    })

    it('asks anew where the token is not taken any more, and only once', async () => {
      const kind = kindOf()
      await ask('search_products', { query: 'rain' }, { connection, kind })
      standIn.tokens.clear()
      dataOf(await ask('search_products', { query: 'rain' }, { connection, kind }))
      assert.deepEqual(asks().slice(2), ['graphql.json', 'access_token', 'graphql.json'])
      standIn.instead = [
        { status: 401, body: {} },
        { status: 401, body: {} },
      ]
      const failure = failureIn(await ask('search_products', { query: 'rain' }, { connection, kind }))
      assert.deepEqual([failure.problem, asks().length], ['unauthorized', 8])
    })

    it('keeps no token of what was connected before', async () => {
      const kind = kindOf()
      await ask('search_products', { query: 'rain' }, { connection, kind })
      await ask('search_products', { query: 'rain' }, { connection: { ...connection, version: 2 }, kind })
      assert.deepEqual(asks().filter((one) => one === 'access_token').length, 2)
    })

    it('says what is wrong with the app', async () => {
      const failing = async (credentials: ShopifyCredentials) =>
        failureIn(await ask('search_products', { query: 'rain' }, { connection: connect({ credentials }) }))
          .message
      assert.match(await failing({ ...APP, client_id: 'other' }), /no app with this client_id/)
      assert.match(
        await failing({ ...APP, client_secret: 'shpss_wrong0000000' }),
        /does not take the client_id/,
      )
    })
  })

  describe('that is tried', () => {
    const verdict = (connection = connect()) => shopify.test(connection, signal)

    it('works, and is told by its name', async () => {
      assert.deepEqual(await verdict(), { ok: true, message: 'It works: Acme Outfitters.' })
    })

    it('names the scopes that are missing, orders’ only where they are offered', async () => {
      standIn.scopes = ['write_products']
      const message =
        'The shop answers, but the app lacks scopes: read_legal_policies, read_orders, read_customers.'
      assert.deepEqual(await verdict(), { ok: false, message })
      const without = await verdict({ ...connect(), config: { shop: SHOP } })
      assert.match(without.message, /lacks scopes: read_legal_policies\.$/)
    })

    it('warns where old orders cannot be seen', async () => {
      standIn.scopes = standIn.scopes.filter((scope) => scope !== 'read_all_orders')
      assert.match((await verdict()).message, /older than 60 days/)
    })

    it('says which scope a question lacked', async () => {
      standIn.scopes = ['read_products']
      const failure = failureIn(await ask('get_order', { order: '1001' }, { user: '7001' }))
      assert.deepEqual(
        [failure.problem, failure.message],
        ['forbidden', 'The app lacks a scope: read_customers.'],
      )
    })

    it('tells a wrong token, a wrong shop and missing credentials apart', async () => {
      assert.match(
        (await verdict(connect({ credentials: { access_token: 'shpat_wrong' } }))).message,
        /access token/,
      )
      const nowhere = await verdict(connect({ config: { shop: 'other.myshopify.com' } }))
      assert.deepEqual([nowhere.ok, nowhere.message], [false, 'It cannot be reached.'])
      const none = await verdict({ ...connect(), credentials: null })
      assert.equal(none.message, 'No credentials are entered for the shop.')
    })
  })
})
